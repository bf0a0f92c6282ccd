// Planar pictures and activations ([channel][row][column]) to channel blocks and back, and borders.

// Phases × channels of a picture's gradient: a stride of 16, as vision transformers have, in 3
// channels.
enum { PHASE_LANES = 16 * 16 * 3 };

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

// to[phases · i + phase] = v[phase][i], 0 ≤ i < 16, as far as `count`.
INLINE void store_phases(float *to, const lanes *v, ptrdiff_t next, int phases, int count) {
  if (phases == 2 && count >= 32) {
    const lanes a = v[0], b = v[next];
    store(to, __builtin_shufflevector(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7,
                                      23));
    store(to + 16, __builtin_shufflevector(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14,
                                           30, 15, 31));
    return;
  }
  for (int phase = 0; phase < phases; phase++) {
    float some[16];
    store(some, v[phase * next]);
    for (int i = 0; i < 16 && phases * i + phase < count; i++)
      to[phases * i + phase] = some[i];
  }
}

// The lanes of a pixel are (phase row, phase column, channel), as many blocks of them as it takes:
// rows of 16 pixels are transposed, after which a lane is a row of one phase of one channel.
static void unblock_phases(kernel_map blocks, float *planar, ptrdiff_t plane, ptrdiff_t row,
                           int channels, int phases_y, int phases_x, const int *order,
                           const float *scale, int rows, int columns) {
  lanes v[PHASE_LANES];
  const int count = channels * phases_y * phases_x;
  if (count > PHASE_LANES) __builtin_trap();
  for (int y = 0; y * phases_y < rows; y++)
    for (int x = 0; x * phases_x < columns; x += 16) {
      const int width = smaller(16, divide_up(columns, phases_x) - x);
      for (int lane = 0; lane < count; lane += 16) {
        for (int i = 0; i < 16; i++)
          v[lane + i] = i < width ? load(at(&blocks, lane / 16, y, x + i)) : splat(0);
        transpose(v + lane);
      }
      for (int lane = 0; lane < count; lane++) v[lane] *= splat(scale[lane % channels]);
      for (int py = 0; py < smaller(phases_y, rows - y * phases_y); py++)
        for (int c = 0; c < channels; c++)
          store_phases(planar + order[c] * plane + (y * phases_y + py) * row + x * phases_x,
                       v + py * phases_x * channels + c, channels, phases_x,
                       columns - x * phases_x);
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
