// Layer norm of channel blocks: each pixel's channels brought to mean 0 and variance 1. Some pixels at a time, so
// that their channels, a block apart, are still in the cache when they are read again.

enum { NORM_PIXELS = 8 };

typedef struct {
  float mean[NORM_PIXELS], inverse[NORM_PIXELS];  // inverse: 1 / √(σ² + ε)
} pixel_moments;

// The channels' lanes of a block, −1.
INLINE lane_ints norm_lanes(const kernel_layer_norm *l, int block) {
  return first_lanes(smaller(16, l->channels - 16 * block));
}

INLINE pixel_moments moments_of_pixels(const kernel_layer_norm *l, const kernel_map *x, int row, int column,
                                       const int count) {
  const int blocks = (l->channels + 15) / 16;
  pixel_moments m;
  lanes sum[NORM_PIXELS];
  UNROLL for (int p = 0; p < count; p++) sum[p] = splat(0);
  for (int b = 0; b < blocks; b++) {
    const lane_ints present = norm_lanes(l, b);
    UNROLL for (int p = 0; p < count; p++) sum[p] += choose(present, load(at(x, b, row, column + p)), splat(0));
  }
  UNROLL for (int p = 0; p < count; p++) {
    m.mean[p] = sum_of_lanes(sum[p]) / (float)l->channels;
    sum[p] = splat(0);
  }
  for (int b = 0; b < blocks; b++) {
    const lane_ints present = norm_lanes(l, b);
    UNROLL for (int p = 0; p < count; p++) {
      const lanes d = choose(present, load(at(x, b, row, column + p)) - m.mean[p], splat(0));
      sum[p] = d * d + sum[p];
    }
  }
  UNROLL for (int p = 0; p < count; p++)
    m.inverse[p] = 1 / sqrtf(sum_of_lanes(sum[p]) / (float)l->channels + l->epsilon);
  return m;
}

INLINE void norm_pixels(const kernel_layer_norm *l, const kernel_map *x, const kernel_map *y,
                        const kernel_epilogue *e, int row, int column, const int count) {
  const pixel_moments m = moments_of_pixels(l, x, row, column, count);
  for (int b = 0; b < (l->channels + 15) / 16; b++) {
    const lanes scale = load(l->scale + 16 * b), shift = load(l->shift + 16 * b);
    lanes v[NORM_PIXELS];
    UNROLL for (int p = 0; p < count; p++)
      v[p] = (load(at(x, b, row, column + p)) - m.mean[p]) * m.inverse[p] * scale + shift;
    finish_run(v, count, 1, e, y, b, row, column);
  }
}

INLINE void norm_pixels_backward(const kernel_layer_norm *l, const kernel_map *x, const kernel_map *g,
                                 const kernel_map *dx, const kernel_epilogue *e, int row, int column,
                                 const int count) {
  const int blocks = (l->channels + 15) / 16;
  const pixel_moments m = moments_of_pixels(l, x, row, column, count);
  lanes sum[NORM_PIXELS], product[NORM_PIXELS];
  UNROLL for (int p = 0; p < count; p++) sum[p] = product[p] = splat(0);
  for (int b = 0; b < blocks; b++) {
    const lanes scale = load(l->scale + 16 * b);
    UNROLL for (int p = 0; p < count; p++) {
      const lanes v = load(at(g, b, row, column + p)) * scale;
      sum[p] += v;
      product[p] = v * ((load(at(x, b, row, column + p)) - m.mean[p]) * m.inverse[p]) + product[p];
    }
  }
  float mean[NORM_PIXELS], slope[NORM_PIXELS];
  UNROLL for (int p = 0; p < count; p++) {
    mean[p] = sum_of_lanes(sum[p]) / (float)l->channels;
    slope[p] = sum_of_lanes(product[p]) / (float)l->channels;
  }
  for (int b = 0; b < blocks; b++) {
    const lanes scale = load(l->scale + 16 * b);
    const lane_ints present = norm_lanes(l, b);
    lanes v[NORM_PIXELS];
    UNROLL for (int p = 0; p < count; p++) {
      const lanes y = (load(at(x, b, row, column + p)) - m.mean[p]) * m.inverse[p];
      v[p] = (load(at(g, b, row, column + p)) * scale - mean[p] - y * slope[p]) * m.inverse[p];
      v[p] = choose(present, v[p], splat(0));
    }
    finish_run(v, count, 1, e, dx, b, row, column);
  }
}

static void layer_norm(const kernel_layer_norm *l, kernel_map x, kernel_map y, const kernel_epilogue *e,
                       int row_begin, int row_end, int column_begin, int column_end) {
  for (int row = row_begin; row < row_end; row++) {
    int column = column_begin;
    for (; column + NORM_PIXELS <= column_end; column += NORM_PIXELS)
      norm_pixels(l, &x, &y, e, row, column, NORM_PIXELS);
    for (; column < column_end; column++) norm_pixels(l, &x, &y, e, row, column, 1);
  }
}

static void layer_norm_backward(const kernel_layer_norm *l, kernel_map x, kernel_map g, kernel_map dx,
                                const kernel_epilogue *e, int row_begin, int row_end, int column_begin,
                                int column_end) {
  for (int row = row_begin; row < row_end; row++) {
    int column = column_begin;
    for (; column + NORM_PIXELS <= column_end; column += NORM_PIXELS)
      norm_pixels_backward(l, &x, &g, &dx, e, row, column, NORM_PIXELS);
    for (; column < column_end; column++) norm_pixels_backward(l, &x, &g, &dx, e, row, column, 1);
  }
}
