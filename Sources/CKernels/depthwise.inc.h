// Depthwise convolution: one input channel an output channel, weights [block][tap][16]. A run of
// pixels is summed at once, so that each tap's weights are loaded once for all of them.

// 8 sums of 16 floats: half of AVX-512's registers, and enough to hide the latency of an FMA.
enum { DEPTHWISE_TILE = TILE_BLOCKS == 2 ? 8 : 4 };

INLINE void depthwise_tile(const kernel_convolution *c, int block, int row, int column,
                           const int width) {
  const float *restrict source = at(&c->source, block, row, column);
  const float *restrict weights = c->weights + (ptrdiff_t)block * c->tap_count * 16;
  const ptrdiff_t pixel = c->source.pixel;
  lanes sum[DEPTHWISE_TILE];
  UNROLL for (int x = 0; x < width; x++) sum[x] = splat(0);
  for (int t = 0; t < c->tap_count; t++) {
    const float *s = source + c->taps[t];
    const lanes w = load(weights + 16 * t);
    UNROLL for (int x = 0; x < width; x++) sum[x] = load(s + x * pixel) * w + sum[x];
  }
  finish_run(sum, width, 1, &c->epilogue, &c->destination, block, row, column);
}

static void convolve_depthwise(const kernel_convolution *c, int block_begin, int block_end,
                               int row_begin, int row_end) {
  for (int block = block_begin; block < block_end; block++)
    for (int row = row_begin; row < row_end; row++) {
      int column = 0;
      for (; column + DEPTHWISE_TILE <= c->columns; column += DEPTHWISE_TILE)
        depthwise_tile(c, block, row, column, DEPTHWISE_TILE);
      for (; column + 2 <= c->columns; column += 2) depthwise_tile(c, block, row, column, 2);
      for (; column < c->columns; column++) depthwise_tile(c, block, row, column, 1);
    }
}
