// NEON: 32 registers of 4 floats. Tile: 6 pixels × 1 block = 24 sums, 4 weights, 4 to spare.
#if defined(__aarch64__)
#define TABLE kernel_table_neon
#define TABLE_NAME "neon"
#define TILE 6
#define TILE_BLOCKS 1
#define FOR_EACH_WIDTH(M, ...)                                            \
  M(1, __VA_ARGS__) M(2, __VA_ARGS__) M(3, __VA_ARGS__) M(4, __VA_ARGS__) \
  M(5, __VA_ARGS__) M(6, __VA_ARGS__)
#define FOR_EACH_NARROW_WIDTH(M, ...) \
  M(1, __VA_ARGS__) M(2, __VA_ARGS__) M(3, __VA_ARGS__)
#include "kernels.inc.h"
#endif
