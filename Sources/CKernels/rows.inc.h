// Functions of rows of numbers that lie side by side: softmax, and what brings a row to mean 0 and variance 1. A
// row's last few numbers go through the same vector code, with what stands for nothing in the other lanes.

INLINE float sum_of_lanes(lanes v) {
  UNROLL for (int half = 8; half > 0; half /= 2)
    UNROLL for (int i = 0; i < half; i++) v[i] += v[i + half];
  return v[0];
}

INLINE float largest_of_lanes(lanes v) {
  float largest = v[0];
  UNROLL for (int i = 1; i < 16; i++) largest = v[i] > largest ? v[i] : largest;
  return largest;
}

// −1 in the first `count` lanes.
INLINE lane_ints first_lanes(int count) {
  const lane_ints places = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  return places < (lane_ints)count;
}

INLINE int lanes_left(ptrdiff_t count) { return count < 16 ? (int)count : 16; }

// What is summed over a row.
typedef enum { ROW_SUM, ROW_PRODUCT, ROW_SQUARES } row_terms;

// Whether there is memory for whole vectors behind a row's last numbers, which then need not be told from what is there.
typedef enum { ROW_ENDS, ROW_IS_PADDED } row_end;

INLINE lanes load_row(const float *p, int count, const row_end end) {
  return end == ROW_IS_PADDED ? load(p) : load_some(p, count);
}

INLINE void store_row(float *p, lanes v, int count, const row_end end) {
  if (end == ROW_IS_PADDED)
    store(p, v);
  else
    store_some(p, v, count);
}

// Σ a, Σ a · b or Σ (a − mean)²; in pieces, so that long rows round no more than short ones.
INLINE float row_sum(const row_terms terms, const float *a, const float *b, float mean, ptrdiff_t length,
                     const row_end row_end) {
  enum { PIECE = 1024 };
  lanes total = splat(0);
  for (ptrdiff_t begin = 0; begin < length; begin += PIECE) {
    const ptrdiff_t end = length - begin < PIECE ? length : begin + PIECE;
    lanes sum = splat(0);
    for (ptrdiff_t i = begin; i < end; i += 16) {
      const int some = lanes_left(end - i);
      const lanes v = load_row(a + i, some, row_end);
      lanes term = v;
      if (terms == ROW_PRODUCT) term = load_row(b + i, some, row_end);
      if (terms == ROW_SQUARES) term = v - mean;
      if (terms == ROW_SQUARES || row_end == ROW_IS_PADDED) term = choose(first_lanes(some), term, splat(0));
      if (terms == ROW_SUM) sum += term;
      if (terms == ROW_PRODUCT) sum = choose(first_lanes(some), v, splat(0)) * term + sum;
      if (terms == ROW_SQUARES) sum = term * term + sum;
    }
    total += sum;
  }
  return sum_of_lanes(total);
}

INLINE void softmax_row(const float *x, float *y, ptrdiff_t length, const row_end end) {
  lanes most = splat(-FLT_MAX);
  for (ptrdiff_t i = 0; i < length; i += 16) {
    const int some = lanes_left(length - i);
    const lanes v = choose(first_lanes(some), load_row(x + i, some, end), most);
    most = choose(v > most, v, most);
  }
  const lanes largest = splat(largest_of_lanes(most));
  lanes sum = splat(0);
  for (ptrdiff_t i = 0; i < length; i += 16) {
    const int some = lanes_left(length - i);
    const lanes e = exponential(load_row(x + i, some, end) - largest);
    store_row(y + i, e, some, end);
    sum += choose(first_lanes(some), e, splat(0));
  }
  const float total = sum_of_lanes(sum);
  // NaN stays; a row of −infinity is 0 throughout.
  const lanes factor = splat(total == 0 ? 0 : 1 / total);
  for (ptrdiff_t i = 0; i < length; i += 16) {
    const int some = lanes_left(length - i);
    store_row(y + i, load_row(y + i, some, end) * factor, some, end);
  }
}

INLINE void softmax_row_backward(const float *y, const float *g, float *out, ptrdiff_t length, const row_end end) {
  const lanes mean = splat(row_sum(ROW_PRODUCT, y, g, 0, length, end));
  for (ptrdiff_t i = 0; i < length; i += 16) {
    const int some = lanes_left(length - i);
    store_row(out + i, load_row(y + i, some, end) * (load_row(g + i, some, end) - mean), some, end);
  }
}

static void softmax_rows(const float *x, float *y, ptrdiff_t rows, ptrdiff_t length) {
  for (ptrdiff_t row = 0; row < rows; row++) softmax_row(x + row * length, y + row * length, length, ROW_ENDS);
}

static void softmax_rows_backward(const float *y, const float *g, float *out, ptrdiff_t rows, ptrdiff_t length) {
  for (ptrdiff_t row = 0; row < rows; row++)
    softmax_row_backward(y + row * length, g + row * length, out + row * length, length, ROW_ENDS);
}

typedef struct {
  float mean, inverse;  // inverse: 1 / √(σ² + ε)
} row_moments;

INLINE row_moments moments_of_row(const float *x, ptrdiff_t length, float epsilon) {
  const float mean = row_sum(ROW_SUM, x, x, 0, length, ROW_ENDS) / (float)length;
  const float square = row_sum(ROW_SQUARES, x, x, mean, length, ROW_ENDS) / (float)length;
  return (row_moments){mean, 1 / sqrtf(square + epsilon)};
}

static void standardize_rows(const float *x, float *y, ptrdiff_t rows, ptrdiff_t length, float epsilon) {
  for (ptrdiff_t row = 0; row < rows; row++, x += length, y += length) {
    const row_moments m = moments_of_row(x, length, epsilon);
    for (ptrdiff_t i = 0; i < length; i += 16) {
      const int some = lanes_left(length - i);
      store_some(y + i, (load_some(x + i, some) - m.mean) * m.inverse, some);
    }
  }
}

static void standardize_rows_backward(const float *x, const float *y, const float *g, float *out, ptrdiff_t rows,
                                      ptrdiff_t length, float epsilon) {
  for (ptrdiff_t row = 0; row < rows; row++, x += length, y += length, g += length, out += length) {
    const lanes mean = splat(row_sum(ROW_SUM, g, g, 0, length, ROW_ENDS) / (float)length);
    const lanes slope = splat(row_sum(ROW_PRODUCT, g, y, 0, length, ROW_ENDS) / (float)length);
    const lanes inverse = splat(moments_of_row(x, length, epsilon).inverse);
    for (ptrdiff_t i = 0; i < length; i += 16) {
      const int some = lanes_left(length - i);
      const lanes rest = load_some(g + i, some) - mean - load_some(y + i, some) * slope;
      store_some(out + i, rest * inverse, some);
    }
  }
}
