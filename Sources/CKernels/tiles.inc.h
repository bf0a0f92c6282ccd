// Direct convolution on channel blocks. A tile of output pixels × output blocks is summed up in
// registers: for each tap and input channel, one broadcast a pixel, one weight vector a block, and
// pixels × blocks multiply-adds. Weights stream from the second-level cache, where those of one
// pair of output blocks stay while the rows go by.
//
// Every output is summed in the order (input block, tap, channel), whatever the tile: the bits do
// not depend on how the work is shared out.
//
// The including file may say how a step multiplies and adds (MULTIPLY_ADD), and how many floats of a
// pixel's block it reads (BLOCK_DEPTH): 8 where each holds two channels.
#ifndef MULTIPLY_ADD
#define MULTIPLY_ADD(v, w, sum) ((v) * (w) + (sum))
#define BLOCK_DEPTH 16
#endif

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
              sum[b][r * columns + x] = MULTIPLY_ADD(v, w[b], sum[b][r * columns + x]);
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

// What a convolution of whole channel blocks reads at each step.
INLINE convolution_plan plan_of(const kernel_convolution *c) {
  const int steps = (c->channels + KERNEL_BLOCK - 1) / KERNEL_BLOCK;
  const int rest = c->channels - (steps - 1) * KERNEL_BLOCK;
  return (convolution_plan){
      .c = c,
      .steps = steps,
      .depth = BLOCK_DEPTH,
      .last_depth = (rest * BLOCK_DEPTH + KERNEL_BLOCK - 1) / KERNEL_BLOCK,
      .taps = c->taps,
      .tap_count = c->tap_count,
      .tap_weights = KERNEL_BLOCK * BLOCK_DEPTH,
      .block_weights = (ptrdiff_t)steps * c->tap_count * KERNEL_BLOCK * BLOCK_DEPTH,
  };
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
FOR_1_AND_2(DEFINE_TILES, tile_next, BLOCK_DEPTH)
FOR_1_AND_2(DEFINE_TILES, tile_second, 2 * BLOCK_DEPTH)
#if BLOCK_DEPTH == 16
FOR_1_AND_2(DEFINE_TILES, tile_3, 3)
FOR_1_AND_2(DEFINE_TILES, tile_6, 6)
#endif
FOR_1_AND_2(DEFINE_TILES, tile_any, plan->c->source.pixel)
FOR_1_AND_2(DEFINE_ROW_TILES, tile_next, BLOCK_DEPTH)
FOR_1_AND_2(DEFINE_ROW_TILES, tile_second, 2 * BLOCK_DEPTH)

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
    {.pixel = BLOCK_DEPTH, TILES_OF(tile_next), ROW_TILES_OF(tile_next_rows)},
    {.pixel = 2 * BLOCK_DEPTH, TILES_OF(tile_second), ROW_TILES_OF(tile_second_rows)},
#if BLOCK_DEPTH == 16
    {.pixel = 3, TILES_OF(tile_3)},
    {.pixel = 6, TILES_OF(tile_6)},
#endif
    {.pixel = 0, TILES_OF(tile_any)},
};

INLINE const tile_set *tile_set_for(ptrdiff_t pixel) {
  const tile_set *set = tile_sets;
  while (set->pixel != 0 && set->pixel != pixel) set++;
  return set;
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
