// Direct and depthwise convolution.
#include "check.h"

typedef struct {
  int channels, outputs, size_y, size_x, stride, dilation, rows, columns, pixel, destination_pixel, depthwise, parts;
} shape;

// The definition of output (o, y, x), and Σ |terms|.
static double sum_of(const shape *s, const feature_map *source, const float *weights, int o, int y, int x,
                     double *magnitude) {
  const int taps = s->size_y * s->size_x, input_blocks = (s->channels + 15) / 16;
  double sum = 0;
  for (int c = s->depthwise ? o : 0; c < (s->depthwise ? o + 1 : s->channels); c++)
    for (int t = 0; t < taps; t++) {
      const int row = y * s->stride + t / s->size_x * s->dilation;
      const int column = x * s->stride + t % s->size_x * s->dilation;
      const float value = s->pixel < 16 ? source->map.data[row * source->map.row + column * s->pixel + c]
                                        : *element(source, c, row, column);
      const float weight = s->depthwise ? weights[(o / 16 * taps + t) * 16 + o % 16]
                                        : weights[((o / 16 * input_blocks + c / 16) * taps + t) * 256 +
                                                  c % 16 * 16 + o % 16];
      sum += (double)weight * value;
      *magnitude += fabs((double)weight * value);
    }
  return sum;
}

static int extent(const shape *s, int outputs, int size) {
  return (outputs - 1) * s->stride + (size - 1) * s->dilation + 1;
}

// A map in blocks, or a picture of interleaved pixels.
static feature_map source_of(const shape *s) {
  const int rows = extent(s, s->rows, s->size_y), columns = extent(s, s->columns, s->size_x);
  if (s->pixel == 16) return any_map(s->channels, rows, columns, 1, 16);
  feature_map m = {.channels = s->channels, .blocks = 1, .rows = rows, .columns = columns};
  m.map = (kernel_map){.block = 0, .row = (ptrdiff_t)columns * s->pixel, .pixel = s->pixel};
  m.map.data = m.memory = any_numbers(m.count = (size_t)(rows * m.map.row));
  return m;
}

static void check(const shape *s) {
  checking(s->depthwise ? "kernel_convolve_depthwise" : "kernel_convolve");
  const feature_map source = source_of(s);
  const int outputs = s->depthwise ? s->channels : s->outputs, taps = s->size_y * s->size_x;
  const feature_map destination = any_map(outputs, s->rows, s->columns, 1, s->destination_pixel);
  const feature_map before = copy_of(&destination);
  const size_t each = s->depthwise ? 16 : 256 * (size_t)((s->channels + 15) / 16);
  float *weights = any_numbers((size_t)(destination.blocks * taps) * each);
  const any_epilogue e = epilogue_of(s->parts, outputs, s->rows, s->columns);
  ptrdiff_t *offsets = malloc((size_t)taps * sizeof *offsets);
  for (int t = 0; t < taps; t++)
    offsets[t] = (t / s->size_x * source.map.row + t % s->size_x * source.map.pixel) * s->dilation;
  kernel_convolution c = {source.map, s->channels, offsets, taps, weights, destination.map,
                          destination.blocks, s->rows, s->columns, e.e};
  c.source.row *= s->stride, c.source.pixel *= s->stride;
  void (*const run)(const kernel_convolution *, int, int, int, int) =
      s->depthwise ? kernel_convolve_depthwise : kernel_convolve;
  // In uneven parts, as threads would.
  const int block = destination.blocks / 2, row = s->rows / 3;
  run(&c, 0, block, 0, s->rows);
  run(&c, block, destination.blocks, 0, row);
  run(&c, block, destination.blocks, row, s->rows);
  for (int o = 0; o < outputs; o++)
    for (int y = 0; y < s->rows; y++)
      for (int x = 0; x < s->columns; x++) {
        double magnitude = 1;
        const double sum = sum_of(s, &source, weights, o, y, x, &magnitude);
        const double terms = (double)(s->depthwise ? 1 : s->channels) * taps;
        expect_stored(&e, sum, terms * ROUNDING * magnitude, &destination, &before, o, y, x);
      }
  expect_untouched(&destination, &before);
}

void check_convolution(void) {
  static const int channels[] = {1, 3, 5, 16, 17, 40}, outputs[] = {1, 16, 17, 40, 64};
  static const int sizes[][2] = {{1, 1}, {3, 3}, {1, 7}, {5, 2}}, rows[] = {1, 2, 7, 3};
  static const int strides[] = {1, 2, 1, 3, 1, 4, 1};
  for (int depthwise = 0; depthwise < 2; depthwise++)
    for (int columns = 1; columns <= 33; columns++) {
      shape s = {channels[columns % 6], outputs[columns % 5], sizes[columns / 2 % 4][0], sizes[columns / 2 % 4][1],
                 strides[columns % 7], columns % 4 == 3 ? 2 : 1, rows[columns % 4], columns, 16,
                 columns % 5 == 4 ? 32 : 16, depthwise, columns % 7 == 0 ? ALL_PARTS : 1 << columns % 7 >> 1};
      if (!depthwise && s.channels < 16 && columns % 3 != 0) s.pixel = s.channels;
      check(&s);
    }
  // First layers: runs of taps, and windows too large to be packed.
  static const shape pictures[] = {
      {3, 64, 7, 7, 2, 1, 5, 29, 3, 16, 0, BIAS | CLAMP}, {1, 20, 2, 16, 1, 1, 3, 9, 1, 16, 0, 0},
      {3, 17, 16, 16, 16, 1, 2, 3, 3, 16, 0, BIAS},       {4, 17, 16, 16, 16, 1, 2, 3, 4, 16, 0, 0},
      {3, 33, 17, 17, 1, 1, 2, 5, 3, 16, 0, ALL_PARTS}};
  for (int i = 0; i < COUNT(pictures); i++) check(&pictures[i]);
}
