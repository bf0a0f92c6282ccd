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

// Σ a, Σ a · b or Σ (a − mean)²; in pieces, so that long rows round no more than short ones.
INLINE float row_sum(const row_terms terms, const float *a, const float *b, float mean, ptrdiff_t length) {
  enum { PIECE = 1024 };
  lanes total = splat(0);
  for (ptrdiff_t begin = 0; begin < length; begin += PIECE) {
    const ptrdiff_t end = length - begin < PIECE ? length : begin + PIECE;
    lanes sum = splat(0);
    for (ptrdiff_t i = begin; i < end; i += 16) {
      const int some = lanes_left(end - i);
      const lanes v = load_some(a + i, some);
      if (terms == ROW_SUM) sum += v;
      if (terms == ROW_PRODUCT) sum = v * load_some(b + i, some) + sum;
      if (terms == ROW_SQUARES) {
        const lanes d = choose(first_lanes(some), v - mean, splat(0));
        sum = d * d + sum;
      }
    }
    total += sum;
  }
  return sum_of_lanes(total);
}

static void softmax_rows(const float *x, float *y, ptrdiff_t rows, ptrdiff_t length) {
  for (ptrdiff_t row = 0; row < rows; row++, x += length, y += length) {
    lanes most = splat(-FLT_MAX);
    for (ptrdiff_t i = 0; i < length; i += 16) {
      const int some = lanes_left(length - i);
      const lanes v = choose(first_lanes(some), load_some(x + i, some), most);
      most = choose(v > most, v, most);
    }
    const lanes largest = splat(largest_of_lanes(most));
    lanes sum = splat(0);
    for (ptrdiff_t i = 0; i < length; i += 16) {
      const int some = lanes_left(length - i);
      const lanes e = exponential(load_some(x + i, some) - largest);
      store_some(y + i, e, some);
      sum += choose(first_lanes(some), e, splat(0));
    }
    const float total = sum_of_lanes(sum);
    // NaN stays; a row of −infinity is 0 throughout.
    const lanes factor = splat(total == 0 ? 0 : 1 / total);
    for (ptrdiff_t i = 0; i < length; i += 16) {
      const int some = lanes_left(length - i);
      store_some(y + i, load_some(y + i, some) * factor, some);
    }
  }
}

static void softmax_rows_backward(const float *y, const float *g, float *out, ptrdiff_t rows, ptrdiff_t length) {
  for (ptrdiff_t row = 0; row < rows; row++, y += length, g += length, out += length) {
    const lanes mean = splat(row_sum(ROW_PRODUCT, y, g, 0, length));
    for (ptrdiff_t i = 0; i < length; i += 16) {
      const int some = lanes_left(length - i);
      store_some(out + i, load_some(y + i, some) * (load_some(g + i, some) - mean), some);
    }
  }
}

typedef struct {
  float mean, inverse;  // inverse: 1 / √(σ² + ε)
} row_moments;

INLINE row_moments moments_of_row(const float *x, ptrdiff_t length, float epsilon) {
  const float mean = row_sum(ROW_SUM, x, x, 0, length) / (float)length;
  const float square = row_sum(ROW_SQUARES, x, x, mean, length) / (float)length;
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
    const lanes mean = splat(row_sum(ROW_SUM, g, g, 0, length) / (float)length);
    const lanes slope = splat(row_sum(ROW_PRODUCT, g, y, 0, length) / (float)length);
    const lanes inverse = splat(moments_of_row(x, length, epsilon).inverse);
    for (ptrdiff_t i = 0; i < length; i += 16) {
      const int some = lanes_left(length - i);
      const lanes rest = load_some(g + i, some) - mean - load_some(y + i, some) * slope;
      store_some(out + i, rest * inverse, some);
    }
  }
}
