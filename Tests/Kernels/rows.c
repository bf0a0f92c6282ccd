// Softmax and standardization of rows.
#include "check.h"

static void check_softmax(int rows, int length) {
  const size_t count = (size_t)(rows * length);
  float *x = any_numbers(count), *y = same_numbers(count, NAN), *out = same_numbers(count, NAN);
  const float *g = any_numbers(count);
  for (size_t i = 0; i < count; i++) x[i] *= 20;
  // What is masked, and a row of nothing else.
  x[0] = -INFINITY;
  for (int i = 0; i < length; i++) x[count - (size_t)length + (size_t)i] = -INFINITY;
  checking("kernel_softmax_rows");
  kernel_softmax_rows(x, y, rows, length);
  for (int row = 0; row < rows; row++) {
    double largest = -INFINITY, sum = 0;
    for (int i = 0; i < length; i++) largest = fmax(largest, x[row * length + i]);
    for (int i = 0; i < length; i++) sum += exp(x[row * length + i] - largest);
    for (int i = 0; i < length; i++) {
      const double right = isinf(largest) ? 0 : exp(x[row * length + i] - largest) / sum;
      // The difference of numbers up to 20 is rounded before the exponential.
      expect(y[row * length + i], right, 60 * ROUNDING * right + 1e-37);
    }
  }
  digest(y, count);

  checking("kernel_softmax_rows_backward");
  kernel_softmax_rows_backward(y, g, out, rows, length);
  for (int row = 0; row < rows; row++) {
    double mean = 0;
    for (int i = 0; i < length; i++) mean += (double)y[row * length + i] * g[row * length + i];
    for (int i = 0; i < length; i++) {
      const double p = y[row * length + i];
      expect(out[row * length + i], p * (g[row * length + i] - mean), 8 * ROUNDING * p);
    }
  }
  digest(out, count);
}

static void check_standardization(int rows, int length, float epsilon) {
  const size_t count = (size_t)(rows * length);
  float *x = any_numbers(count), *y = same_numbers(count, NAN), *out = same_numbers(count, NAN);
  const float *g = any_numbers(count);
  for (size_t i = 0; i < count; i++) x[i] = 3 * x[i] + 2;
  checking("kernel_standardize_rows");
  kernel_standardize_rows(x, y, rows, length, epsilon);
  checking("kernel_standardize_rows_backward");
  kernel_standardize_rows_backward(x, y, g, out, rows, length, epsilon);
  for (int row = 0; row < rows; row++) {
    const float *from = x + row * length, *back = g + row * length;
    double mean = 0, square = 0, sum = 0, product = 0;
    for (int i = 0; i < length; i++) mean += from[i] / (double)length, sum += back[i] / (double)length;
    for (int i = 0; i < length; i++) square += (from[i] - mean) * (from[i] - mean) / length;
    const double inverse = 1 / sqrt(square + epsilon);
    for (int i = 0; i < length; i++) product += back[i] * (from[i] - mean) * inverse / length;
    for (int i = 0; i < length; i++) {
      const double right = (from[i] - mean) * inverse;
      checking("kernel_standardize_rows");
      expect(y[row * length + i], right, 32 * ROUNDING * (fabs(right) + 5 * inverse));
      checking("kernel_standardize_rows_backward");
      expect(out[row * length + i], (back[i] - sum - right * product) * inverse, 64 * ROUNDING * (4 + inverse) * inverse);
    }
  }
  digest(out, count);
  checking("kernel_standardize_rows");
  digest(y, count);
}

void check_rows(void) {
  static const int lengths[] = {1, 2, 7, 15, 16, 17, 31, 32, 49, 197, 768, 2500};
  for (int i = 0; i < COUNT(lengths); i++) check_softmax(3, lengths[i]);
  for (int i = 0; i < COUNT(lengths); i++) check_standardization(3, lengths[i], i % 2 ? 1e-5f : 1e-2f);
}
