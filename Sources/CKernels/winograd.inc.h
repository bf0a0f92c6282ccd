// Winograd's convolution: `side` × `side` outputs at once, of a window of 3 × 3 or 5 × 5, from the
// n × n inputs that they read, n = side + window − 1, with n² products (Winograd, "Arithmetic
// Complexity of Computations", 1980; Lavin and Gray, "Fast Algorithms for Convolutional Neural
// Networks", 2016): F(4 × 4, 3 × 3) with 36 instead of 144, F(2 × 2, 5 × 5) with 36 instead of 100,
// F(2 × 2, 3 × 3) with 16 instead of 36. Rows and columns of a tile are polynomials, taken at n
// points where they are multiplied, channel by channel: 0, ±1, ∞ for n = 4 and 0, ±5/8, ±3/2, ∞ for
// n = 6. The usual ±1, ±2 double the rounding error (measured); 5/8 and 3/2 are exact, and so are
// their products here.
//
// Some tiles at a time: their values at the points, then for each point a matrix product over the
// channels, which is a 1 × 1 convolution of a row of as many pixels, then back, and the epilogue.
// An output depends on its tile alone: the bits do not depend on how the work is shared out.

enum { LARGEST_IN = 6, LARGEST_SIDE = 4 };

#define POINT_A 0.625f
#define POINT_B 1.5f
static const float A2 = POINT_A * POINT_A, A3 = POINT_A * POINT_A * POINT_A;
static const float B2 = POINT_B * POINT_B, B3 = POINT_B * POINT_B * POINT_B;
static const float SUM2 = POINT_A * POINT_A + POINT_B * POINT_B;
static const float PRODUCT2 = POINT_A * POINT_A * POINT_B * POINT_B;

// Inputs d[0 … n − 1] to u[0 … n − 1], what belongs to the points 0, a, −a, b, −b and ∞, or to 0,
// 1, −1 and ∞.
INLINE void to_points(const lanes *d, lanes *u, const int n) {
  if (n == 4) {
    u[0] = d[2] - d[0];
    u[1] = d[2] + d[1];
    u[2] = d[2] - d[1];
    u[3] = d[3] - d[1];
    return;
  }
  const lanes even_a = d[4] - d[2] * splat(B2), odd_a = d[3] - d[1] * splat(B2);
  const lanes even_b = d[4] - d[2] * splat(A2), odd_b = d[3] - d[1] * splat(A2);
  const lanes first = d[4] - d[2] * splat(SUM2), last = d[5] - d[3] * splat(SUM2);
  u[0] = first + d[0] * splat(PRODUCT2);
  u[1] = even_a + odd_a * splat(POINT_A);
  u[2] = even_a - odd_a * splat(POINT_A);
  u[3] = even_b + odd_b * splat(POINT_B);
  u[4] = even_b - odd_b * splat(POINT_B);
  u[5] = last + d[1] * splat(PRODUCT2);
}

// The products at the points to outputs y[0 … side − 1].
INLINE void from_points(const lanes *m, lanes *y, const int n, const int side) {
  const lanes sum_a = m[1] + m[2], difference_a = m[1] - m[2];
  if (n == 4) {
    y[0] = m[0] + sum_a;
    y[1] = difference_a + m[3];
    return;
  }
  const lanes sum_b = m[3] + m[4], difference_b = m[3] - m[4];
  y[0] = m[0] + sum_a + sum_b;
  if (side == 2) {
    const lanes y1 = m[5] + difference_a * splat(POINT_A);
    y[1] = y1 + difference_b * splat(POINT_B);
    return;
  }
  const lanes y1 = difference_a * splat(POINT_A), y2 = sum_a * splat(A2);
  const lanes y3 = m[5] + difference_a * splat(A3);
  y[1] = y1 + difference_b * splat(POINT_B);
  y[2] = y2 + sum_b * splat(B2);
  y[3] = y3 + difference_b * splat(B3);
}

// n × n pixels from `s` on to the n² places from `u` on, `next` floats apart.
INLINE void transform_input(const float *s, ptrdiff_t row, float *u, ptrdiff_t next, const int n) {
  lanes half[LARGEST_IN][LARGEST_IN];  // [column][point]
  for (int x = 0; x < n; x++) {
    lanes d[LARGEST_IN];
    UNROLL for (int y = 0; y < n; y++) d[y] = load(s + y * row + 16 * x);
    to_points(d, half[x], n);
  }
  for (int y = 0; y < n; y++) {
    lanes d[LARGEST_IN], v[LARGEST_IN];
    UNROLL for (int x = 0; x < n; x++) d[x] = half[x][y];
    to_points(d, v, n);
    UNROLL for (int x = 0; x < n; x++) store(u + (n * y + x) * next, v[x]);
  }
}

// The outputs of a tile from its n² products: [row][column].
INLINE void transform_output(const float *m, ptrdiff_t next, lanes y[LARGEST_SIDE][LARGEST_SIDE],
                             const int n, const int side) {
  lanes half[LARGEST_IN][LARGEST_SIDE];  // [column][row]
  for (int x = 0; x < n; x++) {
    lanes v[LARGEST_IN];
    UNROLL for (int i = 0; i < n; i++) v[i] = load(m + (n * i + x) * next);
    from_points(v, half[x], n, side);
  }
  for (int r = 0; r < side; r++) {
    lanes v[LARGEST_IN];
    UNROLL for (int x = 0; x < n; x++) v[x] = half[x][r];
    from_points(v, y[r], n, side);
  }
}

// Some tiles, in row-major order, and where their values at the points are kept:
// [point][block][tile][16].
typedef struct {
  const kernel_convolution *c;
  const kernel_batch *batch;
  int side, in;  // outputs and inputs a side
  int tiles_across, tiles_an_image;
  int first, count;
} tile_run;

// The image of a tile, and the first row and column of its outputs.
INLINE int tile_image(const tile_run *run, int i) { return (run->first + i) / run->tiles_an_image; }
INLINE int tile_row(const tile_run *run, int i) {
  return (run->first + i) % run->tiles_an_image / run->tiles_across * run->side;
}
INLINE int tile_column(const tile_run *run, int i) {
  return (run->first + i) % run->tiles_an_image % run->tiles_across * run->side;
}

// Floats from one point to the next: an odd number of cache lines, so that the points lie in
// different sets.
INLINE ptrdiff_t point_stride(int blocks, int tiles) {
  return ((ptrdiff_t)blocks * tiles | 1) * 16;
}

INLINE void inputs_to_points(const tile_run *run, float *points, ptrdiff_t next, int blocks,
                             const int n) {
  const kernel_convolution *c = run->c;
  float patch[LARGEST_IN][LARGEST_IN][16] __attribute__((aligned(64)));
  for (int block = 0; block < blocks; block++)
    for (int i = 0; i < run->count; i++) {
      const int row = tile_row(run, i), column = tile_column(run, i);
      const float *s =
          at(&c->source, block, row, column) + tile_image(run, i) * run->batch->source;
      float *u = points + ((ptrdiff_t)block * run->count + i) * 16;
      const int height = c->rows - run->side + n - row, width = c->columns - run->side + n - column;
      if (height >= n && width >= n) {
        transform_input(s, c->source.row, u, next, n);
        continue;
      }
      // What lies beyond the pixels that the outputs read is taken as 0.
      memset(patch, 0, sizeof patch);
      for (int y = 0; y < smaller(height, n); y++)
        memcpy(patch[y], s + y * c->source.row, 64 * (size_t)smaller(width, n));
      transform_input(patch[0][0], LARGEST_IN * 16, u, next, n);
    }
}

INLINE void points_to_outputs(const tile_run *run, const float *points, ptrdiff_t next,
                              int block_begin, int block_end, const int n, const int side) {
  const kernel_convolution *c = run->c;
  for (int block = block_begin; block < block_end; block++)
    for (int i = 0; i < run->count; i++) {
      const int row = tile_row(run, i), column = tile_column(run, i), image = tile_image(run, i);
      const int height = smaller(c->rows - row, side), width = smaller(c->columns - column, side);
      kernel_map destination = c->destination;
      kernel_epilogue e = c->epilogue;
      destination.data += image * run->batch->destination;
      if (e.addend.data) e.addend.data += image * run->batch->addend;
      if (e.mask.data) e.mask.data += image * run->batch->mask;
      const float *m = points + ((ptrdiff_t)(block - block_begin) * run->count + i) * 16;
      lanes y[LARGEST_SIDE][LARGEST_SIDE];
      transform_output(m, next, y, n, side);
      for (int r = 0; r < height; r++)
        if (width == side)
          finish_run(y[r], side, 1, &e, &destination, block, row + r, column);
        else
          for (int x = 0; x < width; x++)
            finish(y[r][x], &e, &destination, block, row + r, column + x);
    }
}

// Tiles of the direct convolution that fetch the weights of the next blocks meanwhile: every weight
// is read once a run, from far away.
#define DEFINE_STREAMING_TILE(W, BLOCKS)                     \
  static void streaming_tile_##BLOCKS##_##W(TILE_PARAMETERS) { \
    tile(TILE_ARGUMENTS, BLOCKS, 1, W, 16, 1);               \
  }
#define DEFINE_STREAMING_TILES(BLOCKS, M) FOR_EACH_WIDTH(M, BLOCKS)
#define STREAMING_TILE_ENTRY(W, BLOCKS) [W] = streaming_tile_##BLOCKS##_##W,
#define STREAMING_TILE_ENTRIES(BLOCKS, M) {FOR_EACH_WIDTH(M, BLOCKS)},
FOR_1_AND_2(DEFINE_STREAMING_TILES, DEFINE_STREAMING_TILE)
static const tile_function streaming_tiles[TILE_BLOCKS][TILE + 1] = {
    FOR_1_AND_2(STREAMING_TILE_ENTRIES, STREAMING_TILE_ENTRY)};

// At each point, products over the channels: a 1 × 1 convolution of a row of pixels.
static void multiply_points(const tile_run *run, const float *inputs, ptrdiff_t inputs_next,
                            float *outputs, ptrdiff_t outputs_next, int block_begin,
                            int block_end) {
  const kernel_convolution *c = run->c;
  const int input_blocks = (c->channels + KERNEL_BLOCK - 1) / KERNEL_BLOCK;
  const int strips = (run->count + TILE - 1) / TILE;
  const ptrdiff_t tap = 0, row = (ptrdiff_t)run->count * 16;
  kernel_convolution product = {
      .source = {.block = row, .pixel = 16},
      .destination = {.block = row, .pixel = 16},
      .epilogue = {.lower = -INFINITY, .upper = INFINITY},
  };
  convolution_plan plan = {
      .c = &product,
      .steps = input_blocks,
      .depth = KERNEL_BLOCK,
      .last_depth = c->channels - (input_blocks - 1) * KERNEL_BLOCK,
      .taps = &tap,
      .tap_count = 1,
      .tap_weights = 256,
      .block_weights = (ptrdiff_t)input_blocks * 256,
  };
  for (int point = 0; point < run->in * run->in; point++) {
    product.destination.data = outputs + point * outputs_next - block_begin * row;
    for (int block = block_begin; block < block_end;) {
      const int blocks = block + TILE_BLOCKS <= block_end ? TILE_BLOCKS : 1;
      const int next = block + blocks < block_end ? block + blocks : block_begin + c->blocks;
      const float *weights =
          c->weights + ((ptrdiff_t)point * c->blocks + block) * plan.block_weights;
      plan.ahead = (next - block) * plan.block_weights;
      for (int strip = 0, column = 0; strip < strips; strip++) {
        const int width = run->count / strips + (strip < run->count % strips);
        streaming_tiles[blocks - 1][width](&plan, inputs + point * inputs_next + column * 16,
                                           weights, block, 0, column);
        column += width;
      }
      block += blocks;
    }
  }
}

// Both ways for each kind of tile, with constant extents.
static void run_to_points(const tile_run *run, float *points, ptrdiff_t next, int blocks) {
  if (run->in == 6)
    inputs_to_points(run, points, next, blocks, 6);
  else
    inputs_to_points(run, points, next, blocks, 4);
}

static void run_to_outputs(const tile_run *run, const float *points, ptrdiff_t next,
                           int block_begin, int block_end) {
  if (run->side == 4)
    points_to_outputs(run, points, next, block_begin, block_end, 6, 4);
  else if (run->in == 6)
    points_to_outputs(run, points, next, block_begin, block_end, 6, 2);
  else
    points_to_outputs(run, points, next, block_begin, block_end, 4, 2);
}

static void convolve_winograd(const kernel_convolution *c, const kernel_batch *batch, int side,
                              float *scratch, int block_begin, int block_end, int tile_begin,
                              int tile_end) {
  const int input_blocks = (c->channels + KERNEL_BLOCK - 1) / KERNEL_BLOCK;
  const int tiles = tile_end - tile_begin;
  const int at_once = kernel_winograd_tiles_at_once(c->channels);
  const int runs = (tiles + at_once - 1) / at_once;
  tile_run run = {
      .c = c,
      .batch = batch,
      .side = side,
      .in = side + (c->tap_count == 9 ? 2 : 4),
      .tiles_across = (c->columns + side - 1) / side,
      .tiles_an_image = kernel_winograd_tiles(side, c->rows, c->columns),
      .first = tile_begin,
  };
  for (int i = 0; i < runs; i++, run.first += run.count) {
    run.count = tiles / runs + (i < tiles % runs);
    const ptrdiff_t inputs_next = point_stride(input_blocks, run.count);
    float *const inputs = scratch, *const outputs = scratch + run.in * run.in * inputs_next;
    run_to_points(&run, inputs, inputs_next, input_blocks);
    for (int block = block_begin; block < block_end; block += WINOGRAD_BLOCKS) {
      const int end = smaller(block + WINOGRAD_BLOCKS, block_end);
      const ptrdiff_t outputs_next = point_stride(end - block, run.count);
      multiply_points(&run, inputs, inputs_next, outputs, outputs_next, block, end);
      run_to_outputs(&run, outputs, outputs_next, block, end);
    }
  }
}
