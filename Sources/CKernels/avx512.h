// Tiles of 32 registers of 16 floats: 14 pixels × 2 blocks = 28 sums, 2 weights, 2 to spare.
#pragma once
#define TILE 14
#define TILE_BLOCKS 2
#define FOR_EACH_WIDTH(M, ...)                                                              \
  M(1, __VA_ARGS__) M(2, __VA_ARGS__) M(3, __VA_ARGS__) M(4, __VA_ARGS__) M(5, __VA_ARGS__) \
  M(6, __VA_ARGS__) M(7, __VA_ARGS__) M(8, __VA_ARGS__) M(9, __VA_ARGS__) M(10, __VA_ARGS__) \
  M(11, __VA_ARGS__) M(12, __VA_ARGS__) M(13, __VA_ARGS__) M(14, __VA_ARGS__)
#define FOR_EACH_NARROW_WIDTH(M, ...)                                             \
  M(1, __VA_ARGS__) M(2, __VA_ARGS__) M(3, __VA_ARGS__) M(4, __VA_ARGS__)         \
  M(5, __VA_ARGS__) M(6, __VA_ARGS__) M(7, __VA_ARGS__)
