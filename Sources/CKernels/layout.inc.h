// Planar pictures and activations ([channel][row][column]) to channel blocks and back, and borders.

// v[j][i] = v[i][j]. Four rounds; each interleaves row i with row i + 8 into rows 2i and 2i + 1,
// which rotates the 8 bits (row, lane) of an element's place by one. After four, row and lane have
// changed places.
INLINE void transpose(lanes v[16]) {
  UNROLL for (int round = 0; round < 4; round++) {
    lanes w[16];
    UNROLL for (int i = 0; i < 8; i++) {
      w[2 * i] = __builtin_shufflevector(v[i], v[i + 8], 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21,
                                         6, 22, 7, 23);
      w[2 * i + 1] = __builtin_shufflevector(v[i], v[i + 8], 8, 24, 9, 25, 10, 26, 11, 27, 12, 28,
                                             13, 29, 14, 30, 15, 31);
    }
    UNROLL for (int i = 0; i < 16; i++) v[i] = w[i];
  }
}

// The first `count` of 16 floats, the others 0.
INLINE lanes load_some(const float *p, int count) {
  if (count == 16) return load(p);
  float some[16] = {0};
  for (int i = 0; i < count; i++) some[i] = p[i];
  return load(some);
}

INLINE void store_some(float *p, lanes v, int count) {
  if (count == 16) {
    store(p, v);
  } else {
    float some[16];
    store(some, v);
    for (int i = 0; i < count; i++) p[i] = some[i];
  }
}

// 16 channels × up to 16 pixels at a time; `add`: to what the blocks hold.
INLINE void block_all(const float *planar, ptrdiff_t plane, ptrdiff_t row, kernel_map blocks,
                      int channels, int rows, int columns, const int add) {
  for (int c = 0; c < channels; c += 16)
    for (int y = 0; y < rows; y++)
      for (int x = 0; x < columns; x += 16) {
        const int present = smaller(16, channels - c), width = smaller(16, columns - x);
        const float *from = planar + c * plane + y * row + x;
        lanes v[16];
        for (int i = 0; i < 16; i++)
          v[i] = i < present ? load_some(from + i * plane, width) : splat(0);
        transpose(v);
        for (int i = 0; i < width; i++) {
          float *to = at(&blocks, c / 16, y, x + i);
          store(to, add ? load(to) + v[i] : v[i]);
        }
      }
}

static void block_planes(const float *planar, ptrdiff_t plane, ptrdiff_t row, kernel_map blocks,
                         int channels, int rows, int columns) {
  block_all(planar, plane, row, blocks, channels, rows, columns, 0);
}

static void block_add_planes(const float *planar, ptrdiff_t plane, ptrdiff_t row, kernel_map blocks,
                             int channels, int rows, int columns) {
  block_all(planar, plane, row, blocks, channels, rows, columns, 1);
}

static void unblock_planes(kernel_map blocks, float *planar, ptrdiff_t plane, ptrdiff_t row,
                           int channels, int rows, int columns) {
  for (int c = 0; c < channels; c += 16)
    for (int y = 0; y < rows; y++)
      for (int x = 0; x < columns; x += 16) {
        const int present = smaller(16, channels - c), width = smaller(16, columns - x);
        float *to = planar + c * plane + y * row + x;
        lanes v[16];
        for (int i = 0; i < 16; i++)
          v[i] = i < width ? load(at(&blocks, c / 16, y, x + i)) : splat(0);
        transpose(v);
        for (int i = 0; i < present; i++) store_some(to + i * plane, v[i], width);
      }
}

// 16 pixels of 3 channels: three vectors to three, each of which takes from all.
INLINE void store_interleaved(float *to, lanes r, lanes g, lanes b) {
  const lanes first = __builtin_shufflevector(r, g, 0, 16, -1, 1, 17, -1, 2, 18, -1, 3, 19, -1, 4,
                                              20, -1, 5);
  const lanes second = __builtin_shufflevector(r, g, 21, -1, 6, 22, -1, 7, 23, -1, 8, 24, -1, 9, 25,
                                               -1, 10, 26);
  const lanes third = __builtin_shufflevector(r, g, -1, 11, 27, -1, 12, 28, -1, 13, 29, -1, 14, 30,
                                              -1, 15, 31, -1);
  store(to, __builtin_shufflevector(first, b, 0, 1, 16, 3, 4, 17, 6, 7, 18, 9, 10, 19, 12, 13, 20,
                                    15));
  store(to + 16, __builtin_shufflevector(second, b, 0, 21, 2, 3, 22, 5, 6, 23, 8, 9, 24, 11, 12, 25,
                                         14, 15));
  store(to + 32, __builtin_shufflevector(third, b, 26, 1, 2, 27, 4, 5, 28, 7, 8, 29, 10, 11, 30, 13,
                                         14, 31));
}

static void interleave(const float *planar, ptrdiff_t plane, ptrdiff_t row, float *pixels,
                       ptrdiff_t pixels_row, int channels, const int *order, const float *scale,
                       const float *shift, int rows, int columns) {
  for (int y = 0; y < rows; y++) {
    const float *from = planar + y * row;
    float *to = pixels + y * pixels_row;
    int x = 0;
    if (channels == 3)
      for (; x + 16 <= columns; x += 16) {
        lanes v[3];
        UNROLL for (int i = 0; i < 3; i++)
          v[i] = load(from + order[i] * plane + x) * scale[i] + shift[i];
        store_interleaved(to + 3 * x, v[0], v[1], v[2]);
      }
    for (; x < columns; x++)
      for (int i = 0; i < channels; i++)
        to[x * channels + i] = from[order[i] * plane + x] * scale[i] + shift[i];
  }
}

// 16 pixels of 3 channels back to three vectors.
INLINE void load_interleaved(const float *from, lanes v[3]) {
  const lanes a = load(from), b = load(from + 16), c = load(from + 32);
  const lanes r = __builtin_shufflevector(a, b, 0, 3, 6, 9, 12, 15, 18, 21, 24, 27, 30, -1, -1, -1,
                                          -1, -1);
  const lanes g = __builtin_shufflevector(a, b, 1, 4, 7, 10, 13, 16, 19, 22, 25, 28, 31, -1, -1, -1,
                                          -1, -1);
  const lanes l = __builtin_shufflevector(a, b, 2, 5, 8, 11, 14, 17, 20, 23, 26, 29, -1, -1, -1, -1,
                                          -1, -1);
  v[0] = __builtin_shufflevector(r, c, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 17, 20, 23, 26, 29);
  v[1] = __builtin_shufflevector(g, c, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 18, 21, 24, 27, 30);
  v[2] = __builtin_shufflevector(l, c, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 16, 19, 22, 25, 28, 31);
}

static void deinterleave(const float *pixels, ptrdiff_t pixels_row, float *planar, ptrdiff_t plane,
                         ptrdiff_t row, int channels, const int *order, const float *scale,
                         int rows, int columns) {
  for (int y = 0; y < rows; y++) {
    const float *from = pixels + y * pixels_row;
    float *to = planar + y * row;
    int x = 0;
    if (channels == 3)
      for (; x + 16 <= columns; x += 16) {
        lanes v[3];
        load_interleaved(from + 3 * x, v);
        UNROLL for (int i = 0; i < 3; i++) store(to + order[i] * plane + x, v[i] * scale[i]);
      }
    for (; x < columns; x++)
      for (int i = 0; i < channels; i++)
        to[order[i] * plane + x] = from[x * channels + i] * scale[i];
  }
}

static void zero_ring(kernel_map map, int ring, int blocks, int rows, int columns) {
  if (ring <= 0) return;
  const size_t side = (size_t)(ring * map.pixel) * sizeof(float);
  const size_t across = (size_t)((columns + 2 * ring) * map.pixel) * sizeof(float);
  for (int b = 0; b < blocks; b++)
    for (int y = -ring; y < rows + ring; y++)
      if (y < 0 || y >= rows) {
        memset(at(&map, b, y, -ring), 0, across);
      } else {
        memset(at(&map, b, y, -ring), 0, side);
        memset(at(&map, b, y, columns), 0, side);
      }
}
