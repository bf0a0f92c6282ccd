// What happens to a sum before it is stored: + bias, + destination, + addend, activation, clamp, mask, factor.

// `width` sums that lie in memory become their activation; where `slopes` are wanted, derivatives are stored there.
INLINE void bend(const kernel_activation *a, const kernel_function f, lanes *sum, int width,
                 float *slopes, ptrdiff_t next) {
  for (int i = 0; i < width; i++) {
    const lanes x = sum[i], y = activation(a, f, x);
    if (slopes) store(slopes + i * next, slope(a, f, x));
    sum[i] = y;
  }
}

// Not inlined: one copy serves the ends of all kernels.
static __attribute__((noinline)) void bend_sums(const kernel_activation *a, lanes *sum, int width,
                                                float *slopes, ptrdiff_t next) {
  FOR_ACTIVATION(a, bend, sum, width, slopes, next)
}

// The parts after the bias, for `width` pixels that lie `every` columns apart. Part by part, so
// that each test is made once.
INLINE void finish_after_bias(lanes *sum, const int width, const int every,
                              const kernel_epilogue *e, const kernel_map *destination, int block,
                              int row, int column) {
  float *d = at(destination, block, row, column);
  const ptrdiff_t d_next = every * destination->pixel;
  if (e->accumulate) UNROLL for (int i = 0; i < width; i++) sum[i] += load(d + i * d_next);
  if (e->addend.data) {
    const float *a = at(&e->addend, block, row, column);
    const ptrdiff_t next = every * e->addend.pixel;
    UNROLL for (int i = 0; i < width; i++) sum[i] += load(a + i * next);
  }
  if (e->activation.function != KERNEL_IDENTITY) {
    // A copy, so that the sums themselves need no place in memory.
    lanes bent[width];
    UNROLL for (int i = 0; i < width; i++) bent[i] = sum[i];
    bend_sums(&e->activation, bent, width,
              e->slopes.data ? at(&e->slopes, block, row, column) : NULL, every * e->slopes.pixel);
    UNROLL for (int i = 0; i < width; i++) sum[i] = bent[i];
  }
  if (e->lower > -INFINITY || e->upper < INFINITY) {
    const lanes lower = splat(e->lower), upper = splat(e->upper);
    UNROLL for (int i = 0; i < width; i++) sum[i] = at_most(at_least(sum[i], lower), upper);
  }
  if (e->mask.data) {
    const float *m = at(&e->mask, block, row, column);
    const ptrdiff_t next = every * e->mask.pixel;
    const lanes mask_lower = splat(e->mask_lower), mask_upper = splat(e->mask_upper);
    UNROLL for (int i = 0; i < width; i++) {
      const lanes mask = load(m + i * next);
      sum[i] = choose((mask > mask_lower) & (mask < mask_upper), sum[i], splat(0));
    }
  }
  if (e->factor.data) {
    const float *f = at(&e->factor, block, row, column);
    const ptrdiff_t next = every * e->factor.pixel;
    UNROLL for (int i = 0; i < width; i++) sum[i] *= load(f + i * next);
  }
  UNROLL for (int i = 0; i < width; i++) store(d + i * d_next, sum[i]);
}

// destination[block][row][column + i · every] = epilogue(sum[i]), 0 ≤ i < width; `e` may be null.
INLINE void finish_run(lanes *sum, const int width, const int every, const kernel_epilogue *e,
                       const kernel_map *destination, int block, int row, int column) {
  if (e) {
    if (e->bias) {
      const lanes bias = load(e->bias + 16 * block);
      UNROLL for (int i = 0; i < width; i++) sum[i] += bias;
    }
    finish_after_bias(sum, width, every, e, destination, block, row, column);
  } else {
    float *d = at(destination, block, row, column);
    UNROLL for (int i = 0; i < width; i++) store(d + i * every * destination->pixel, sum[i]);
  }
}

// The same for one pixel.
INLINE void finish(lanes sum, const kernel_epilogue *e, const kernel_map *destination, int block,
                   int row, int column) {
  finish_run(&sum, 1, 1, e, destination, block, row, column);
}
