// Whatever the compiler makes of vectors without being told of a processor (SSE2 on x86: 16
// registers of 4 floats). Tile: 2 pixels × 1 block = 8 sums, 4 weights, 4 to spare.
#define TABLE kernel_table_portable
#define TABLE_NAME "portable"
#define TILE 2
#define TILE_BLOCKS 1
#define FOR_EACH_WIDTH(M, ...) M(1, __VA_ARGS__) M(2, __VA_ARGS__)
#define FOR_EACH_NARROW_WIDTH(M, ...) M(1, __VA_ARGS__)
#include "kernels.inc.h"
