// Direct convolution on channel blocks. A tile of output pixels × output blocks is summed up in
// registers: for each tap and input channel, one broadcast a pixel, one weight vector a block, and
// pixels × blocks multiply-adds. Weights stream from the second-level cache, where those of one
// pair of output blocks stay while the rows go by.
//
// Every output is summed in the order (input block, tap, channel), whatever the tile: the bits do
// not depend on how the work is shared out.

typedef struct {
  const kernel_convolution *c;
  int steps;                // input blocks
  int depth, last_depth;    // channels that lie side by side at each tap; those of the last block
  const ptrdiff_t *taps;    // offsets of the runs of `depth` channels
  int tap_count;
  ptrdiff_t tap_weights;    // floats of weights from tap to tap, of one output block
  ptrdiff_t block_weights;  // floats of weights from output block to output block
  ptrdiff_t ahead;          // floats to the weights that are read after these; for streaming tiles
} convolution_plan;

// The first output of a tile, what it reads, and its weights.
#define TILE_PARAMETERS                                                                  \
  const convolution_plan *plan, const float *restrict source, const float *restrict weights, \
      int block, int row, int column
#define TILE_ARGUMENTS plan, source, weights, block, row, column

INLINE void tile(TILE_PARAMETERS, const int blocks, const int rows, const int columns,
                 const ptrdiff_t pixel, const int streams) {
  const kernel_convolution *c = plan->c;
  const kernel_epilogue *e = &c->epilogue;
  const ptrdiff_t source_row = c->source.row;
  lanes sum[TILE_BLOCKS][TILE];
  UNROLL for (int b = 0; b < blocks; b++) {
    lanes bias = e->bias ? load(e->bias + 16 * (block + b)) : splat(0);
    UNROLL for (int p = 0; p < rows * columns; p++) sum[b][p] = bias;
  }

  for (int step = 1; step <= plan->steps; step++) {
    const int depth = step < plan->steps ? plan->depth : plan->last_depth;
    for (int t = 0; t < plan->tap_count; t++) {
      const float *restrict s = source + plan->taps[t];
      // Rolled: one channel is 28 multiply-adds on AVX-512, and unrolling only costs code.
      KEEP_ROLLED for (int i = 0; i < depth; i++) {
        lanes w[TILE_BLOCKS];
        UNROLL for (int b = 0; b < blocks; b++)
          w[b] = load(weights + b * plan->block_weights + 16 * i);
        if (streams)
          UNROLL for (int b = 0; b < blocks; b++)
            __builtin_prefetch(weights + b * plan->block_weights + 16 * i + plan->ahead, 0, 2);
        UNROLL for (int r = 0; r < rows; r++)
          UNROLL for (int x = 0; x < columns; x++) {
            const lanes v = splat(s[r * source_row + x * pixel + i]);
            UNROLL for (int b = 0; b < blocks; b++)
              sum[b][r * columns + x] = v * w[b] + sum[b][r * columns + x];
          }
      }
      weights += plan->tap_weights;
    }
    source += c->source.block;
  }

  UNROLL for (int b = 0; b < blocks; b++)
    UNROLL for (int r = 0; r < rows; r++)
      finish_after_bias(&sum[b][r * columns], columns, 1, e, &c->destination, block + b, row + r,
                        column);
}

typedef void (*tile_function)(TILE_PARAMETERS);

// One function for each number of blocks and width, with a constant distance between pixels; and
// the same over as many rows as the registers hold, for maps that are narrow.
#define DEFINE_TILE(W, NAME, PIXEL, BLOCKS)               \
  static void NAME##_##BLOCKS##_##W(TILE_PARAMETERS) {    \
    tile(TILE_ARGUMENTS, BLOCKS, 1, W, PIXEL, 0);         \
  }
#define DEFINE_ROW_TILE(W, NAME, PIXEL, BLOCKS)             \
  static void NAME##_rows_##BLOCKS##_##W(TILE_PARAMETERS) { \
    tile(TILE_ARGUMENTS, BLOCKS, TILE / W, W, PIXEL, 0);    \
  }
#if TILE_BLOCKS == 2
#define FOR_1_AND_2(M, ...) M(1, __VA_ARGS__) M(2, __VA_ARGS__)
#else
#define FOR_1_AND_2(M, ...) M(1, __VA_ARGS__)
#endif
#define DEFINE_TILES(BLOCKS, NAME, PIXEL) FOR_EACH_WIDTH(DEFINE_TILE, NAME, PIXEL, BLOCKS)
#define DEFINE_ROW_TILES(BLOCKS, NAME, PIXEL) \
  FOR_EACH_NARROW_WIDTH(DEFINE_ROW_TILE, NAME, PIXEL, BLOCKS)
FOR_1_AND_2(DEFINE_TILES, tile_16, 16)
FOR_1_AND_2(DEFINE_TILES, tile_32, 32)
FOR_1_AND_2(DEFINE_TILES, tile_3, 3)
FOR_1_AND_2(DEFINE_TILES, tile_6, 6)
FOR_1_AND_2(DEFINE_TILES, tile_any, plan->c->source.pixel)
FOR_1_AND_2(DEFINE_ROW_TILES, tile_16, 16)
FOR_1_AND_2(DEFINE_ROW_TILES, tile_32, 32)

typedef struct {
  ptrdiff_t pixel;                                     // 0: any
  tile_function tiles[TILE_BLOCKS][TILE + 1];          // [blocks − 1][width]
  tile_function row_tiles[TILE_BLOCKS][TILE / 2 + 1];  // over TILE / width rows; may be null
} tile_set;

#define TILE_ENTRY(W, NAME, BLOCKS) [W] = NAME##_##BLOCKS##_##W,
#define TILE_ENTRIES(BLOCKS, NAME) {FOR_EACH_WIDTH(TILE_ENTRY, NAME, BLOCKS)},
#define ROW_TILE_ENTRIES(BLOCKS, NAME) {FOR_EACH_NARROW_WIDTH(TILE_ENTRY, NAME, BLOCKS)},
#define TILES_OF(NAME) .tiles = {FOR_1_AND_2(TILE_ENTRIES, NAME)}
#define ROW_TILES_OF(NAME) .row_tiles = {FOR_1_AND_2(ROW_TILE_ENTRIES, NAME)}
static const tile_set tile_sets[] = {
    {.pixel = 16, TILES_OF(tile_16), ROW_TILES_OF(tile_16_rows)},
    {.pixel = 32, TILES_OF(tile_32), ROW_TILES_OF(tile_32_rows)},
    {.pixel = 3, TILES_OF(tile_3)},
    {.pixel = 6, TILES_OF(tile_6)},
    {.pixel = 0, TILES_OF(tile_any)},
};

INLINE const tile_set *tile_set_for(ptrdiff_t pixel) {
  const tile_set *set = tile_sets;
  while (set->pixel != 0 && set->pixel != pixel) set++;
  return set;
}

// Pictures have 1 or 3 channels, so that of each tap's 16 rows of weights few are read, and the
// inner loop is short. Their weights are copied without the gaps, and taps that read on where the
// one before stopped (a row of a window, dilation 1) become one run: 7 runs of 21 instead of 49 of
// 3.
enum {
  PACKED_FLOATS = 16 * 16 * 3 * 16 * 2,  // a 16 × 16 window of 3 channels for 2 blocks: 96 KiB
  PACKED_TAPS = 256,
};

typedef struct {
  float weights[PACKED_FLOATS] __attribute__((aligned(64)));
  ptrdiff_t taps[PACKED_TAPS];
} packed_weights;

// The number of taps in each run, if all runs are of one length; 1 otherwise.
INLINE int taps_in_run(const kernel_convolution *c) {
  int n = 1;
  while (n < c->tap_count && c->taps[n] == c->taps[n - 1] + c->channels) n++;
  if (c->tap_count % n != 0) return 1;
  for (int t = 0; t < c->tap_count; t++)
    if (c->taps[t] != c->taps[t - t % n] + (t % n) * c->channels) return 1;
  return n;
}

static int fits_packed(const kernel_convolution *c) {
  return c->channels < KERNEL_BLOCK && c->tap_count <= PACKED_TAPS &&
         c->channels * c->tap_count * 16 * TILE_BLOCKS <= PACKED_FLOATS;
}

static const float *pack_weights(const kernel_convolution *c, packed_weights *packed, int block,
                                 int blocks) {
  float *to = packed->weights;
  for (int b = block; b < block + blocks; b++)
    for (int t = 0; t < c->tap_count; t++) {
      const float *from = c->weights + ((ptrdiff_t)b * c->tap_count + t) * 256;
      for (int i = 0; i < c->channels; i++, to += 16) store(to, load(from + 16 * i));
    }
  return packed->weights;
}

// Some rows of a strip of columns as wide as a tile; a strip that is narrow goes down several rows
// at a time.
INLINE void convolve_strip(const convolution_plan *plan, const float *weights, int block,
                           int blocks, int column, int width, int row_begin, int row_end) {
  const tile_set *set = tile_set_for(plan->c->source.pixel);
  const kernel_map *source = &plan->c->source;
  const tile_function over_rows = width <= TILE / 2 ? set->row_tiles[blocks - 1][width] : NULL;
  int row = row_begin;
  if (over_rows)
    for (; row + TILE / width <= row_end; row += TILE / width)
      over_rows(plan, at(source, 0, row, column), weights, block, row, column);
  for (; row < row_end; row++)
    set->tiles[blocks - 1][width](plan, at(source, 0, row, column), weights, block, row, column);
}

// All rows of some (1 or TILE_BLOCKS) output blocks, in strips whose widths differ by 1 at most:
// 32 = 11 + 11 + 10. Row by row, as the source lies in memory, unless a strip is narrow.
static void convolve_blocks(const convolution_plan *plan, const float *weights, int block,
                            int blocks, int row_begin, int row_end) {
  const int columns = plan->c->columns;
  const int strips = (columns + TILE - 1) / TILE;
  const int step = columns / larger(strips, 1) <= TILE / 2 ? larger(row_end - row_begin, 1) : 1;
  for (int row = row_begin; row < row_end; row += step)
    for (int strip = 0, column = 0; strip < strips; strip++) {
      const int width = columns / strips + (strip < columns % strips);
      convolve_strip(plan, weights, block, blocks, column, width, row, row + step);
      column += width;
    }
}

static void convolve(const kernel_convolution *c, int block_begin, int block_end, int row_begin,
                     int row_end) {
  const int input_blocks = (c->channels + KERNEL_BLOCK - 1) / KERNEL_BLOCK;
  convolution_plan plan = {
      .c = c,
      .steps = input_blocks,
      .depth = KERNEL_BLOCK,
      .last_depth = c->channels - (input_blocks - 1) * KERNEL_BLOCK,
      .taps = c->taps,
      .tap_count = c->tap_count,
      .tap_weights = 256,
      .block_weights = (ptrdiff_t)input_blocks * c->tap_count * 256,
  };
  const ptrdiff_t from_block_to_block = plan.block_weights;
  packed_weights packed;
  const int is_packed = fits_packed(c);
  if (is_packed) {
    const int n = taps_in_run(c);
    plan.tap_count = c->tap_count / n;
    for (int t = 0; t < plan.tap_count; t++) packed.taps[t] = c->taps[t * n];
    plan.taps = packed.taps;
    plan.depth = plan.last_depth = n * c->channels;
    plan.tap_weights = plan.depth * 16;
    plan.block_weights = plan.tap_weights * plan.tap_count;
  }
  for (int block = block_begin; block < block_end;) {
    const int blocks = block + TILE_BLOCKS <= block_end ? TILE_BLOCKS : 1;
    const float *weights = is_packed ? pack_weights(c, &packed, block, blocks)
                                     : c->weights + block * from_block_to_block;
    convolve_blocks(&plan, weights, block, blocks, row_begin, row_end);
    block += blocks;
  }
}
