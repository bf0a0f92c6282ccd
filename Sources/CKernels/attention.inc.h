// Attention of one head, there and back: some queries at a time, whose scores stay in the cache and nowhere else.
// Back, the scores are computed once more, in the same order, to the same bits.

// The queries taken at once: few enough that two matrices of so many rows of scores stay in the second cache.
INLINE int attention_rows(const kernel_attention *a) {
  const int tiles = ATTENTION_SCORES / (TILE * (a->keys + 1));
  return TILE * (tiles < 1 ? 1 : smaller(tiles, (int)ATTENTION_ROWS / TILE));
}

INLINE int whole_vectors(int count) { return (count + 15) & ~15; }

// Keys a row of scores has room for: whole tiles of vectors.
INLINE int score_pitch(const kernel_attention *a) {
  return (a->keys + 16 * TILE_BLOCKS - 1) / (16 * TILE_BLOCKS) * 16 * TILE_BLOCKS;
}

// Sixteen numbers of a token's vector from number d on; what lies beyond its `width` is 0.
INLINE lanes load_numbers(const kernel_tokens *t, int token, int d, int width) {
  const float *from = t->data + token * t->token + d / 16 * t->block;
  const int some = smaller(16, width - d);
  if (t->lane == 1) return load_some(from, some);
  float numbers[16] = {0};
  for (int i = 0; i < some; i++) numbers[i] = from[i * t->lane];
  return load(numbers);
}

// Sixteen numbers of a token's vector put where they belong, or added to what is there.
INLINE void put_numbers(const kernel_tokens *t, int token, int d, int width, lanes v, const int adding) {
  float *to = t->data + token * t->token + d / 16 * t->block;
  const int some = smaller(16, width - d);
  if (t->lane == 1) {
    store_some(to, adding ? load_some(to, some) + v : v, some);
    return;
  }
  float numbers[16];
  store(numbers, v);
  for (int i = 0; i < some; i++) to[i * t->lane] = adding ? to[i * t->lane] + numbers[i] : numbers[i];
}

// Rows of `factor` times the tokens from `begin` on.
INLINE void gather_tokens(const kernel_tokens *t, int begin, int count, int width, float factor, float *rows) {
  const int pitch = whole_vectors(width);
  for (int i = 0; i < count; i++)
    for (int d = 0; d < width; d += 16)
      store(rows + (ptrdiff_t)i * pitch + d, load_numbers(t, begin + i, d, width) * factor);
}

// The way back: rows, times `factor`, put where the tokens from `begin` on lie, or added to what is there.
INLINE void put_tokens(const kernel_tokens *t, int begin, int count, int width, float factor, const float *rows,
                       const int adding) {
  const int pitch = whole_vectors(width);
  for (int i = 0; i < count; i++)
    for (int d = 0; d < width; d += 16)
      put_numbers(t, begin + i, d, width, load(rows + (ptrdiff_t)i * pitch + d) * factor, adding);
}

// The tokens turned over, in panels as wide as a tile: [panel][number][token of the panel]; tokens that are none are 0.
INLINE void turn_tokens(const kernel_tokens *t, int count, int width, float *panels) {
  enum { WIDE = 16 * TILE_BLOCKS };
  for (int first = 0; first < count; first += 16) {
    float *to = panels + (ptrdiff_t)(first / WIDE) * WIDE * width + first % WIDE;
    for (int d = 0; d < width; d += 16) {
      lanes v[16];
      for (int i = 0; i < 16; i++) v[i] = first + i < count ? load_numbers(t, first + i, d, width) : splat(0);
      transpose(v);
      for (int i = 0; i < smaller(16, width - d); i++) store(to + (ptrdiff_t)(d + i) * WIDE, v[i]);
    }
  }
  if (TILE_BLOCKS == 2 && count % WIDE > 0 && count % WIDE <= 16) {
    float *to = panels + (ptrdiff_t)(count / WIDE) * WIDE * width + 16;
    for (int d = 0; d < width; d++) store(to + (ptrdiff_t)d * WIDE, splat(0));
  }
}

// A product with a factor in panels: rows × width by width × keys.
INLINE void times_panels(const float *rows, int count, int width, const float *panels, int pitch, float *result) {
  enum { WIDE = 16 * TILE_BLOCKS };
  for (int column = 0; column < pitch; column += WIDE)
    product_panel(rows, whole_vectors(width), 1, panels + (ptrdiff_t)column * width, WIDE, result + column, pitch,
                  TILE_BLOCKS, 16, count, width, 0);
}

// A product with rows of whole vectors: element (i, k) of the left factor is a[i · row + k · step].
INLINE void times_rows(const float *a, ptrdiff_t row, ptrdiff_t step, int count, int inner, const float *rows,
                       int width, float *result, const int adding) {
  const int pitch = whole_vectors(width);
  int column = 0;
  for (; column + 16 * TILE_BLOCKS <= pitch; column += 16 * TILE_BLOCKS)
    product_panel(a, row, step, rows + column, pitch, result + column, pitch, TILE_BLOCKS, 16, count, inner, adding);
  if (column < pitch)
    product_panel(a, row, step, rows + column, pitch, result + column, pitch, 1, 16, count, inner, adding);
}

// The scores of some queries as probabilities.
INLINE void attention_probabilities(const kernel_attention *a, const float *queries, int begin, int count,
                                    const float *keys, float *scores) {
  const int pitch = score_pitch(a);
  times_panels(queries, count, a->width, keys, pitch, scores);
  for (int i = 0; i < count; i++) {
    float *row = scores + (ptrdiff_t)i * pitch;
    if (a->bias) {
      const float *bias = a->bias + (begin + i) * a->bias_row;
      for (int k = 0; k < a->keys; k += 16) {
        const int some = smaller(16, a->keys - k);
        store(row + k, load(row + k) + load_some(bias + k, some));
      }
    }
    softmax_row(row, row, a->keys, ROW_IS_PADDED);
  }
}

// Memory that a kernel takes its pieces of.
INLINE float *piece_of(float **scratch, ptrdiff_t count) {
  float *piece = *scratch;
  *scratch += (count + 15) & ~(ptrdiff_t)15;
  return piece;
}

static void attention(const kernel_attention *a, kernel_tokens q, kernel_tokens k, kernel_tokens v, kernel_tokens out,
                      float *scratch, int begin, int end) {
  const int pitch = score_pitch(a), at_once = attention_rows(a);
  const int width = whole_vectors(a->width), value_width = whole_vectors(a->value_width);
  float *keys = piece_of(&scratch, (ptrdiff_t)pitch * a->width);
  float *values = piece_of(&scratch, (ptrdiff_t)a->keys * value_width);
  float *queries = piece_of(&scratch, (ptrdiff_t)at_once * width);
  float *sums = piece_of(&scratch, (ptrdiff_t)at_once * value_width);
  turn_tokens(&k, a->keys, a->width, keys);
  gather_tokens(&v, 0, a->keys, a->value_width, 1, values);
  for (int row = begin; row < end; row += at_once) {
    const int count = smaller(at_once, end - row);
    gather_tokens(&q, row, count, a->width, a->scale, queries);
    attention_probabilities(a, queries, row, count, keys, scratch);
    times_rows(scratch, pitch, 1, count, a->keys, values, a->value_width, sums, 0);
    put_tokens(&out, row, count, a->value_width, 1, sums, 0);
  }
}

static void attention_backward(const kernel_attention *a, kernel_tokens q, kernel_tokens k, kernel_tokens v,
                               kernel_tokens g, kernel_tokens dq, kernel_tokens dk, kernel_tokens dv,
                               float *scratch, int begin, int end) {
  const int pitch = score_pitch(a), at_once = attention_rows(a);
  const int width = whole_vectors(a->width), value_width = whole_vectors(a->value_width);
  // Sums for keys are kept in whole tiles: those beyond the last key are never read.
  const int tokens = (a->keys + TILE - 1) / TILE * TILE;
  float *turned_keys = piece_of(&scratch, (ptrdiff_t)pitch * a->width);
  float *turned_values = piece_of(&scratch, (ptrdiff_t)pitch * a->value_width);
  float *keys = piece_of(&scratch, (ptrdiff_t)a->keys * width);
  float *queries = piece_of(&scratch, (ptrdiff_t)at_once * width);
  float *gradients = piece_of(&scratch, (ptrdiff_t)at_once * value_width);
  float *key_sums = piece_of(&scratch, (ptrdiff_t)tokens * width);
  float *value_sums = piece_of(&scratch, (ptrdiff_t)tokens * value_width);
  float *probabilities = piece_of(&scratch, (ptrdiff_t)at_once * pitch + 16);
  float *slopes = piece_of(&scratch, (ptrdiff_t)at_once * pitch + 16);
  turn_tokens(&k, a->keys, a->width, turned_keys);
  turn_tokens(&v, a->keys, a->value_width, turned_values);
  gather_tokens(&k, 0, a->keys, a->width, 1, keys);
  memset(key_sums, 0, sizeof(float) * (size_t)tokens * (size_t)width);
  memset(value_sums, 0, sizeof(float) * (size_t)tokens * (size_t)value_width);
  // Whole tiles read a little beyond the last row of scores.
  memset(probabilities + (ptrdiff_t)at_once * pitch, 0, 16 * sizeof(float));
  memset(slopes + (ptrdiff_t)at_once * pitch, 0, 16 * sizeof(float));
  for (int row = begin; row < end; row += at_once) {
    const int count = smaller(at_once, end - row);
    gather_tokens(&q, row, count, a->width, a->scale, queries);
    gather_tokens(&g, row, count, a->value_width, 1, gradients);
    attention_probabilities(a, queries, row, count, turned_keys, probabilities);
    times_panels(gradients, count, a->value_width, turned_values, pitch, slopes);
    times_rows(probabilities, 1, pitch, tokens, count, gradients, a->value_width, value_sums, 1);
    for (int i = 0; i < count; i++)
      softmax_row_backward(probabilities + (ptrdiff_t)i * pitch, slopes + (ptrdiff_t)i * pitch,
                           slopes + (ptrdiff_t)i * pitch, a->keys, ROW_IS_PADDED);
    times_rows(slopes, 1, pitch, tokens, count, queries, a->width, key_sums, 1);
    times_rows(slopes, pitch, 1, count, a->keys, keys, a->width, queries, 0);
    put_tokens(&dq, row, count, a->width, a->scale, queries, 1);
  }
  put_tokens(&dk, 0, a->keys, a->width, 1, key_sums, 1);
  put_tokens(&dv, 0, a->keys, a->value_width, 1, value_sums, 1);
}

static void add_tokens(kernel_tokens from, kernel_tokens to, int count, int width) {
  for (int i = 0; i < count; i++)
    for (int d = 0; d < width; d += 16) put_numbers(&to, i, d, width, load_numbers(&from, i, d, width), 1);
}
