// Direct convolution: the tiles, and what pictures of few channels need.
#include "tiles.inc.h"

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

static void convolve(const kernel_convolution *c, int block_begin, int block_end, int row_begin,
                     int row_end) {
  convolution_plan plan = plan_of(c);
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
