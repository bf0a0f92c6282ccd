// Pooling, there and back.
#include "check.h"

typedef struct {
  int channels, rows, columns, size_y, size_x, stride_y, stride_x, dilation, pad, parts;
} shape;

typedef struct {
  feature_map input, output, gradient, back, before;
  kernel_pooling p;
  any_epilogue e;
} fixture;

static int outputs_of(int inputs, int size, int stride, const shape *s) {
  return (inputs + 2 * s->pad - s->dilation * (size - 1) - 1) / stride + 1;
}

static fixture fixture_of(const shape *s) {
  fixture f = {.input = any_map(s->channels, s->rows, s->columns, 1, 16)};
  const int rows = outputs_of(s->rows, s->size_y, s->stride_y, s);
  const int columns = outputs_of(s->columns, s->size_x, s->stride_x, s);
  f.output = any_map(s->channels, rows, columns, 1, 16);
  f.gradient = any_map(s->channels, rows, columns, 1, 16);
  f.back = any_map(s->channels, s->rows, s->columns, 1, 16);
  f.before = copy_of(&f.back);
  f.p = (kernel_pooling){f.input.map, f.output.map, s->rows, s->columns, rows, columns, s->size_y, s->size_x,
                         s->stride_y, s->stride_x, s->dilation, s->dilation, s->pad, s->pad};
  f.e = epilogue_of(s->parts, s->channels, s->rows, s->columns);
  return f;
}

// The input under a tap of an output, or −1 outside.
static int input_of(int output, int tap, int stride, int inputs, const shape *s) {
  const int i = output * stride - s->pad + tap * s->dilation;
  return i >= 0 && i < inputs ? i : -1;
}

// Whether tap t of output (oy, ox) has an input (y, x).
static int is_inside(const shape *s, int oy, int ox, int t, int *y, int *x) {
  *y = input_of(oy, t / s->size_x, s->stride_y, s->rows, s);
  *x = input_of(ox, t % s->size_x, s->stride_x, s->columns, s);
  return *y >= 0 && *x >= 0;
}

static void check_back(const shape *s, const fixture *f, const double *sums) {
  const double terms = s->size_y * s->size_x;
  for (int c = 0; c < s->channels; c++)
    for (int y = 0; y < s->rows; y++)
      for (int x = 0; x < s->columns; x++)
        expect_stored(&f->e, sums[(c * s->rows + y) * s->columns + x], terms * ROUNDING * (terms + 1), &f->back,
                      &f->before, c, y, x);
  expect_untouched(&f->back, &f->before);
}

static void check_max(const shape *s) {
  checking("kernel_max_pool");
  fixture f = fixture_of(s);
  *element(&f.input, 0, s->rows / 2, s->columns / 2) = NAN;
  *element(&f.input, s->channels - 1, 0, 0) = -INFINITY;
  const feature_map before = copy_of(&f.output);
  uint8_t *winners = malloc((size_t)(f.output.blocks * f.output.rows * f.output.columns) * 16);
  kernel_max_pool(&f.p, winners, 0, f.output.blocks, 0, f.output.rows / 2);
  kernel_max_pool(&f.p, winners, 0, f.output.blocks, f.output.rows / 2, f.output.rows);
  double *sums = calloc((size_t)(s->channels * s->rows * s->columns), sizeof *sums);
  for (int c = 0; c < s->channels; c++)
    for (int oy = 0; oy < f.output.rows; oy++)
      for (int ox = 0; ox < f.output.columns; ox++) {
        int winner = -1;
        float best = -INFINITY;
        int y, x;
        for (int t = 0; t < s->size_y * s->size_x; t++) {
          if (!is_inside(s, oy, ox, t, &y, &x)) continue;
          const float v = *element(&f.input, c, y, x);
          if (winner < 0 || v > best || (isnan(v) && !isnan(best))) best = v, winner = t;
        }
        expect(*element(&f.output, c, oy, ox), best, 0);
        const int won = winners[((c / 16 * f.output.rows + oy) * f.output.columns + ox) * 16 + c % 16];
        expect_that(won == winner, "tap %d wins instead of %d", won, winner);
        is_inside(s, oy, ox, winner, &y, &x);
        sums[(c * s->rows + y) * s->columns + x] += *element(&f.gradient, c, oy, ox);
      }
  expect_untouched(&f.output, &before);
  kernel_max_pool(&f.p, NULL, 0, f.output.blocks, 0, f.output.rows);
  expect_untouched(&f.output, &before);
  checking("kernel_max_pool_backward");
  kernel_pooling p = f.p;
  p.input = f.back.map, p.output = f.gradient.map;
  kernel_max_pool_backward(&p, winners, &f.e.e, 0, f.back.blocks, 0, s->rows / 3);
  kernel_max_pool_backward(&p, winners, &f.e.e, 0, f.back.blocks, s->rows / 3, s->rows);
  check_back(s, &f, sums);
}

static void check_average(const shape *s) {
  checking("kernel_average_pool");
  const fixture f = fixture_of(s);
  const feature_map before = copy_of(&f.output);
  const float *scale_y = any_numbers((size_t)f.output.rows), *scale_x = any_numbers((size_t)f.output.columns);
  const any_epilogue e = epilogue_of(s->parts, s->channels, f.output.rows, f.output.columns);
  kernel_average_pool(&f.p, scale_y, scale_x, &e.e, 0, f.output.blocks, 0, f.output.rows);
  const double terms = s->size_y * s->size_x;
  double *sums = calloc((size_t)(s->channels * s->rows * s->columns), sizeof *sums);
  for (int c = 0; c < s->channels; c++)
    for (int oy = 0; oy < f.output.rows; oy++)
      for (int ox = 0; ox < f.output.columns; ox++) {
        const double scale = (double)scale_y[oy] * scale_x[ox];
        double sum = 0;
        for (int t = 0, y, x; t < s->size_y * s->size_x; t++) {
          if (!is_inside(s, oy, ox, t, &y, &x)) continue;
          sum += *element(&f.input, c, y, x);
          sums[(c * s->rows + y) * s->columns + x] += scale * *element(&f.gradient, c, oy, ox);
        }
        expect_stored(&e, sum * scale, (terms + 3) * ROUNDING * (terms + 1), &f.output, &before, c, oy, ox);
      }
  expect_untouched(&f.output, &before);
  checking("kernel_average_pool_backward");
  kernel_pooling p = f.p;
  p.input = f.back.map, p.output = f.gradient.map;
  kernel_average_pool_backward(&p, scale_y, scale_x, &f.e.e, 0, f.back.blocks, 0, s->rows);
  check_back(s, &f, sums);
}

void check_pooling(void) {
  static const shape shapes[] = {
      {17, 9, 33, 3, 3, 2, 2, 1, 1, 0},  {16, 8, 8, 2, 2, 2, 2, 1, 0, ACCUMULATE}, {5, 7, 21, 3, 3, 1, 1, 1, 1, MASK},
      {40, 12, 13, 3, 2, 1, 3, 2, 1, 0}, {3, 5, 5, 5, 5, 1, 1, 1, 0, ADDEND},      {16, 11, 19, 1, 1, 2, 2, 1, 0, 0},
      {20, 30, 5, 7, 2, 3, 1, 1, 1, CLAMP}, {1, 1, 1, 1, 1, 1, 1, 1, 0, 0},        {33, 4, 40, 3, 3, 1, 2, 1, 1, ALL_PARTS & ~BIAS},
      // Of all inputs.
      {20, 6, 19, 6, 19, 1, 1, 1, 0, ACCUMULATE | FACTOR}};
  for (int i = 0; i < COUNT(shapes); i++) check_max(&shapes[i]);
  for (int i = 0; i < COUNT(shapes); i++) check_average(&shapes[i]);
}
