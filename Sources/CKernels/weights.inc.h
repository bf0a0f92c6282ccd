// The gradient of a convolution's weights: for each tap, the sum over pixels of output gradient times
// input. A tile of input channels × output blocks of weights is summed up in registers while the
// pixels go by: for each, one vector a block and one broadcast a channel.
//
// The pixels go in chunks that stay in the first-level cache while all taps and channels pass over
// them. A chunk's sum starts from 0 and is then added to the chunks before, which keeps rounding small;
// every weight is summed in the order (image, chunk, row, column), however the work is shared out.

enum { CHUNK_PIXELS = 128 };

// The pixels of a chunk: output gradients and what they meet at the tap.
typedef struct {
  ptrdiff_t gradient_block, gradient_row, gradient_pixel, source_row, source_pixel;
  int rows, columns;
  ptrdiff_t to_block;  // floats of weights from output block to output block
} weight_chunk;

#define WEIGHT_TILE_PARAMETERS \
  const weight_chunk *c, const float *restrict gradient, const float *restrict source, float *restrict to

INLINE void weight_tile(WEIGHT_TILE_PARAMETERS, const int blocks, const int width) {
  lanes sum[TILE_BLOCKS][TILE];
  UNROLL for (int b = 0; b < blocks; b++)
    UNROLL for (int i = 0; i < width; i++) sum[b][i] = splat(0);
  for (int y = 0; y < c->rows; y++) {
    const float *restrict g = gradient + y * c->gradient_row;
    const float *restrict s = source + y * c->source_row;
    KEEP_ROLLED for (int x = 0; x < c->columns; x++) {
      lanes v[TILE_BLOCKS];
      UNROLL for (int b = 0; b < blocks; b++) v[b] = load(g + b * c->gradient_block);
      UNROLL for (int i = 0; i < width; i++) {
        const lanes from = splat(s[i]);
        UNROLL for (int b = 0; b < blocks; b++) sum[b][i] = from * v[b] + sum[b][i];
      }
      g += c->gradient_pixel;
      s += c->source_pixel;
    }
  }
  UNROLL for (int b = 0; b < blocks; b++)
    UNROLL for (int i = 0; i < width; i++) {
      float *p = to + b * c->to_block + 16 * i;
      store(p, load(p) + sum[b][i]);
    }
}

typedef void (*weight_tile_function)(WEIGHT_TILE_PARAMETERS);

#define DEFINE_WEIGHT_TILE(W, BLOCKS)                              \
  static void weight_tile_##BLOCKS##_##W(WEIGHT_TILE_PARAMETERS) { \
    weight_tile(c, gradient, source, to, BLOCKS, W);               \
  }
#define DEFINE_WEIGHT_TILES(BLOCKS, ...) FOR_EACH_WIDTH(DEFINE_WEIGHT_TILE, BLOCKS)
FOR_1_AND_2(DEFINE_WEIGHT_TILES, )

#define WEIGHT_TILE_ENTRY(W, BLOCKS) [W] = weight_tile_##BLOCKS##_##W,
#define WEIGHT_TILE_ENTRIES(BLOCKS, ...) {FOR_EACH_WIDTH(WEIGHT_TILE_ENTRY, BLOCKS)},
static const weight_tile_function weight_tiles[TILE_BLOCKS][TILE + 1] = {
    FOR_1_AND_2(WEIGHT_TILE_ENTRIES, )};

// What lies side by side in the source at each tap: 16 channels, or a picture's run of taps.
typedef struct {
  const ptrdiff_t *taps;
  int tap_count, depth;
  float *weights;               // of the first output block
  ptrdiff_t tap, input, block;  // floats from tap to tap, input block to input block, and output block
} weight_plan;

// Adds one chunk of one image to some (1 or TILE_BLOCKS) output blocks.
INLINE void add_weight_chunk(const kernel_weight_gradient *w, const weight_plan *plan,
                             const weight_chunk *chunk, const float *gradient, const float *source,
                             int blocks, int input_begin, int input_end) {
  const int input_blocks = (w->channels + KERNEL_BLOCK - 1) / KERNEL_BLOCK;
  for (int i = input_begin; i < input_end; i++) {
    const int rest = w->channels - (input_blocks - 1) * KERNEL_BLOCK;
    const int depth = plan->depth > 0 ? plan->depth : i + 1 < input_blocks ? KERNEL_BLOCK : rest;
    const int strips = (depth + TILE - 1) / TILE;
    for (int t = 0; t < plan->tap_count; t++) {
      const float *from = source + i * w->source.block + plan->taps[t];
      float *to = plan->weights + i * plan->input + t * plan->tap;
      for (int strip = 0; strip < strips; strip++) {
        const int width = depth / strips + (strip < depth % strips);
        weight_tiles[blocks - 1][width](chunk, gradient, from, to);
        from += width;
        to += 16 * width;
      }
    }
  }
}

// The sum of the output gradients, added to the bias of some blocks.
INLINE void add_bias_chunk(const weight_chunk *chunk, const float *gradient, float *bias, int blocks) {
  for (int b = 0; b < blocks; b++) {
    lanes sum = splat(0);
    for (int y = 0; y < chunk->rows; y++)
      for (int x = 0; x < chunk->columns; x++)
        sum += load(gradient + b * chunk->gradient_block + y * chunk->gradient_row +
                    x * chunk->gradient_pixel);
    store(bias + 16 * b, load(bias + 16 * b) + sum);
  }
}

static void sum_weights(const kernel_weight_gradient *w, const weight_plan *plan, int block,
                        int blocks, int input_begin, int input_end) {
  weight_chunk chunk = {w->gradient.block, w->gradient.row, w->gradient.pixel, w->source.row,
                        w->source.pixel,   0,               0,                 plan->block};
  float *bias = w->bias && input_begin == 0 ? w->bias + 16 * block : NULL;
  if (bias) memset(bias, 0, (size_t)blocks * 16 * sizeof(float));
  const int row_step = larger(1, CHUNK_PIXELS / larger(w->columns, 1));
  for (int image = 0; image < w->images; image++)
    for (int y = 0; y < w->rows; y += row_step)
      for (int x = 0; x < w->columns; x += CHUNK_PIXELS) {
        chunk.rows = smaller(row_step, w->rows - y);
        chunk.columns = smaller(CHUNK_PIXELS, w->columns - x);
        const float *gradient = at(&w->gradient, block, y, x) + image * w->gradient_image;
        const float *source = at(&w->source, 0, y, x) + image * w->source_image;
        add_weight_chunk(w, plan, &chunk, gradient, source, blocks, input_begin, input_end);
        if (bias) add_bias_chunk(&chunk, gradient, bias, blocks);
      }
}

// A picture's few channels: runs of taps are summed up side by side and then put in their places.
static void sum_picture_weights(const kernel_weight_gradient *w, const kernel_convolution *c,
                                int block, int blocks) {
  packed_weights packed;
  const int n = taps_in_run(c);
  const int depth = n * w->channels, runs = w->tap_count / n;
  for (int t = 0; t < runs; t++) packed.taps[t] = w->taps[t * n];
  const weight_plan plan = {packed.taps, runs,       depth, packed.weights,
                            depth * 16,  0, (ptrdiff_t)depth * 16 * runs};
  memset(packed.weights, 0, (size_t)(plan.block * blocks) * sizeof(float));
  sum_weights(w, &plan, block, blocks, 0, 1);
  const float *from = packed.weights;
  for (int b = block; b < block + blocks; b++)
    for (int t = 0; t < w->tap_count; t++)
      for (int i = 0; i < w->channels; i++, from += 16)
        store(w->weights + ((ptrdiff_t)b * w->tap_count + t) * 256 + 16 * i, load(from));
}

static void convolve_weights(const kernel_weight_gradient *w, int block_begin, int block_end,
                             int input_begin, int input_end) {
  const int input_blocks = (w->channels + KERNEL_BLOCK - 1) / KERNEL_BLOCK;
  const ptrdiff_t input = (ptrdiff_t)w->tap_count * 256, output = input_blocks * input;
  const kernel_convolution c = {
      .channels = w->channels, .taps = w->taps, .tap_count = w->tap_count};
  const int is_packed = fits_packed(&c);
  for (int block = block_begin; block < block_end;) {
    const int blocks = block + TILE_BLOCKS <= block_end ? TILE_BLOCKS : 1;
    if (is_packed) {
      sum_picture_weights(w, &c, block, blocks);
    } else {
      float *weights = w->weights + block * output;
      for (int b = 0; b < blocks; b++)
        memset(weights + b * output + input_begin * input, 0,
               (size_t)((input_end - input_begin) * input) * sizeof(float));
      const weight_plan plan = {w->taps, w->tap_count, 0, weights, 256, input, output};
      sum_weights(w, &plan, block, blocks, input_begin, input_end);
    }
    block += blocks;
  }
}

// to[tap i][in][out] = transpose of from[order[i]][out][in], block by block.
static void transpose_weights(const float *weights, float *to, int from_blocks, int to_blocks,
                              int taps, const int *order, int count) {
  for (int a = 0; a < to_blocks; a++)
    for (int b = 0; b < from_blocks; b++)
      for (int t = 0; t < count; t++) {
        const float *from = weights + (((ptrdiff_t)b * to_blocks + a) * taps + order[t]) * 256;
        lanes v[16];
        UNROLL for (int i = 0; i < 16; i++) v[i] = load(from + 16 * i);
        transpose(v);
        UNROLL for (int i = 0; i < 16; i++) store(to + 16 * i, v[i]);
        to += 256;
      }
}
