// What Winograd's convolution needs to know outside the inner loops: the transformed weights and
// the size of its memory.
#include <stddef.h>

#include "table.h"

// The weights are the same on all processors, those that would add and multiply at once among them.
#pragma STDC FP_CONTRACT OFF

enum { LARGEST_IN = 6, LARGEST_WINDOW = 5 };

int kernel_winograd_tiles(int side, int rows, int columns) {
  return ((rows + side - 1) / side) * ((columns + side - 1) / side);
}

static int blocks_of(int channels) { return (channels + KERNEL_BLOCK - 1) / KERNEL_BLOCK; }

// Enough tiles to be worth the weights that each run of them reads, few enough for the tiles'
// values to stay in the second-level cache or not far from it: 2 MiB at 256 channels.
int kernel_winograd_tiles_at_once(int channels) { return channels <= 256 ? 56 : 28; }

size_t kernel_winograd_scratch(int channels, int blocks) {
  const size_t outputs = blocks < WINOGRAD_BLOCKS ? blocks : WINOGRAD_BLOCKS;
  const size_t tiles = kernel_winograd_tiles_at_once(channels);
  return LARGEST_IN * LARGEST_IN * KERNEL_BLOCK * ((blocks_of(channels) + outputs) * tiles + 2);
}

// Each power's value at a finite point, divided by the product of the point's distances from the
// others, so that the inputs' side has none; at ∞ the highest power alone.
static void point_weights(double w[LARGEST_IN][LARGEST_WINDOW], int in, int window) {
  static const double points_of_4[] = {0, 1, -1}, points_of_6[] = {0, 0.625, -0.625, 1.5, -1.5};
  const double *points = in == 4 ? points_of_4 : points_of_6;
  for (int i = 0; i < in - 1; i++) {
    double value = 1;
    for (int j = 0; j < in - 1; j++)
      if (j != i) value /= points[i] - points[j];
    for (int power = 0; power < window; power++, value *= points[i]) w[i][power] = value;
  }
  for (int power = 0; power < window; power++) w[in - 1][power] = power == window - 1;
}

void kernel_winograd_weights(const float *weights, int window, int side, int channels, int blocks,
                             float *transformed) {
  const int in = side + window - 1, taps = window * window;
  double p[LARGEST_IN][LARGEST_WINDOW];
  point_weights(p, in, window);
  // Vectors of 16 outputs of one input.
  const ptrdiff_t pairs = (ptrdiff_t)blocks * blocks_of(channels), next = pairs * 256;
  for (ptrdiff_t pair = 0; pair < pairs; pair++)
    for (int row = 0; row < 256; row += KERNEL_BLOCK) {
      const float *w = weights + pair * taps * 256 + row;
      double half[LARGEST_IN][LARGEST_WINDOW][KERNEL_BLOCK] = {0};
      for (int y = 0; y < in; y++)
        for (int tap = 0; tap < taps; tap++)
          for (int i = 0; i < KERNEL_BLOCK; i++)
            half[y][tap % window][i] += p[y][tap / window] * w[tap * 256 + i];
      for (int point = 0; point < in * in; point++) {
        double sum[KERNEL_BLOCK] = {0};
        for (int x = 0; x < window; x++)
          for (int i = 0; i < KERNEL_BLOCK; i++)
            sum[i] += half[point / in][x][i] * p[point % in][x];
        float *to = transformed + pair * 256 + row + point * next;
        for (int i = 0; i < KERNEL_BLOCK; i++) to[i] = (float)sum[i];
      }
    }
}

void kernel_winograd_weight_fold(const float *sums, int input_blocks, int blocks, float *weights,
                                 int block_begin, int block_end) {
  double p[LARGEST_IN][LARGEST_WINDOW];
  point_weights(p, 6, 3);
  const ptrdiff_t next = (ptrdiff_t)blocks * input_blocks * 256;
  for (ptrdiff_t pair = (ptrdiff_t)block_begin * input_blocks;
       pair < (ptrdiff_t)block_end * input_blocks; pair++)
    for (int row = 0; row < 256; row += KERNEL_BLOCK) {
      const float *s = sums + pair * 256 + row;
      double half[3][6][KERNEL_BLOCK] = {0};
      for (int point = 0; point < 36; point++)
        for (int y = 0; y < 3; y++)
          for (int i = 0; i < KERNEL_BLOCK; i++)
            half[y][point % 6][i] += p[point / 6][y] * s[point * next + i];
      for (int tap = 0; tap < 9; tap++) {
        double sum[KERNEL_BLOCK] = {0};
        for (int x = 0; x < 6; x++)
          for (int i = 0; i < KERNEL_BLOCK; i++) sum[i] += half[tap / 3][x][i] * p[x][tap % 3];
        float *to = weights + (pair * 9 + tap) * 256 + row;
        for (int i = 0; i < KERNEL_BLOCK; i++) to[i] = (float)sum[i];
      }
    }
}

size_t kernel_winograd_weight_scratch(int channels, int blocks, int tiles) {
  return 36 * (size_t)KERNEL_BLOCK * ((size_t)(blocks_of(channels) + blocks) * tiles + 2);
}
