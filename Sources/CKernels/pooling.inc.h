// Pooling, forwards and backwards. Both are gathers, so that every result is written once, by whoever
// is given its row: an output gathers the inputs under its window, an input's gradient gathers from the
// outputs whose windows cover it.

// The taps [begin, end) of the window of output `o` that lie inside an input of `n`, and where tap 0 is.
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

// The outputs [begin, end) whose windows reach across input `i`; of these, output o covers it with tap
// (i + pad − o · stride) / dilation if that is a whole number.
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

// The maximum over a window and, if `with_winners`, the number of the tap that has it. A window that
// lies outside altogether gives −infinity.
INLINE void max_pool_pixel(const kernel_pooling *p, uint8_t *winners, int block, int row, int column,
                           taps_inside ys, const int with_winners) {
  const taps_inside xs = window_columns(p, column);
  lanes best = splat(-INFINITY);
  lane_ints winner = (lane_ints)(ys.begin * p->size_x + xs.begin);
  for (int ky = ys.begin; ky < ys.end; ky++) {
    const float *s = at(&p->input, block, ys.start + ky * p->dilation_y, xs.start);
    for (int kx = xs.begin; kx < xs.end; kx++) {
      const lanes v = load(s + kx * p->dilation_x * p->input.pixel);
      // Greater, or the first NaN: "not less or equal" is true of NaN, "best equals itself" is not.
      const lane_ints wins = ~(v <= best) & (best == best);
      best = choose(wins, v, best);
      if (with_winners) winner = wins ? (lane_ints)(ky * p->size_x + kx) : winner;
    }
  }
  store(at(&p->output, block, row, column), best);
  if (with_winners)
    *(lane_bytes_in_memory *)(winners + winner_offset(p, block, row, column)) =
        __builtin_convertvector(winner, lane_bytes);
}

static void max_pool(const kernel_pooling *p, uint8_t *winners, int block_begin, int block_end,
                     int row_begin, int row_end) {
  for (int block = block_begin; block < block_end; block++)
    for (int row = row_begin; row < row_end; row++) {
      const taps_inside ys = window_rows(p, row);
      for (int column = 0; column < p->output_columns; column++)
        if (winners)
          max_pool_pixel(p, winners, block, row, column, ys, 1);
        else
          max_pool_pixel(p, winners, block, row, column, ys, 0);
    }
}

static void max_pool_backward(const kernel_pooling *p, const uint8_t *winners,
                              const kernel_epilogue *e, int block_begin, int block_end,
                              int row_begin, int row_end) {
  for (int block = block_begin; block < block_end; block++)
    for (int row = row_begin; row < row_end; row++) {
      const outputs_over ys = coverage_rows(p, row);
      for (int column = 0; column < p->input_columns; column++) {
        const outputs_over xs = coverage_columns(p, column);
        lanes sum = splat(0);
        for (int oy = ys.begin; oy < ys.end; oy++) {
          const int ky = covering_tap(row, oy, p->stride_y, p->dilation_y, p->pad_y);
          if (ky < 0) continue;
          for (int ox = xs.begin; ox < xs.end; ox++) {
            const int kx = covering_tap(column, ox, p->stride_x, p->dilation_x, p->pad_x);
            if (kx < 0) continue;
            const lane_bytes winner =
                *(const lane_bytes_in_memory *)(winners + winner_offset(p, block, oy, ox));
            const lane_bytes tap = (lane_bytes)(uint8_t)(ky * p->size_x + kx);
            const lane_signed_bytes won = (lane_signed_bytes)(winner == tap);
            const lanes back = load(at(&p->output, block, oy, ox));
            sum += choose(__builtin_convertvector(won, lane_ints), back, splat(0));
          }
        }
        finish(sum, e, &p->input, block, row, column);
      }
    }
}

static void average_pool(const kernel_pooling *p, const float *scale_y, const float *scale_x,
                         const kernel_epilogue *e, int block_begin, int block_end, int row_begin,
                         int row_end) {
  for (int block = block_begin; block < block_end; block++)
    for (int row = row_begin; row < row_end; row++) {
      const taps_inside ys = window_rows(p, row);
      for (int column = 0; column < p->output_columns; column++) {
        const taps_inside xs = window_columns(p, column);
        lanes sum = splat(0);
        for (int ky = ys.begin; ky < ys.end; ky++) {
          const float *s = at(&p->input, block, ys.start + ky * p->dilation_y, xs.start);
          for (int kx = xs.begin; kx < xs.end; kx++)
            sum += load(s + kx * p->dilation_x * p->input.pixel);
        }
        finish(sum * splat(scale_y[row] * scale_x[column]), e, &p->output, block, row, column);
      }
    }
}

static void average_pool_backward(const kernel_pooling *p, const float *scale_y,
                                  const float *scale_x, const kernel_epilogue *e, int block_begin,
                                  int block_end, int row_begin, int row_end) {
  for (int block = block_begin; block < block_end; block++)
    for (int row = row_begin; row < row_end; row++) {
      const outputs_over ys = coverage_rows(p, row);
      for (int column = 0; column < p->input_columns; column++) {
        const outputs_over xs = coverage_columns(p, column);
        lanes sum = splat(0);
        for (int oy = ys.begin; oy < ys.end; oy++) {
          if (covering_tap(row, oy, p->stride_y, p->dilation_y, p->pad_y) < 0) continue;
          for (int ox = xs.begin; ox < xs.end; ox++) {
            if (covering_tap(column, ox, p->stride_x, p->dilation_x, p->pad_x) < 0) continue;
            sum = load(at(&p->output, block, oy, ox)) * splat(scale_y[oy] * scale_x[ox]) + sum;
          }
        }
        finish(sum, e, &p->input, block, row, column);
      }
    }
}
