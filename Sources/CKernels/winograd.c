// What Winograd's convolution needs to know outside the inner loops: the transformed weights and
// the size of its memory.
#include <stddef.h>

#include "table.h"

enum { TILE_OUT = 4, POINTS = 36 };

int kernel_winograd_tiles(int rows, int columns) {
  return ((rows + TILE_OUT - 1) / TILE_OUT) * ((columns + TILE_OUT - 1) / TILE_OUT);
}

static int blocks_of(int channels) { return (channels + KERNEL_BLOCK - 1) / KERNEL_BLOCK; }

// Enough tiles to be worth the weights that each run of them reads, few enough for the tiles' values
// to stay in the second-level cache or not far from it: 2 MiB at 256 channels.
int kernel_winograd_tiles_at_once(int channels) { return channels <= 256 ? 56 : 28; }

size_t kernel_winograd_scratch(int channels, int blocks) {
  const size_t rows = (size_t)blocks_of(channels) + (blocks < WINOGRAD_BLOCKS ? blocks : WINOGRAD_BLOCKS);
  return POINTS * KERNEL_BLOCK * (rows * kernel_winograd_tiles_at_once(channels) + 2);
}

// The value of each power of x at a finite point, divided by the product of the point's distances
// from the others, so that the inputs' side has none; at ∞ the highest power alone.
static void point_weights(double w[6][3]) {
  const double a = 0.625, b = 1.5, points[5] = {0, a, -a, b, -b};
  for (int i = 0; i < 5; i++) {
    double distances = 1;
    for (int j = 0; j < 5; j++)
      if (j != i) distances *= points[i] - points[j];
    w[i][0] = 1 / distances;
    w[i][1] = points[i] / distances;
    w[i][2] = points[i] * points[i] / distances;
  }
  w[5][0] = w[5][1] = 0;
  w[5][2] = 1;
}

void kernel_winograd_weights(const float *weights, int channels, int blocks, float *transformed) {
  double p[6][3];
  point_weights(p);
  // Vectors of 16 outputs of one input.
  const ptrdiff_t pairs = (ptrdiff_t)blocks * blocks_of(channels), next = pairs * 256;
  for (ptrdiff_t pair = 0; pair < pairs; pair++)
    for (int row = 0; row < 256; row += KERNEL_BLOCK) {
      const float *w = weights + pair * 9 * 256 + row;
      float *to = transformed + pair * 256 + row;
      double half[6][3][KERNEL_BLOCK];
      for (int y = 0; y < 6; y++)
        for (int x = 0; x < 3; x++)
          for (int i = 0; i < KERNEL_BLOCK; i++)
            half[y][x][i] = p[y][0] * w[x * 256 + i] + p[y][1] * w[(3 + x) * 256 + i] +
                            p[y][2] * w[(6 + x) * 256 + i];
      for (int point = 0; point < POINTS; point++) {
        const double(*h)[KERNEL_BLOCK] = half[point / 6], *q = p[point % 6];
        for (int i = 0; i < KERNEL_BLOCK; i++)
          to[point * next + i] = (float)(h[0][i] * q[0] + h[1][i] * q[1] + h[2][i] * q[2]);
      }
    }
}
