// Convolution in bfloat16, where the processor has it: the definition over numbers that are rounded beforehand.
#include "check.h"

static uint16_t bits_of(float x) {
  uint32_t bits;
  memcpy(&bits, &x, sizeof bits);
  return (uint16_t)((bits + 0x7FFF + (bits >> 16 & 1)) >> 16);
}

static float rounded(float x) {
  const uint32_t bits = (uint32_t)bits_of(x) << 16;
  float result;
  memcpy(&result, &bits, sizeof result);
  return result;
}

static void check_rounding(void) {
  checking("kernel_to_bfloat16");
  const float *from = any_numbers(48);
  float *to = same_numbers(24, NAN);
  kernel_to_bfloat16(from, to, 48);
  uint16_t halves[48];
  memcpy(halves, to, sizeof halves);
  for (int i = 0; i < 48; i++) expect_that(halves[i] == bits_of(from[i]), "rounds %g to %04x", from[i], halves[i]);
}

static void check(int channels, int outputs, int size, int stride, int rows, int columns, int parts) {
  checking("kernel_convolve_bfloat16");
  const int from_rows = (rows - 1) * stride + size, from_columns = (columns - 1) * stride + size;
  const feature_map source = any_map(channels, from_rows, from_columns, 0, 16);
  const feature_map destination = any_map(outputs, rows, columns, 1, 16), before = copy_of(&destination);
  const int taps = size * size;
  const size_t count = (size_t)(destination.blocks * source.blocks * taps) * 256;
  const float *weights = any_numbers(count);
  float *halves = same_numbers(source.count / 2, NAN);
  kernel_to_bfloat16(source.memory, halves, (ptrdiff_t)source.count);
  uint32_t *pairs = malloc(count / 2 * sizeof *pairs);
  for (size_t i = 0; i < count / 2; i++) {
    const float *row = weights + i / 16 * 32 + i % 16;
    pairs[i] = bits_of(row[0]) | (uint32_t)bits_of(row[16]) << 16;
  }
  const any_epilogue e = epilogue_of(parts, outputs, rows, columns);
  ptrdiff_t *offsets = malloc((size_t)taps * sizeof *offsets);
  for (int t = 0; t < taps; t++) offsets[t] = t / size * source.map.row / 2 + t % size * 8;
  const kernel_convolution c = {
      {halves, source.map.block / 2, source.map.row / 2 * stride, 8 * stride}, channels, offsets, taps,
      (const float *)pairs, destination.map, destination.blocks, rows, columns, e.e};
  kernel_convolve_bfloat16(&c, 0, destination.blocks / 2, 0, rows);
  kernel_convolve_bfloat16(&c, destination.blocks / 2, destination.blocks, 0, rows / 2);
  kernel_convolve_bfloat16(&c, destination.blocks / 2, destination.blocks, rows / 2, rows);
  for (int o = 0; o < outputs; o++)
    for (int i = 0; i < rows * columns; i++) {
      double sum = 0, magnitude = 1;
      for (int k = 0; k < channels; k++)
        for (int t = 0; t < taps; t++) {
          const float x = *element(&source, k, i / columns * stride + t / size, i % columns * stride + t % size);
          const float w = weights[((o / 16 * source.blocks + k / 16) * taps + t) * 256 + k % 16 * 16 + o % 16];
          const double term = (double)rounded(x) * rounded(w);
          sum += term, magnitude += fabs(term);
        }
      expect_stored(&e, sum, channels * taps * ROUNDING * magnitude, &destination, &before, o, i / columns,
                    i % columns);
    }
  expect_untouched(&destination, &before);
}

void check_bfloat16(void) {
  // One set stands for it, so that the others compare with processors that have none.
  if (!kernel_has_bfloat16() || strcmp(kernel_instruction_set(), "avx512") != 0) return;
  check_rounding();
  check(16, 16, 1, 1, 1, 1, 0);
  check(17, 40, 3, 1, 7, 29, BIAS | CLAMP);
  check(64, 33, 1, 2, 5, 14, ALL_PARTS);
  check(5, 16, 3, 2, 4, 9, BIAS | ACCUMULATE);
  check(40, 64, 1, 1, 1, 197, BIAS | ADDEND);
  check(32, 48, 2, 3, 6, 5, MASK);
}
