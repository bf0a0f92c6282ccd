// Matrix products and Fourier stages.
#include "check.h"

static void check_product(int rows, int inner, int columns) {
  const float *a = any_numbers((size_t)(rows * inner)), *b = any_numbers((size_t)(inner * columns));
  float *turned = same_numbers((size_t)(rows * inner), 0);
  for (int i = 0; i < rows; i++)
    for (int k = 0; k < inner; k++) turned[k * rows + i] = a[i * inner + k];
  for (int is_turned = 0; is_turned < 2; is_turned++) {
    checking(is_turned ? "kernel_matmul_turned" : "kernel_matmul");
    float *c = same_numbers((size_t)(rows * columns), NAN);
    if (is_turned)
      kernel_matmul_turned(turned, b, c, rows, inner, columns);
    else
      kernel_matmul(a, b, c, rows, inner, columns);
    for (int i = 0; i < rows; i++)
      for (int j = 0; j < columns; j++) {
        double sum = 0, magnitude = 0;
        for (int k = 0; k < inner; k++) {
          const double term = (double)a[i * inner + k] * b[k * columns + j];
          sum += term, magnitude += fabs(term);
        }
        expect(c[i * columns + j], sum, inner * ROUNDING * magnitude);
      }
    digest(c, (size_t)(rows * columns));
  }
}

// A whole transform of `n` elements in four sequences, by stages of these radices.
static void check_fourier(const int *radices, int stages) {
  checking("kernel_fourier_stage_run");
  int n = 1;
  for (int i = 0; i < stages; i++) n *= radices[i];
  const float *re = any_numbers((size_t)(4 * n)), *im = any_numbers((size_t)(4 * n));
  float *buffers[2][2];
  for (int i = 0; i < 4; i++) buffers[i / 2][i % 2] = same_numbers((size_t)(4 * n), NAN);
  kernel_fourier_stage s = {.re = re, .im = im, .stride = 1, .count = n};
  for (int i = 0; i < stages; i++) {
    s.radix = radices[i], s.count /= s.radix;
    float *twiddles = same_numbers((size_t)(2 * s.radix * s.count), 0), roots[2 * 13];
    for (int k = 0; k < s.radix; k++) {
      const double angle = -2 * M_PI * k / s.radix;
      roots[2 * k] = (float)cos(angle), roots[2 * k + 1] = (float)sin(angle);
      for (int p = 0; p < s.count; p++) {
        twiddles[2 * (s.radix * p + k)] = (float)cos(angle * p / s.count);
        twiddles[2 * (s.radix * p + k) + 1] = (float)sin(angle * p / s.count);
      }
    }
    s.twiddles = twiddles, s.roots = roots;
    s.out_re = buffers[i % 2][0], s.out_im = buffers[i % 2][1];
    kernel_fourier_stage_run(&s);
    s.re = s.out_re, s.im = s.out_im, s.stride *= s.radix;
  }
  for (int k = 0; k < n; k++)
    for (int q = 0; q < 4; q++) {
      double sum_re = 0, sum_im = 0;
      for (int j = 0; j < n; j++) {
        const double angle = -2 * M_PI * ((long)j * k % n) / n, c = cos(angle), d = sin(angle);
        sum_re += re[4 * j + q] * c - im[4 * j + q] * d, sum_im += re[4 * j + q] * d + im[4 * j + q] * c;
      }
      expect(s.out_re[4 * k + q], sum_re, 8e-7 * sqrt(n));
      expect(s.out_im[4 * k + q], sum_im, 8e-7 * sqrt(n));
    }
  digest(s.out_re, (size_t)(4 * n));
  digest(s.out_im, (size_t)(4 * n));
}

void check_products(void) {
  static const int sizes[][3] = {{1, 1, 1},   {3, 5, 7},    {14, 33, 16}, {15, 64, 17}, {28, 9, 31}, {29, 40, 32},
                                 {5, 20, 47}, {13, 12, 48}, {6, 3, 65},   {1, 50, 100}, {40, 1, 15}};
  for (int i = 0; i < COUNT(sizes); i++) check_product(sizes[i][0], sizes[i][1], sizes[i][2]);
  check_fourier((int[]){2}, 1);
  check_fourier((int[]){4, 4, 2, 7}, 4);
  check_fourier((int[]){3, 5, 4}, 3);
  check_fourier((int[]){11, 2}, 2);
  check_fourier((int[]){13, 3}, 2);
}
