// The matrix product, both factors row by row. A tile of TILE rows × TILE_BLOCKS vectors of the result
// stays in registers while the sum runs; a tile that would hang over the edge is moved back over results
// that are there already, which come out the same: each is one sum in the order of k.

INLINE void matmul_tile(const float *a, const float *b, float *c, const int rows,
                        const int vectors, int inner, int columns) {
  lanes sum[TILE * TILE_BLOCKS];
  UNROLL for (int i = 0; i < rows * vectors; i++) sum[i] = splat(0);
  KEEP_ROLLED for (int k = 0; k < inner; k++) {
    lanes w[TILE_BLOCKS];
    UNROLL for (int v = 0; v < vectors; v++) w[v] = load(b + (ptrdiff_t)k * columns + 16 * v);
    UNROLL for (int i = 0; i < rows; i++) {
      const lanes x = splat(a[(ptrdiff_t)i * inner + k]);
      UNROLL for (int v = 0; v < vectors; v++) sum[i * vectors + v] += x * w[v];
    }
  }
  UNROLL for (int i = 0; i < rows; i++)
    UNROLL for (int v = 0; v < vectors; v++)
      store(c + (ptrdiff_t)i * columns + 16 * v, sum[i * vectors + v]);
}

// A column of tiles `vectors` wide.
INLINE void matmul_panel(const float *a, const float *b, float *c, const int vectors, int rows,
                         int inner, int columns) {
  if (rows < TILE) {
    for (int row = 0; row < rows; row++)
      matmul_tile(a + (ptrdiff_t)row * inner, b, c + (ptrdiff_t)row * columns, 1, vectors, inner,
                  columns);
    return;
  }
  for (int row = 0; row < rows; row += TILE) {
    const ptrdiff_t first = smaller(row, rows - TILE);
    matmul_tile(a + first * inner, b, c + first * columns, TILE, vectors, inner, columns);
  }
}

static void matmul(const float *a, const float *b, float *c, int rows, int inner, int columns) {
  if (columns < 16) {
    for (int row = 0; row < rows; row++)
      for (int j = 0; j < columns; j++) {
        float sum = 0;
        for (int k = 0; k < inner; k++)
          sum += a[(ptrdiff_t)row * inner + k] * b[(ptrdiff_t)k * columns + j];
        c[(ptrdiff_t)row * columns + j] = sum;
      }
    return;
  }
  int j = 0;
  for (; j + 16 * TILE_BLOCKS <= columns; j += 16 * TILE_BLOCKS)
    matmul_panel(a, b + j, c + j, TILE_BLOCKS, rows, inner, columns);
  for (; j < columns; j += 16) {
    const int first = smaller(j, columns - 16);
    matmul_panel(a, b + first, c + first, 1, rows, inner, columns);
  }
}
