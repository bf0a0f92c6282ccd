// The way back of a convolution to a picture of interleaved pixels.
#include "check.h"

typedef struct {
  int channels, outputs, size_y, size_x, stride_y, stride_x, rows, columns;
} shape;

static void check(const shape *s) {
  checking("kernel_convolve_to_picture");
  const int taps = s->size_y * s->size_x, input_blocks = (s->outputs + 15) / 16;
  const int blocks = (taps * s->channels + 15) / 16, run = s->size_x * s->channels;
  const int height = (s->rows - 1) * s->stride_y + s->size_y, width = (s->columns - 1) * s->stride_x + s->size_x;
  const feature_map gradient = any_map(s->outputs, s->rows, s->columns, 0, 16);
  const float *weights = any_numbers((size_t)(s->outputs * taps * s->channels));
  float *packed = same_numbers((size_t)(blocks * input_blocks) * 256, 0);
  for (int o = 0; o < s->outputs; o++)
    for (int i = 0; i < taps * s->channels; i++)
      packed[(i / 16 * input_blocks + o / 16) * 256 + o % 16 * 16 + i % 16] = weights[o * taps * s->channels + i];
  const ptrdiff_t row = (ptrdiff_t)width * s->channels + 16, tap = 0;
  ptrdiff_t runs[17];
  for (int y = 0; y < s->size_y; y++) runs[y] = y * row;
  float *picture = same_numbers((size_t)(height * row), 0.5f);
  float *scratch = same_numbers((size_t)(16 * blocks * s->columns + 16), NAN);
  const kernel_picture_gradient p = {
      .product = {.source = gradient.map, .channels = s->outputs, .taps = &tap, .tap_count = 1, .weights = packed,
                  .blocks = blocks, .rows = s->rows, .columns = s->columns},
      .runs = runs, .run_count = s->size_y, .run = run, .picture = picture,
      .next_row = s->stride_y * row, .next_column = s->stride_x * s->channels};
  kernel_convolve_to_picture(&p, scratch, 0, 1);
  kernel_convolve_to_picture(&p, scratch, 1, s->rows);

  double *sums = calloc((size_t)(height * row), sizeof *sums), *magnitudes = calloc((size_t)(height * row), sizeof *sums);
  for (int o = 0; o < s->outputs; o++)
    for (int y = 0; y < s->rows; y++)
      for (int x = 0; x < s->columns; x++)
        for (int i = 0; i < taps * s->channels; i++) {
          const ptrdiff_t to = y * p.next_row + i / run * row + x * p.next_column + i % run;
          const double term = (double)*element(&gradient, o, y, x) * weights[o * taps * s->channels + i];
          sums[to] += term, magnitudes[to] += fabs(term);
        }
  const double terms = (double)s->outputs * taps;
  for (int i = 0; i < height * row; i++) expect(picture[i], 0.5 + sums[i], terms * ROUNDING * (magnitudes[i] + 0.5));
  digest(picture, (size_t)(height * row));
}

void check_pictures(void) {
  static const shape shapes[] = {{3, 64, 7, 7, 2, 2, 5, 33}, {3, 17, 3, 3, 1, 1, 4, 9}, {1, 5, 5, 5, 1, 1, 3, 1},
                                 {3, 32, 16, 16, 16, 16, 2, 3}, {15, 33, 1, 4, 1, 1, 2, 40}, {5, 16, 3, 2, 4, 3, 3, 7}};
  for (int i = 0; i < COUNT(shapes); i++) check(&shapes[i]);
}
