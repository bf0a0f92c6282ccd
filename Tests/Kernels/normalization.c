// Local response normalization, layer norm of pixels, and what batch norm needs in training.
#include "check.h"

// s of channel c, and Σ over the window.
static double scale_at(const kernel_lrn *l, const feature_map *x, int c, int row, int column) {
  double sum = 0;
  for (int i = c - (l->size - 1) / 2; i <= c + l->size / 2; i++)
    if (i >= 0 && i < l->channels) sum += pow(*element(x, i, row, column), 2);
  return l->bias + l->alpha / l->size * sum;
}

static void check_local(const kernel_lrn *l, int rows, int columns, int parts) {
  checking("kernel_lrn_forward");
  const feature_map x = any_map(l->channels, rows, columns, 0, 16), y = any_map(l->channels, rows, columns, 1, 16);
  const feature_map dy = any_map(l->channels, rows, columns, 0, 16), dx = any_map(l->channels, rows, columns, 1, 16);
  const feature_map y_before = copy_of(&y), dx_before = copy_of(&dx);
  kernel_lrn_forward(l, x.map, y.map, columns, 0, rows / 2);
  kernel_lrn_forward(l, x.map, y.map, columns, rows / 2, rows);
  // The power to about 2 units, the sum to one for each term.
  const double tolerance = (8 + l->size * (1 + l->beta)) * ROUNDING;
  for (int c = 0; c < l->channels; c++)
    for (int i = 0; i < rows * columns; i++) {
      const double v = *element(&x, c, i / columns, i % columns);
      const double right = v * pow(scale_at(l, &x, c, i / columns, i % columns), -l->beta);
      expect(*element(&y, c, i / columns, i % columns), right, tolerance * fabs(right));
    }
  expect_untouched(&y, &y_before);

  checking("kernel_lrn_backward");
  const any_epilogue e = epilogue_of(parts, l->channels, rows, columns);
  kernel_lrn_backward(l, x.map, dy.map, dx.map, &e.e, columns, 0, rows);
  for (int c = 0; c < l->channels; c++)
    for (int i = 0; i < rows * columns; i++) {
      const int row = i / columns, column = i % columns;
      double sum = *element(&dy, c, row, column) * pow(scale_at(l, &x, c, row, column), -l->beta);
      double magnitude = fabs(sum);
      for (int k = c - l->size / 2; k <= c + (l->size - 1) / 2; k++) {
        if (k < 0 || k >= l->channels) continue;
        const double term = *element(&dy, k, row, column) * *element(&x, k, row, column) *
                            pow(scale_at(l, &x, k, row, column), -l->beta - 1) * 2 * l->alpha * l->beta / l->size *
                            *element(&x, c, row, column);
        sum -= term, magnitude += fabs(term);
      }
      expect_stored(&e, sum, 2 * tolerance * magnitude, &dx, &dx_before, c, row, column);
    }
  expect_untouched(&dx, &dx_before);
}

static void check_moments(int channels, int rows, int columns) {
  checking("kernel_channel_moments");
  const feature_map a = any_map(channels, rows, columns, 1, 16), b = any_map(channels, rows, columns, 0, 16);
  float *mean = same_numbers((size_t)(16 * a.blocks), NAN), *squares = same_numbers((size_t)(16 * a.blocks), NAN);
  float *sums = same_numbers((size_t)(16 * a.blocks), NAN), *products = same_numbers((size_t)(16 * a.blocks), NAN);
  kernel_channel_moments(a.map, mean, squares, a.blocks, rows, columns);
  kernel_channel_products(b.map, a.map, mean, sums, products, a.blocks, rows, columns);
  const double n = (double)rows * columns;
  for (int c = 0; c < channels; c++) {
    double sum = 0, square = 0, of_b = 0, product = 0;
    for (int i = 0; i < n; i++) sum += *element(&a, c, i / columns, i % columns);
    for (int i = 0; i < n; i++) {
      const double distance = *element(&a, c, i / columns, i % columns) - sum / n;
      square += distance * distance, of_b += *element(&b, c, i / columns, i % columns);
      product += distance * *element(&b, c, i / columns, i % columns);
    }
    expect(mean[c], sum / n, n * ROUNDING);
    expect(squares[c], square, 3 * n * ROUNDING * (square + 1));
    expect(sums[c], of_b, n * ROUNDING * n);
    expect(products[c], product, 3 * n * ROUNDING * n);
  }
  digest(squares, (size_t)channels);
  digest(products, (size_t)channels);

  checking("kernel_combine");
  const feature_map to = any_map(channels, rows, columns, 1, 16), before = copy_of(&to);
  const float *p = any_numbers((size_t)(16 * a.blocks)), *q = any_numbers((size_t)(16 * a.blocks));
  const float *r = any_numbers((size_t)(16 * a.blocks));
  kernel_combine(a.map, b.map, to.map, p, q, r, a.blocks, rows, columns);
  for (int c = 0; c < channels; c++)
    for (int i = 0; i < n; i++) {
      const double of_a = *element(&a, c, i / columns, i % columns), from_b = *element(&b, c, i / columns, i % columns);
      expect(*element(&to, c, i / columns, i % columns), p[c] * of_a + q[c] * from_b + r[c], 8 * ROUNDING);
    }
  expect_untouched(&to, &before);
}

// One number a channel, and 0 in the lanes beyond them.
static float *of_channels(int channels) {
  float *values = any_numbers((size_t)((channels + 15) / 16 * 16));
  for (int c = channels; c < (channels + 15) / 16 * 16; c++) values[c] = 0;
  return values;
}

static void check_layer_norm(int channels, int rows, int columns, int parts) {
  const feature_map x = any_map(channels, rows, columns, 1, 16), y = any_map(channels, rows, columns, 2, 16);
  const feature_map dy = any_map(channels, rows, columns, 0, 16), dx = any_map(channels, rows, columns, 1, 16);
  const feature_map y_before = copy_of(&y), dx_before = copy_of(&dx);
  const kernel_layer_norm l = {channels, of_channels(channels), of_channels(channels), 1e-3f};
  const any_epilogue e = epilogue_of(parts, channels, rows, columns);
  const any_epilogue back = epilogue_of(parts, channels, rows, columns);
  const int row = rows / 2, column = columns / 3;
  checking("kernel_layer_norm_forward");
  kernel_layer_norm_forward(&l, x.map, y.map, &e.e, 0, row, 0, columns);
  kernel_layer_norm_forward(&l, x.map, y.map, &e.e, row, rows, 0, column);
  kernel_layer_norm_forward(&l, x.map, y.map, &e.e, row, rows, column, columns);
  checking("kernel_layer_norm_backward");
  kernel_layer_norm_backward(&l, x.map, dy.map, dx.map, &back.e, 0, rows, 0, column);
  kernel_layer_norm_backward(&l, x.map, dy.map, dx.map, &back.e, 0, rows, column, columns);
  for (int i = 0; i < rows * columns; i++) {
    const int at_row = i / columns, at_column = i % columns;
    double mean = 0, square = 0, sum = 0, product = 0;
    for (int c = 0; c < channels; c++) mean += *element(&x, c, at_row, at_column) / (double)channels;
    for (int c = 0; c < channels; c++) square += pow(*element(&x, c, at_row, at_column) - mean, 2) / channels;
    const double inverse = 1 / sqrt(square + l.epsilon);
    for (int c = 0; c < channels; c++) {
      const double g = (double)*element(&dy, c, at_row, at_column) * l.scale[c] / channels;
      sum += g, product += g * (*element(&x, c, at_row, at_column) - mean) * inverse;
    }
    for (int c = 0; c < channels; c++) {
      const double normal = (*element(&x, c, at_row, at_column) - mean) * inverse;
      checking("kernel_layer_norm_forward");
      expect_stored(&e, normal * l.scale[c] + l.shift[c], 32 * ROUNDING * (fabs(normal) + 5 * inverse + 1), &y,
                    &y_before, c, at_row, at_column);
      checking("kernel_layer_norm_backward");
      const double g = *element(&dy, c, at_row, at_column) * (double)l.scale[c];
      expect_stored(&back, (g - sum - normal * product) * inverse, 64 * ROUNDING * (4 + inverse) * inverse, &dx,
                    &dx_before, c, at_row, at_column);
    }
  }
  expect_untouched(&dx, &dx_before);
  checking("kernel_layer_norm_forward");
  expect_untouched(&y, &y_before);
}

void check_normalization(void) {
  static const int widths[] = {1, 7, 8, 9, 20};
  for (int i = 0; i < COUNT(widths); i++)
    check_layer_norm((int[]){3, 16, 33, 96, 400}[i], 1 + i % 3, widths[i], i % 2 ? ALL_PARTS & ~BIAS : 0);

  static const kernel_lrn local[] = {{64, 5, 1e-4f, 0.75f, 1}, {17, 4, 0.5f, 0.6f, 2}, {3, 5, 1, 1.5f, 1},
                                     {200, 33, 0.3f, 0.75f, 1}, {40, 1, 2, 0.5f, 0.1f}};
  for (int i = 0; i < COUNT(local); i++) check_local(&local[i], 3, 5 + i, i % 2 ? ALL_PARTS & ~BIAS : 0);
  check_moments(17, 5, 7);
  check_moments(64, 1, 1);
  check_moments(3, 2, 40);
}
