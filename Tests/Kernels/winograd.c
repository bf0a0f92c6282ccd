// Winograd's convolution, of batches too.
#include "check.h"

typedef struct {
  int channels, outputs, rows, columns, window, side, pixel, images, parts;
} shape;

typedef struct {
  const shape *s;
  feature_map source, destination, before;
  const float *weights;
  any_epilogue e;
  int blocks;  // of outputs
} fixture;

// The definition of an output, and Σ of its terms' squares.
static double sum_of(const fixture *f, int image, int o, int y, int x, double *squares) {
  const shape *s = f->s;
  const int input_blocks = (s->channels + 15) / 16, taps = s->window * s->window;
  double sum = 0;
  for (int c = 0; c < s->channels; c++)
    for (int t = 0; t < taps; t++) {
      const double term =
          (double)f->weights[((o / 16 * input_blocks + c / 16) * taps + t) * 256 + c % 16 * 16 + o % 16] *
          *element(&f->source, 16 * input_blocks * image + c, y + t / s->window, x + t % s->window);
      sum += term, *squares += term * term;
    }
  return sum;
}

static double after_epilogue(const fixture *f, double value, int o, int y, int x) {
  const any_epilogue *e = &f->e;
  if (e->parts & BIAS) value += e->e.bias[o % (16 * f->blocks)];
  if (e->parts & ACCUMULATE) value += *element(&f->before, o, y, x);
  if (e->parts & ADDEND) value += *element(&e->addend, o, y, x);
  if (e->parts & BEND) value = bent(e, value);
  if (e->parts & CLAMP) value = fmin(fmax(value, e->e.lower), e->e.upper);
  if (e->parts & MASK) {
    const float mask = *element(&e->mask, o, y, x);
    if (!(mask > e->e.mask_lower && mask < e->e.mask_upper)) value = 0;
  }
  return e->parts & FACTOR ? value * *element(&e->factor, o, y, x) : value;
}

static void run(const fixture *f) {
  const shape *s = f->s;
  const int points = (s->side + s->window - 1) * (s->side + s->window - 1), input_blocks = (s->channels + 15) / 16;
  float *weights = same_numbers((size_t)(points * f->blocks * input_blocks) * 256, NAN);
  kernel_winograd_weights(f->weights, s->window, s->side, s->channels, f->blocks, weights);
  float *scratch = same_numbers(kernel_winograd_scratch(s->channels, f->blocks), NAN);
  const kernel_convolution c = {.source = f->source.map, .channels = s->channels, .tap_count = s->window * s->window,
                                .weights = weights, .destination = f->destination.map, .blocks = f->blocks,
                                .rows = s->rows, .columns = s->columns, .epilogue = f->e.e};
  const int tiles = kernel_winograd_tiles(s->side, s->rows, s->columns) * s->images;
  if (s->images == 1) {
    kernel_convolve_winograd(&c, s->side, scratch, 0, f->blocks / 2, 0, tiles);
    kernel_convolve_winograd(&c, s->side, scratch, f->blocks / 2, f->blocks, 0, tiles / 2);
    kernel_convolve_winograd(&c, s->side, scratch, f->blocks / 2, f->blocks, tiles / 2, tiles);
  } else {
    const kernel_batch batch = {input_blocks * f->source.map.block, f->blocks * f->destination.map.block,
                                f->blocks * f->e.addend.map.block, f->blocks * f->e.mask.map.block};
    kernel_convolve_winograd_batch(&c, &batch, s->side, scratch, 0, f->blocks, 0, tiles);
  }
}

static void check(const shape *s) {
  checking(s->images == 1 ? "kernel_convolve_winograd" : "kernel_convolve_winograd_batch");
  fixture f = {.s = s, .blocks = (s->outputs + 15) / 16};
  const int input_blocks = (s->channels + 15) / 16, last = s->images - 1;
  f.source = any_map(16 * input_blocks * last + s->channels, s->rows + s->window - 1, s->columns + s->window - 1, 1, 16);
  f.destination = any_map(16 * f.blocks * last + s->outputs, s->rows, s->columns, 1, s->pixel);
  f.before = copy_of(&f.destination);
  f.weights = any_numbers((size_t)(f.blocks * input_blocks * s->window * s->window) * 256);
  f.e = epilogue_of(s->parts, f.destination.channels, s->rows, s->columns);
  run(&f);
  double error = 0, squares = 0;
  for (int image = 0; image < s->images; image++)
    for (int o = 0; o < s->outputs; o++)
      for (int y = 0; y < s->rows; y++)
        for (int x = 0; x < s->columns; x++) {
          const int place = 16 * f.blocks * image + o;
          const double right = after_epilogue(&f, sum_of(&f, image, o, y, x, &squares), place, y, x);
          const double distance = *element(&f.destination, place, y, x) - right;
          error += distance * distance;
        }
  // The points' values are some times as large as the terms; the usual points ±1, ±2 yield twice this error.
  expect(sqrt(error / squares), 0, 2e-6);
  expect_untouched(&f.destination, &f.before);
}

void check_winograd(void) {
  static const int kinds[][2] = {{3, 4}, {3, 2}, {5, 2}}, channels[] = {1, 3, 5, 16, 17, 40};
  static const int outputs[] = {1, 16, 17, 40, 64}, rows[] = {1, 2, 7, 4, 5};
  for (int kind = 0; kind < 3; kind++)
    for (int columns = 1; columns <= 33; columns++) {
      const shape s = {channels[columns % 6], outputs[columns % 5], rows[columns / 2 % 5], columns,
                       kinds[kind][0], kinds[kind][1], columns % 5 == 4 ? 32 : 16, 1,
                       columns % 7 == 0 ? ALL_PARTS : 1 << columns % 7 >> 1};
      check(&s);
    }
  // More tiles and more output blocks than are taken at once; several images.
  static const shape more[] = {{20, 17, 36, 37, 3, 4, 16, 1, BIAS}, {40, 130, 15, 16, 3, 2, 16, 1, 0},
                               {270, 18, 22, 21, 3, 4, 16, 1, 0},   {19, 40, 6, 15, 3, 4, 16, 3, ADDEND | MASK},
                               {17, 16, 9, 5, 5, 2, 16, 2, CLAMP}};
  for (int i = 0; i < COUNT(more); i++) check(&more[i]);
}
