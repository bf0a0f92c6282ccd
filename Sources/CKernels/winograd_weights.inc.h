// The gradient of a 3 × 3 convolution's weights by Winograd's method: of outputs 4 × 4 at once. Where the
// convolution is y = from(w at the points · to(x)), it is the sum over tiles of from'(g) · to(x), at each of
// 36 points instead of 144 products, and in the end the transpose of how weights get to the points.
//
// The tiles go in runs: first the values of a run at the points, then for each point the products over
// the run, which are those of a window of 1 × 1.

// Gradients of outputs y[0 … 3] to what they are at the 6 points: the transpose of from_points.
INLINE void gradient_to_points(const lanes *y, lanes *m) {
  const lanes even_a = y[2] * splat(A2) + y[0], odd_a = y[3] * splat(A3) + y[1] * splat(POINT_A);
  const lanes even_b = y[2] * splat(B2) + y[0], odd_b = y[3] * splat(B3) + y[1] * splat(POINT_B);
  m[0] = y[0];
  m[1] = even_a + odd_a;
  m[2] = even_a - odd_a;
  m[3] = even_b + odd_b;
  m[4] = even_b - odd_b;
  m[5] = y[3];
}

INLINE void transform_gradient(const float *g, ptrdiff_t row, float *u, ptrdiff_t next) {
  lanes half[4][6];  // [column][point]
  for (int x = 0; x < 4; x++) {
    lanes d[4];
    UNROLL for (int y = 0; y < 4; y++) d[y] = load(g + y * row + 16 * x);
    gradient_to_points(d, half[x]);
  }
  for (int y = 0; y < 6; y++) {
    lanes d[4], v[6];
    UNROLL for (int x = 0; x < 4; x++) d[x] = half[x][y];
    gradient_to_points(d, v);
    UNROLL for (int x = 0; x < 6; x++) store(u + (6 * y + x) * next, v[x]);
  }
}

static void gradients_to_points(const kernel_weight_gradient *w, const tile_run *run, float *points,
                                ptrdiff_t next, int blocks) {
  float patch[4][4][16] __attribute__((aligned(64)));
  for (int block = 0; block < blocks; block++)
    for (int i = 0; i < run->count; i++) {
      const int row = tile_row(run, i), column = tile_column(run, i);
      const float *g = at(&w->gradient, block, row, column) + tile_image(run, i) * w->gradient_image;
      float *u = points + ((ptrdiff_t)block * run->count + i) * 16;
      const int height = smaller(w->rows - row, 4), width = smaller(w->columns - column, 4);
      if (height == 4 && width == 4) {
        transform_gradient(g, w->gradient.row, u, next);
        continue;
      }
      memset(patch, 0, sizeof patch);
      for (int y = 0; y < height; y++)
        memcpy(patch[y], g + y * w->gradient.row, 64 * (size_t)width);
      transform_gradient(patch[0][0], 4 * 16, u, next);
    }
}

// Inputs and, after them, gradients of some tiles: [point][block][tile][16] each.
static void winograd_weight_points(const kernel_weight_gradient *w, int blocks, float *points,
                                   int tile_begin, int tile_end) {
  const int input_blocks = (w->channels + KERNEL_BLOCK - 1) / KERNEL_BLOCK;
  const kernel_convolution c = {.source = w->source, .rows = w->rows, .columns = w->columns};
  const kernel_batch batch = {.source = w->source_image};
  const tile_run run = {.c = &c,
                        .batch = &batch,
                        .side = 4,
                        .in = 6,
                        .tiles_across = (w->columns + 3) / 4,
                        .tiles_an_image = kernel_winograd_tiles(4, w->rows, w->columns),
                        .first = tile_begin,
                        .count = tile_end - tile_begin};
  const ptrdiff_t next = point_stride(input_blocks, run.count);
  inputs_to_points(&run, points, next, input_blocks, 6);
  gradients_to_points(w, &run, points + 36 * next, point_stride(blocks, run.count), blocks);
}

// Adds the products of a run of `tiles` to the sums [point][output block][input block][16][16].
static void winograd_weight_sums(const float *points, float *sums, int input_blocks, int blocks,
                                 int tiles, int point_begin, int point_end) {
  const ptrdiff_t next = point_stride(input_blocks, tiles);
  const ptrdiff_t gradient_next = point_stride(blocks, tiles);
  const ptrdiff_t row = (ptrdiff_t)tiles * 16;
  const weight_chunk chunk = {row, 0, 16, 0, 16, 1, tiles, (ptrdiff_t)input_blocks * 256};
  const int strips = (KERNEL_BLOCK + TILE - 1) / TILE;
  for (int point = point_begin; point < point_end; point++)
    for (int block = 0; block < blocks;) {
      const int some = block + TILE_BLOCKS <= blocks ? TILE_BLOCKS : 1;
      const float *gradient = points + 36 * next + point * gradient_next + block * row;
      for (int i = 0; i < input_blocks; i++) {
        const float *from = points + point * next + i * row;
        float *to = sums + (((ptrdiff_t)point * blocks + block) * input_blocks + i) * 256;
        for (int strip = 0; strip < strips; strip++) {
          const int width = KERNEL_BLOCK / strips + (strip < KERNEL_BLOCK % strips);
          weight_tiles[some - 1][width](&chunk, gradient, from, to);
          from += width;
          to += 16 * width;
        }
      }
      block += some;
    }
}
