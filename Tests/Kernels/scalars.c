// An optimizer's update, arc tangents, and the loop that measures what the processor can do.
#include "check.h"

static void check_moments(int count) {
  checking("kernel_update_moments");
  const kernel_moments s = {0.9f, 0.99f, 0.04f, 0.01f, 0.999f, 1.3f, 1e-3f};
  float *x = any_numbers((size_t)count), *mean = any_numbers((size_t)count), *square = any_numbers((size_t)count);
  const float *g = any_numbers((size_t)count);
  for (int i = 0; i < count; i++) square[i] = fabsf(square[i]);
  float *was[3] = {same_numbers((size_t)count, 0), same_numbers((size_t)count, 0), same_numbers((size_t)count, 0)};
  memcpy(was[0], x, (size_t)count * sizeof *x);
  memcpy(was[1], mean, (size_t)count * sizeof *x);
  memcpy(was[2], square, (size_t)count * sizeof *x);
  kernel_update_moments(&s, x, mean, square, g, count);
  for (int i = 0; i < count; i++) {
    const double m = (double)s.mean_decay * was[1][i] + (1.0 - s.mean_decay) * g[i];
    const double v = (double)s.square_decay * was[2][i] + (1.0 - s.square_decay) * g[i] * g[i];
    const double change = (s.of_mean * m + s.of_gradient * (double)g[i]) / (s.root_scale * sqrt(v) + s.epsilon);
    expect(mean[i], m, 8 * ROUNDING);
    expect(square[i], v, 8 * ROUNDING);
    expect(x[i], s.kept * (double)was[0][i] - change, 8 * ROUNDING * (1 + 10 * fabs(change)));
  }
  digest(x, (size_t)count);
}

static void check_arctangents(int rows, int units) {
  checking("kernel_arctangents");
  const size_t wide = (size_t)(2 * units + 1);
  float *x = any_numbers((size_t)(rows * units)), *y = same_numbers((size_t)rows * wide, NAN);
  const float *g = any_numbers((size_t)(rows * 2 * units));
  float *out = same_numbers((size_t)(rows * units), NAN);
  for (int i = 0; i < rows * units; i++) x[i] *= i % 3 == 0 ? 50 : 2;
  kernel_arctangents(x, y, rows, units);
  for (int row = 0; row < rows; row++) {
    for (int i = 0; i < units; i++) {
      const double angle = atan(x[row * units + i]);
      expect(y[(size_t)row * wide + (size_t)i], angle / 0.67, 3e-6);
      expect(y[(size_t)row * wide + (size_t)(units + i)], angle * angle / 0.6, 6e-6);
    }
    expect(y[(size_t)row * wide + wide - 1], 1, 0);
  }
  digest(y, (size_t)rows * wide);

  checking("kernel_arctangents_backward");
  kernel_arctangents_backward(x, y, g, out, rows, units);
  for (int row = 0; row < rows; row++)
    for (int i = 0; i < units; i++) {
      const double v = x[row * units + i];
      const float *back = g + row * 2 * units + i;
      expect(out[row * units + i], (back[0] / 0.67 + 2 * back[units] / 0.6 * atan(v)) / (1 + v * v), 1e-5);
    }
  digest(out, (size_t)(rows * units));
}

void check_scalars(void) {
  for (int count = 1; count < 60; count += 7) check_moments(count);
  static const int units[] = {1, 5, 16, 24, 33};
  for (int i = 0; i < COUNT(units); i++) check_arctangents(3, units[i]);
  checking("kernel_measure_peak_flops");
  const double rate = kernel_measure_peak_flops(0.001);
  expect_that(isfinite(rate) && rate > 0, "%g operations a second", rate);
}
