// The matrix product, both factors row by row. A tile of TILE rows × TILE_BLOCKS vectors of the result
// stays in registers while the sum runs; a tile that would hang over the edge is moved back over results
// that are there already, which come out the same: each is one sum in the order of k.

// Element (i, k) of the left factor is a[i · row + k · step]. The second of two vectors begins `second` columns
// after the first: less than 16 where it would hang over the edge.
INLINE void matmul_tile(const float *a, ptrdiff_t row, ptrdiff_t step, const float *b, float *c, const int rows,
                        const int vectors, int second, int inner, int columns) {
  lanes sum[TILE * TILE_BLOCKS];
  UNROLL for (int i = 0; i < rows * vectors; i++) sum[i] = splat(0);
  KEEP_ROLLED for (int k = 0; k < inner; k++) {
    lanes w[TILE_BLOCKS];
    UNROLL for (int v = 0; v < vectors; v++) w[v] = load(b + (ptrdiff_t)k * columns + second * v);
    UNROLL for (int i = 0; i < rows; i++) {
      const lanes x = splat(a[i * row + k * step]);
      UNROLL for (int v = 0; v < vectors; v++) sum[i * vectors + v] += x * w[v];
    }
  }
  UNROLL for (int i = 0; i < rows; i++)
    UNROLL for (int v = 0; v < vectors; v++)
      store(c + (ptrdiff_t)i * columns + second * v, sum[i * vectors + v]);
}

// A column of tiles `vectors` wide.
INLINE void matmul_panel(const float *a, ptrdiff_t row, ptrdiff_t step, const float *b, float *c, const int vectors,
                         int second, int rows, int inner, int columns) {
  if (rows < TILE) {
    for (int i = 0; i < rows; i++)
      matmul_tile(a + i * row, row, step, b, c + (ptrdiff_t)i * columns, 1, vectors, second, inner, columns);
    return;
  }
  for (int i = 0; i < rows; i += TILE) {
    const ptrdiff_t first = smaller(i, rows - TILE);
    matmul_tile(a + first * row, row, step, b, c + first * columns, TILE, vectors, second, inner, columns);
  }
}

INLINE void matmul_strided(const float *a, ptrdiff_t row, ptrdiff_t step, const float *b, float *c, int rows,
                           int inner, int columns) {
  if (columns < 16) {
    for (int i = 0; i < rows; i++)
      for (int j = 0; j < columns; j++) {
        float sum = 0;
        for (int k = 0; k < inner; k++) sum += a[i * row + k * step] * b[(ptrdiff_t)k * columns + j];
        c[(ptrdiff_t)i * columns + j] = sum;
      }
    return;
  }
  int j = 0;
  for (; j + 16 * TILE_BLOCKS <= columns; j += 16 * TILE_BLOCKS)
    matmul_panel(a, row, step, b + j, c + j, TILE_BLOCKS, 16, rows, inner, columns);
  if (TILE_BLOCKS == 2 && columns - j > 16) {
    matmul_panel(a, row, step, b + j, c + j, TILE_BLOCKS, columns - j - 16, rows, inner, columns);
    return;
  }
  for (; j < columns; j += 16) {
    const int first = smaller(j, columns - 16);
    matmul_panel(a, row, step, b + first, c + first, 1, 16, rows, inner, columns);
  }
}

static void matmul(const float *a, const float *b, float *c, int rows, int inner, int columns) {
  matmul_strided(a, inner, 1, b, c, rows, inner, columns);
}

static void matmul_turned(const float *a, const float *b, float *c, int rows, int inner, int columns) {
  matmul_strided(a, 1, rows, b, c, rows, inner, columns);
}
