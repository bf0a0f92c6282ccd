#include "check.h"

feature_map any_map(int channels, int rows, int columns, int ring, int pixel) {
  feature_map m = {.channels = channels, .blocks = (channels + 15) / 16, .rows = rows, .columns = columns};
  m.map.pixel = pixel;
  m.map.row = (ptrdiff_t)(columns + 2 * ring) * pixel;
  m.map.block = (rows + 2 * ring) * m.map.row;
  m.count = (size_t)(m.blocks * m.map.block);
  m.memory = same_numbers(m.count, NAN);
  m.map.data = m.memory + ring * (m.map.row + m.map.pixel);
  for (int c = 0; c < 16 * m.blocks; c++)
    for (int y = 0; y < rows; y++)
      for (int x = 0; x < columns; x++) *element(&m, c, y, x) = c < channels ? any_number() : 0;
  return m;
}

float *element(const feature_map *m, int channel, int row, int column) {
  return m->map.data + channel / 16 * m->map.block + row * m->map.row + column * m->map.pixel + channel % 16;
}

feature_map copy_of(const feature_map *m) {
  feature_map copy = *m;
  copy.memory = same_numbers(m->count, 0);
  memcpy(copy.memory, m->memory, m->count * sizeof(float));
  copy.map.data = copy.memory + (m->map.data - m->memory);
  return copy;
}

void expect_untouched(const feature_map *after, const feature_map *before) {
  const feature_map restored = copy_of(after);
  for (int c = 0; c < 16 * after->blocks; c++)
    for (int y = 0; y < after->rows; y++)
      for (int x = 0; x < after->columns; x++) {
        if (c < after->channels) digest(element(after, c, y, x), 1);
        *element(&restored, c, y, x) = *element(before, c, y, x);
      }
  expect_that(memcmp(restored.memory, before->memory, before->count * sizeof(float)) == 0,
              "wrote beside the pixels of a map of %d × %d × %d", after->channels, after->rows, after->columns);
}

any_epilogue epilogue_of(int parts, int channels, int rows, int columns) {
  any_epilogue e = {.parts = parts, .e = {.lower = -INFINITY, .upper = INFINITY}};
  if (parts & BIAS) e.e.bias = any_numbers((size_t)((channels + 15) / 16 * 16));
  e.e.accumulate = (parts & ACCUMULATE) != 0;
  if (parts & ADDEND) {
    e.addend = any_map(channels, rows, columns, 1, 16);
    e.e.addend = e.addend.map;
  }
  if (parts & BEND) {
    e.e.activation = (kernel_activation){.function = KERNEL_SWISH, .alpha = 1.5f};
    e.slopes = any_map(channels, rows, columns, 1, 16);
    e.e.slopes = e.slopes.map;
  }
  if (parts & CLAMP) e.e.lower = -0.3f, e.e.upper = 0.8f;
  if (parts & MASK) {
    e.mask = any_map(channels, rows, columns, 0, 32);
    e.e.mask = e.mask.map;
    e.e.mask_lower = -0.25f, e.e.mask_upper = 0.5f;
  }
  if (parts & FACTOR) {
    e.factor = any_map(channels, rows, columns, 0, 32);
    e.e.factor = e.factor.map;
  }
  return e;
}

double bent(const any_epilogue *e, double x) { return x / (1 + exp(-(double)e->e.activation.alpha * x)); }

double slope_of(const any_epilogue *e, double x) {
  const double alpha = e->e.activation.alpha, y = 1 / (1 + exp(-alpha * x));
  return y + alpha * x * y * (1 - y);
}

void expect_stored(const any_epilogue *e, double sum, double tolerance, const feature_map *after,
                   const feature_map *before, int channel, int row, int column) {
  double value = sum;
  if (e->parts & BIAS) value += e->e.bias[channel];
  if (e->parts & ACCUMULATE) value += *element(before, channel, row, column);
  if (e->parts & ADDEND) value += *element(&e->addend, channel, row, column);
  // Each of three additions rounds a number below |sum| + 3.
  tolerance += 3 * ROUNDING * (fabs(sum) + 3);
  if (e->parts & BEND) {
    // Neither derivative exceeds 1.1; the exponential is off by 2 units in the last place.
    tolerance = 1.1 * tolerance + 16 * ROUNDING * (fabs(value) + 1);
    expect(*element(&e->slopes, channel, row, column), slope_of(e, value), tolerance);
    value = bent(e, value);
  }
  if (e->parts & CLAMP) value = fmin(fmax(value, e->e.lower), e->e.upper);
  if (e->parts & MASK) {
    const float mask = *element(&e->mask, channel, row, column);
    if (!(mask > e->e.mask_lower && mask < e->e.mask_upper)) value = tolerance = 0;
  }
  if (e->parts & FACTOR) value *= *element(&e->factor, channel, row, column), tolerance += ROUNDING * fabs(value);
  expect(*element(after, channel, row, column), value, tolerance);
}
