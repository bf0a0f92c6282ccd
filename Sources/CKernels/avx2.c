// AVX2 with FMA: 16 registers of 8 floats. Tile: 6 pixels × 1 block = 12 sums, 2 weights, 2 to
// spare.
#if defined(__x86_64__)
#define TABLE kernel_table_avx2
#define TABLE_NAME "avx2"
#define TARGET __attribute__((target("avx2,fma")))
#define TILE 6
#define TILE_BLOCKS 1
#define FOR_EACH_WIDTH(M, ...)                                            \
  M(1, __VA_ARGS__) M(2, __VA_ARGS__) M(3, __VA_ARGS__) M(4, __VA_ARGS__) \
  M(5, __VA_ARGS__) M(6, __VA_ARGS__)
#define FOR_EACH_NARROW_WIDTH(M, ...) \
  M(1, __VA_ARGS__) M(2, __VA_ARGS__) M(3, __VA_ARGS__)
#include "kernels.inc.h"
#endif
