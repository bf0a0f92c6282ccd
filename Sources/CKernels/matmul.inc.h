// The matrix product, both factors row by row. A tile of TILE rows × TILE_BLOCKS vectors of the result
// stays in registers while the sum runs; a tile that would hang over the edge is moved back over results
// that are there already, which come out the same: each is one sum in the order of k.

// Element (i, k) of the left factor is a[i · row + k · step]; rows of b and c are `b_pitch` and `c_pitch` apart. The
// second of two vectors begins `second` columns after the first: less than 16 where it would hang over the edge.
// `adding`: to what c holds.
INLINE void product_tile(const float *a, ptrdiff_t row, ptrdiff_t step, const float *b, ptrdiff_t b_pitch, float *c,
                         ptrdiff_t c_pitch, const int rows, const int vectors, int second, int inner,
                         const int adding) {
  lanes sum[TILE * TILE_BLOCKS];
  UNROLL for (int i = 0; i < rows; i++)
    UNROLL for (int v = 0; v < vectors; v++)
      sum[i * vectors + v] = adding ? load(c + i * c_pitch + second * v) : splat(0);
  KEEP_ROLLED for (int k = 0; k < inner; k++) {
    lanes w[TILE_BLOCKS];
    UNROLL for (int v = 0; v < vectors; v++) w[v] = load(b + k * b_pitch + second * v);
    UNROLL for (int i = 0; i < rows; i++) {
      const lanes x = splat(a[i * row + k * step]);
      UNROLL for (int v = 0; v < vectors; v++) sum[i * vectors + v] += x * w[v];
    }
  }
  UNROLL for (int i = 0; i < rows; i++)
    UNROLL for (int v = 0; v < vectors; v++)
      store(c + i * c_pitch + second * v, sum[i * vectors + v]);
}

// A column of tiles `vectors` wide. Few rows that are left over are computed one by one, and so are all of less than a
// tile; more of them with rows that are there already, unless they are added up.
INLINE void product_panel(const float *a, ptrdiff_t row, ptrdiff_t step, const float *b, ptrdiff_t b_pitch, float *c,
                          ptrdiff_t c_pitch, const int vectors, int second, int rows, int inner, const int adding) {
  int i = 0;
  for (; i + TILE <= rows; i += TILE)
    product_tile(a + i * row, row, step, b, b_pitch, c + i * c_pitch, c_pitch, TILE, vectors, second, inner, adding);
  if (!adding && i > 0 && rows - i > TILE / 4) {
    i = rows - TILE;
    product_tile(a + i * row, row, step, b, b_pitch, c + i * c_pitch, c_pitch, TILE, vectors, second, inner, 0);
    return;
  }
  for (; i < rows; i++)
    product_tile(a + i * row, row, step, b, b_pitch, c + i * c_pitch, c_pitch, 1, vectors, second, inner, adding);
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
    product_panel(a, row, step, b + j, columns, c + j, columns, TILE_BLOCKS, 16, rows, inner, 0);
  if (TILE_BLOCKS == 2 && columns - j > 16) {
    product_panel(a, row, step, b + j, columns, c + j, columns, TILE_BLOCKS, columns - j - 16, rows, inner, 0);
    return;
  }
  for (; j < columns; j += 16) {
    const int first = smaller(j, columns - 16);
    product_panel(a, row, step, b + first, columns, c + first, columns, 1, 16, rows, inner, 0);
  }
}

static void matmul(const float *a, const float *b, float *c, int rows, int inner, int columns) {
  matmul_strided(a, inner, 1, b, c, rows, inner, columns);
}

static void matmul_turned(const float *a, const float *b, float *c, int rows, int inner, int columns) {
  matmul_strided(a, 1, rows, b, c, rows, inner, columns);
}
