// Planar rows and interleaved pixels to channel blocks and back; borders.
#include "check.h"

static void check_blocks(int channels, int rows, int columns) {
  checking("kernel_block");
  const ptrdiff_t row = columns + 3, plane = rows * row + 5;
  float *planar = any_numbers((size_t)(channels * plane));
  const feature_map map = any_map(channels, rows, columns, 1, 16), before = copy_of(&map);
  kernel_block(planar, plane, row, map.map, channels, rows, columns);
  for (int c = 0; c < 16 * map.blocks; c++)
    for (int y = 0; y < rows; y++)
      for (int x = 0; x < columns; x++)
        expect(*element(&map, c, y, x), c < channels ? planar[c * plane + y * row + x] : 0, 0);
  expect_untouched(&map, &before);

  checking("kernel_block_add");
  kernel_block_add(planar, plane, row, map.map, channels, rows, columns);
  for (int c = 0; c < channels; c++)
    for (int i = 0; i < rows * columns; i++)
      expect(*element(&map, c, i / columns, i % columns), 2 * planar[c * plane + i / columns * row + i % columns], 0);
  expect_untouched(&map, &before);

  checking("kernel_unblock");
  float *back = same_numbers((size_t)(channels * plane), NAN);
  kernel_unblock(map.map, back, plane, row, channels, rows, columns);
  for (int c = 0; c < channels; c++)
    for (int i = 0; i < plane; i++) {
      const int is_pixel = i < rows * row && i % row < columns;
      expect(back[c * plane + i], is_pixel ? 2 * planar[c * plane + i] : NAN, 0);
    }
}

static void check_pixels(int channels, int rows, int columns) {
  checking("kernel_interleave");
  static const int orders[][4] = {{0}, {0}, {1, 0}, {2, 0, 1}, {3, 1, 0, 2}};
  const int *order = orders[channels];
  const ptrdiff_t row = columns + 1, plane = rows * row, pixels_row = columns * channels + 2;
  const float *planar = any_numbers((size_t)(channels * plane));
  const float *scale = any_numbers(4), *shift = any_numbers(4);
  float *pixels = same_numbers((size_t)(rows * pixels_row), NAN), *back = same_numbers((size_t)(channels * plane), NAN);
  kernel_interleave(planar, plane, row, pixels, pixels_row, channels, order, scale, shift, rows, columns);
  for (int y = 0; y < rows; y++)
    for (int i = 0; i < pixels_row; i++) {
      const int c = i % channels;
      const double v = i < columns * channels
                           ? (double)scale[c] * planar[order[c] * plane + y * row + i / channels] + shift[c]
                           : NAN;
      expect(pixels[y * pixels_row + i], v, 4 * ROUNDING);
    }
  digest(pixels, (size_t)(rows * pixels_row));

  checking("kernel_deinterleave");
  kernel_deinterleave(pixels, pixels_row, back, plane, row, channels, order, scale, rows, columns);
  for (int c = 0; c < channels; c++)
    for (int i = 0; i < plane; i++) {
      const int y = i / (int)row, x = i % (int)row;
      const double v = x < columns ? (double)scale[c] * pixels[y * pixels_row + x * channels + c] : NAN;
      expect(back[order[c] * plane + i], v, 4 * ROUNDING);
    }
}

static void check_ring(int channels, int rows, int columns, int ring) {
  checking("kernel_zero_ring");
  const feature_map map = any_map(channels, rows, columns, ring, 16);
  // The ring is NaN, so that what is 0 was written.
  const feature_map before = copy_of(&map);
  kernel_zero_ring(map.map, ring, map.blocks, rows, columns);
  for (int c = 0; c < 16 * map.blocks; c++)
    for (int y = -ring; y < rows + ring; y++)
      for (int x = -ring; x < columns + ring; x++) {
        const int is_inside = y >= 0 && y < rows && x >= 0 && x < columns;
        expect(*element(&map, c, y, x), is_inside ? *element(&before, c, y, x) : 0, 0);
      }
}

void check_layouts(void) {
  for (int columns = 1; columns <= 34; columns += 3) check_blocks(1 + columns * 7 % 41, 1 + columns % 3, columns);
  check_blocks(16, 1, 16);
  for (int channels = 1; channels <= 4; channels++)
    for (int columns = 1; columns <= 50; columns += 7) check_pixels(channels, 2, columns);
  check_ring(17, 3, 4, 1);
  check_ring(16, 1, 1, 3);
}
