// The gradient of a convolution's weights, directly and by Winograd's method, and weights turned round.
#include "check.h"

typedef struct {
  int channels, outputs, size, stride, rows, columns, images, interleaved;
} shape;

typedef struct {
  feature_map source, gradient;  // images lie one behind the other, as blocks
  int input_blocks, blocks;
  ptrdiff_t taps[25];
  kernel_weight_gradient w;
} fixture;

static fixture fixture_of(const shape *s) {
  fixture f = {.input_blocks = (s->channels + 15) / 16, .blocks = (s->outputs + 15) / 16};
  const int last = s->images - 1, across = (s->columns - 1) * s->stride + s->size;
  const int down = (s->rows - 1) * s->stride + s->size;
  f.source = any_map(16 * f.input_blocks * last + s->channels, down, across, 0, 16);
  if (s->interleaved) {
    f.source.map = (kernel_map){any_numbers((size_t)(s->images * down * across * s->channels)),
                                (ptrdiff_t)down * across * s->channels, across * s->channels, s->channels};
  }
  f.gradient = any_map(16 * f.blocks * last + s->outputs, s->rows, s->columns, 1, 16);
  for (int t = 0; t < s->size * s->size; t++)
    f.taps[t] = t / s->size * f.source.map.row + t % s->size * f.source.map.pixel;
  f.w = (kernel_weight_gradient){.source = f.source.map, .channels = s->channels, .tap_count = s->size * s->size,
                                 .source_image = f.input_blocks * f.source.map.block, .gradient = f.gradient.map,
                                 .gradient_image = f.blocks * f.gradient.map.block, .images = s->images,
                                 .rows = s->rows, .columns = s->columns};
  f.w.source.row *= s->stride, f.w.source.pixel *= s->stride;
  f.w.weights = same_numbers((size_t)(f.blocks * f.input_blocks * s->size * s->size) * 256, NAN);
  return f;
}

static float gradient_at(const fixture *f, int image, int o, int y, int x) {
  return *element(&f->gradient, 16 * f->blocks * image + o, y, x);
}

// Σ over images and pixels of gradient · source, and of its magnitude.
static double sum_of(const shape *s, const fixture *f, int o, int c, int t, double *magnitude) {
  double sum = 0;
  for (int image = 0; image < s->images; image++)
    for (int y = 0; y < s->rows; y++)
      for (int x = 0; x < s->columns; x++) {
        const float *source = f->source.map.data + image * f->w.source_image + c / 16 * f->source.map.block +
                              y * f->w.source.row + x * f->w.source.pixel + f->taps[t] + c % 16;
        const double term = (double)gradient_at(f, image, o, y, x) * *source;
        sum += term, *magnitude += fabs(term);
      }
  return sum;
}

static void check_direct(const shape *s) {
  checking("kernel_convolve_weights");
  fixture f = fixture_of(s);
  f.w.taps = f.taps;
  f.w.bias = same_numbers((size_t)(16 * f.blocks), NAN);
  kernel_convolve_weights(&f.w, 0, f.blocks, 0, f.input_blocks / 2);
  kernel_convolve_weights(&f.w, 0, f.blocks / 2, f.input_blocks / 2, f.input_blocks);
  kernel_convolve_weights(&f.w, f.blocks / 2, f.blocks, f.input_blocks / 2, f.input_blocks);
  const int taps = f.w.tap_count;
  const double terms = (double)s->images * s->rows * s->columns;
  for (int o = 0; o < s->outputs; o++) {
    double bias = 0;
    for (int i = 0; i < s->images * s->rows * s->columns; i++)
      bias += gradient_at(&f, i / s->columns / s->rows, o, i / s->columns % s->rows, i % s->columns);
    expect(f.w.bias[o], bias, terms * ROUNDING * (terms + 1));
    for (int c = 0; c < s->channels; c++)
      for (int t = 0; t < taps; t++) {
        double magnitude = 1;
        const double sum = sum_of(s, &f, o, c, t, &magnitude);
        const float *w = f.w.weights + ((o / 16 * f.input_blocks + c / 16) * taps + t) * 256 + c % 16 * 16 + o % 16;
        expect(*w, sum, terms * ROUNDING * magnitude);
        digest(w, 1);
      }
  }
}

static void check_winograd_sums(const shape *s) {
  checking("kernel_winograd_weight_fold");
  fixture f = fixture_of(s);
  const int tiles = kernel_winograd_tiles(4, s->rows, s->columns) * s->images, first = (tiles + 1) / 2;
  float *points = same_numbers(kernel_winograd_weight_scratch(s->channels, f.blocks, first), NAN);
  float *sums = same_numbers((size_t)(36 * f.blocks * f.input_blocks) * 256, 0);
  for (int begin = 0; begin < tiles; begin += first) {
    const int count = begin + first < tiles ? first : tiles - begin;
    kernel_winograd_weight_points(&f.w, f.blocks, points, begin, begin + count);
    kernel_winograd_weight_sums(points, sums, f.input_blocks, f.blocks, count, 0, 7);
    kernel_winograd_weight_sums(points, sums, f.input_blocks, f.blocks, count, 7, 36);
  }
  kernel_winograd_weight_fold(sums, f.input_blocks, f.blocks, f.w.weights, 0, f.blocks);
  double error = 0, norm = 0;
  for (int o = 0; o < s->outputs; o++)
    for (int c = 0; c < s->channels; c++)
      for (int t = 0; t < 9; t++) {
        double magnitude = 0;
        const double sum = sum_of(s, &f, o, c, t, &magnitude);
        const float *w = f.w.weights + ((o / 16 * f.input_blocks + c / 16) * 9 + t) * 256 + c % 16 * 16 + o % 16;
        error += (*w - sum) * (*w - sum), norm += sum * sum;
        digest(w, 1);
      }
  expect(sqrt(error / norm), 0, 2e-6);
}

static void check_turned(void) {
  checking("kernel_transpose_weights");
  const int from = 2, to = 3, taps = 6, order[] = {5, 0, 3, 2};
  const float *weights = any_numbers(2 * 3 * 6 * 256);
  float *turned = same_numbers(3 * 2 * 4 * 256, NAN);
  kernel_transpose_weights(weights, turned, from, to, taps, order, COUNT(order));
  for (int a = 0; a < to; a++)
    for (int b = 0; b < from; b++)
      for (int t = 0; t < COUNT(order); t++)
        for (int i = 0; i < 256; i++)
          expect(turned[((a * from + b) * COUNT(order) + t) * 256 + i],
                 weights[((b * to + a) * taps + order[t]) * 256 + i % 16 * 16 + i / 16], 0);
}

void check_weight_gradients(void) {
  static const shape direct[] = {{3, 17, 3, 1, 4, 9, 2, 1},   {1, 16, 5, 2, 3, 7, 1, 1},   {16, 40, 1, 1, 5, 5, 1, 0},
                                 {19, 33, 3, 2, 3, 11, 3, 0}, {40, 16, 2, 1, 2, 150, 1, 0}, {5, 5, 3, 1, 1, 1, 1, 0}};
  for (int i = 0; i < COUNT(direct); i++) check_direct(&direct[i]);
  static const shape winograd[] = {{3, 17, 3, 1, 4, 9, 2, 0}, {40, 16, 3, 1, 11, 7, 1, 0}, {16, 33, 3, 1, 1, 1, 3, 0}};
  for (int i = 0; i < COUNT(winograd); i++) check_winograd_sums(&winograd[i]);
  check_turned();
}
