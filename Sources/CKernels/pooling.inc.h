// Pooling, forwards and backwards. Both are gathers, so that every result is written once, by
// whoever is given its row: an output gathers the inputs under its window, an input's gradient
// gathers from the outputs whose windows cover it.

// The taps [begin, end) of the window of output `o` that lie inside an input of `n`, and where tap
// 0 is.
typedef struct {
  int start, begin, end;
} taps_inside;

INLINE taps_inside window(int o, int size, int stride, int dilation, int pad, int n) {
  const int start = o * stride - pad;
  taps_inside w = {start, 0, size};
  if (start < 0) w.begin = divide_up(-start, dilation);
  if (start + (size - 1) * dilation >= n) w.end = divide_up(n - start, dilation);
  return w;
}

// The outputs [begin, end) whose windows reach across input `i`; of these, output o covers it with
// tap (i + pad − o · stride) / dilation if that is a whole number.
typedef struct {
  int begin, end;
} outputs_over;

INLINE outputs_over coverage(int i, int size, int stride, int dilation, int pad, int outputs) {
  outputs_over c = {divide_up(i + pad - (size - 1) * dilation, stride),
                    divide_down(i + pad, stride) + 1};
  return (outputs_over){larger(c.begin, 0), smaller(c.end, outputs)};
}

// The tap with which output `o` covers input `i`, or −1.
INLINE int covering_tap(int i, int o, int stride, int dilation, int pad) {
  const int distance = i + pad - o * stride;
  if (dilation == 1) return distance;
  return distance % dilation == 0 ? distance / dilation : -1;
}

INLINE taps_inside window_rows(const kernel_pooling *p, int row) {
  return window(row, p->size_y, p->stride_y, p->dilation_y, p->pad_y, p->input_rows);
}
INLINE taps_inside window_columns(const kernel_pooling *p, int column) {
  return window(column, p->size_x, p->stride_x, p->dilation_x, p->pad_x, p->input_columns);
}
INLINE outputs_over coverage_rows(const kernel_pooling *p, int row) {
  return coverage(row, p->size_y, p->stride_y, p->dilation_y, p->pad_y, p->output_rows);
}
INLINE outputs_over coverage_columns(const kernel_pooling *p, int column) {
  return coverage(column, p->size_x, p->stride_x, p->dilation_x, p->pad_x, p->output_columns);
}

// Winners of output (block, row, column).
INLINE ptrdiff_t winner_offset(const kernel_pooling *p, int block, int row, int column) {
  return (((ptrdiff_t)block * p->output_rows + row) * p->output_columns + column) * 16;
}

// The outputs [begin, end) of a row whose windows have all their columns inside the input.
INLINE outputs_over inner_columns(const kernel_pooling *p) {
  const int last = p->input_columns - 1 - (p->size_x - 1) * p->dilation_x;
  const int begin = smaller(divide_up(p->pad_x, p->stride_x), p->output_columns);
  const int end = smaller(divide_down(last + p->pad_x, p->stride_x) + 1, p->output_columns);
  return (outputs_over){begin, larger(begin, end)};
}

// Results in flight at once, so that their chains of compares or additions overlap.
enum { POOL_TILE = 4 };

// Calls PIXELS(column, columns inside, width) over a row: inner columns POOL_TILE at a time.
#define FOR_EACH_WINDOW(P, PIXELS)                                                       \
  do {                                                                                   \
    const outputs_over inner = inner_columns(P);                                         \
    int column = 0;                                                                      \
    for (; column < inner.begin; column++) PIXELS(column, window_columns(P, column), 1); \
    for (; column + POOL_TILE <= inner.end; column += POOL_TILE)                         \
      PIXELS(column, window_columns(P, column), POOL_TILE);                              \
    for (; column < (P)->output_columns; column++)                                       \
      PIXELS(column, window_columns(P, column), 1);                                      \
  } while (0)

// The maxima over `width` windows and, if `with_winners`, the numbers of the taps that have them. A
// window that lies outside altogether gives −infinity.
INLINE void max_pool_pixels(const kernel_pooling *p, uint8_t *winners, int block, int row,
                            int column, taps_inside ys, taps_inside xs, const int width,
                            const int with_winners) {
  const ptrdiff_t step = p->dilation_x * p->input.pixel, next = p->stride_x * p->input.pixel;
  lanes best[POOL_TILE];
  lane_ints winner[POOL_TILE];
  UNROLL for (int i = 0; i < width; i++) {
    best[i] = splat(-INFINITY);
    winner[i] = (lane_ints)(ys.begin * p->size_x + xs.begin);
  }
  for (int ky = ys.begin; ky < ys.end; ky++) {
    const float *s = at(&p->input, block, ys.start + ky * p->dilation_y, xs.start);
    for (int kx = xs.begin; kx < xs.end; kx++) {
      const lane_ints tap = (lane_ints)(ky * p->size_x + kx);
      UNROLL for (int i = 0; i < width; i++) {
        const lanes v = load(s + kx * step + i * next);
        // Greater, or the first NaN: "not less or equal" is true of NaN, "best equals itself" is
        // not.
        const lane_ints wins = ~(v <= best[i]) & (best[i] == best[i]);
        best[i] = choose(wins, v, best[i]);
        if (with_winners) winner[i] = wins ? tap : winner[i];
      }
    }
  }
  UNROLL for (int i = 0; i < width; i++) {
    store(at(&p->output, block, row, column + i), best[i]);
    if (with_winners)
      *(lane_bytes_in_memory *)(winners + winner_offset(p, block, row, column + i)) =
          __builtin_convertvector(winner[i], lane_bytes);
  }
}

static void max_pool(const kernel_pooling *p, uint8_t *winners, int block_begin, int block_end,
                     int row_begin, int row_end) {
#define WITH_WINNERS(X, XS, WIDTH) max_pool_pixels(p, winners, block, row, X, ys, XS, WIDTH, 1)
#define WITHOUT_WINNERS(X, XS, WIDTH) max_pool_pixels(p, NULL, block, row, X, ys, XS, WIDTH, 0)
  for (int block = block_begin; block < block_end; block++)
    for (int row = row_begin; row < row_end; row++) {
      const taps_inside ys = window_rows(p, row);
      if (winners)
        FOR_EACH_WINDOW(p, WITH_WINNERS);
      else
        FOR_EACH_WINDOW(p, WITHOUT_WINNERS);
    }
#undef WITH_WINNERS
#undef WITHOUT_WINNERS
}

INLINE void average_pool_pixels(const kernel_pooling *p, const float *scale_y,
                                const float *scale_x, const kernel_epilogue *e, int block, int row,
                                int column, taps_inside ys, taps_inside xs, const int width) {
  const ptrdiff_t step = p->dilation_x * p->input.pixel, next = p->stride_x * p->input.pixel;
  lanes sum[POOL_TILE];
  UNROLL for (int i = 0; i < width; i++) sum[i] = splat(0);
  for (int ky = ys.begin; ky < ys.end; ky++) {
    const float *s = at(&p->input, block, ys.start + ky * p->dilation_y, xs.start);
    for (int kx = xs.begin; kx < xs.end; kx++)
      UNROLL for (int i = 0; i < width; i++) sum[i] += load(s + kx * step + i * next);
  }
  UNROLL for (int i = 0; i < width; i++) sum[i] *= splat(scale_y[row] * scale_x[column + i]);
  finish_run(sum, width, 1, e, &p->output, block, row, column);
}

static void average_pool(const kernel_pooling *p, const float *scale_y, const float *scale_x,
                         const kernel_epilogue *e, int block_begin, int block_end, int row_begin,
                         int row_end) {
#define AVERAGE(X, XS, WIDTH) \
  average_pool_pixels(p, scale_y, scale_x, e, block, row, X, ys, XS, WIDTH)
  for (int block = block_begin; block < block_end; block++)
    for (int row = row_begin; row < row_end; row++) {
      const taps_inside ys = window_rows(p, row);
      FOR_EACH_WINDOW(p, AVERAGE);
    }
#undef AVERAGE
}
