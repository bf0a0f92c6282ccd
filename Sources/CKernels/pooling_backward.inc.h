// Pooling's gradients. Neighbouring inputs of one phase (their columns modulo the stride) are
// covered by neighbouring outputs with the same taps, so that several are gathered at once.

// What inputs of one phase gather in a row: from output first + j with that tap, j the input's
// number within the phase.
enum { PHASE_TAPS = 16 };
typedef struct {
  int count, tap[PHASE_TAPS], first[PHASE_TAPS];
  int begin, end;  // the numbers j for which all these outputs exist; none if taps are too many
} phase_taps;

INLINE phase_taps taps_of_phase(const kernel_pooling *p, int phase) {
  phase_taps t = {.begin = 0, .end = p->input_columns};
  for (int k = 0; k < p->size_x; k++) {
    const int distance = phase + p->pad_x - k * p->dilation_x;
    if (distance % p->stride_x != 0) continue;
    if (t.count == PHASE_TAPS) return (phase_taps){0};
    const int first = distance / p->stride_x;
    t.tap[t.count] = k;
    t.first[t.count++] = first;
    t.begin = larger(t.begin, -first);
    t.end = smaller(t.end, p->output_columns - first);
  }
  const int inputs = divide_up(p->input_columns - phase, p->stride_x);
  t.end = smaller(t.end, inputs);
  t.begin = smaller(t.begin, larger(t.end, 0));
  return t;
}

// What output (oy, ox) sends back through tap (ky, kx): all to the winner, or a share to everyone.
// With `winners` null it is an average.
typedef struct {
  const uint8_t *winners;
  const float *scale_y, *scale_x;
} pool_rule;

INLINE lanes sent_back(const kernel_pooling *p, const pool_rule *rule, int block, int oy, int ox,
                       int tap, const int is_max) {
  const lanes back = load(at(&p->output, block, oy, ox));
  if (!is_max) return back * splat(rule->scale_y[oy] * rule->scale_x[ox]);
  const lane_bytes winner =
      *(const lane_bytes_in_memory *)(rule->winners + winner_offset(p, block, oy, ox));
  const lane_signed_bytes won = (lane_signed_bytes)(winner == (lane_bytes)(uint8_t)tap);
  return choose(__builtin_convertvector(won, lane_ints), back, splat(0));
}

// One input, at a border or under a large window.
INLINE lanes gather_one(const kernel_pooling *p, const pool_rule *rule, outputs_over ys, int block,
                        int row, int column, const int is_max) {
  const outputs_over xs = coverage_columns(p, column);
  lanes sum = splat(0);
  for (int oy = ys.end - 1; oy >= ys.begin; oy--) {
    const int ky = covering_tap(row, oy, p->stride_y, p->dilation_y, p->pad_y);
    if (ky < 0) continue;
    for (int ox = xs.end - 1; ox >= xs.begin; ox--) {
      const int kx = covering_tap(column, ox, p->stride_x, p->dilation_x, p->pad_x);
      if (kx >= 0) sum += sent_back(p, rule, block, oy, ox, ky * p->size_x + kx, is_max);
    }
  }
  return sum;
}

// POOL_TILE inputs of one phase from number j on, all of whose taps are inside.
INLINE void gather_tile(const kernel_pooling *p, const pool_rule *rule, outputs_over ys,
                        const phase_taps *taps, int block, int row, int j, lanes sum[POOL_TILE],
                        const int is_max) {
  UNROLL for (int i = 0; i < POOL_TILE; i++) sum[i] = splat(0);
  for (int oy = ys.end - 1; oy >= ys.begin; oy--) {
    const int ky = covering_tap(row, oy, p->stride_y, p->dilation_y, p->pad_y);
    if (ky < 0) continue;
    for (int t = 0; t < taps->count; t++)
      UNROLL for (int i = 0; i < POOL_TILE; i++)
        sum[i] += sent_back(p, rule, block, oy, taps->first[t] + j + i,
                            ky * p->size_x + taps->tap[t], is_max);
  }
}

INLINE void pool_backward(const kernel_pooling *p, const pool_rule *rule, const kernel_epilogue *e,
                          int block_begin, int block_end, int row_begin, int row_end,
                          const int is_max) {
  for (int phase = 0; phase < smaller(p->stride_x, p->input_columns); phase++) {
    const phase_taps taps = taps_of_phase(p, phase);
    const int inputs = divide_up(p->input_columns - phase, p->stride_x);
    for (int block = block_begin; block < block_end; block++)
      for (int row = row_begin; row < row_end; row++) {
        const outputs_over ys = coverage_rows(p, row);
        for (int j = 0; j < inputs;) {
          const int column = phase + j * p->stride_x;
          if (j >= taps.begin && j + POOL_TILE <= taps.end) {
            lanes sum[POOL_TILE];
            gather_tile(p, rule, ys, &taps, block, row, j, sum, is_max);
            finish_run(sum, POOL_TILE, p->stride_x, e, &p->input, block, row, column);
            j += POOL_TILE;
          } else {
            const lanes sum = gather_one(p, rule, ys, block, row, column, is_max);
            finish(sum, e, &p->input, block, row, column);
            j++;
          }
        }
      }
  }
}

static void max_pool_backward(const kernel_pooling *p, const uint8_t *winners,
                              const kernel_epilogue *e, int block_begin, int block_end,
                              int row_begin, int row_end) {
  const pool_rule rule = {.winners = winners};
  pool_backward(p, &rule, e, block_begin, block_end, row_begin, row_end, 1);
}

// Whether the one output is of all inputs.
INLINE int is_global(const kernel_pooling *p) {
  return p->output_rows == 1 && p->output_columns == 1 && p->dilation_y == 1 &&
         p->dilation_x == 1 && p->pad_y == 0 && p->pad_x == 0 && p->size_y >= p->input_rows &&
         p->size_x >= p->input_columns;
}

// Of the mean of a map: the same to every pixel.
INLINE void global_average_backward(const kernel_pooling *p, const pool_rule *rule,
                                    const kernel_epilogue *e, int block_begin, int block_end,
                                    int row_begin, int row_end) {
  for (int block = block_begin; block < block_end; block++) {
    const lanes back = sent_back(p, rule, block, 0, 0, 0, 0);
    for (int row = row_begin; row < row_end; row++) {
      int column = 0;
      for (; column + POOL_TILE <= p->input_columns; column += POOL_TILE) {
        lanes tile[POOL_TILE];
        UNROLL for (int i = 0; i < POOL_TILE; i++) tile[i] = back;
        finish_run(tile, POOL_TILE, 1, e, &p->input, block, row, column);
      }
      for (; column < p->input_columns; column++) finish(back, e, &p->input, block, row, column);
    }
  }
}

static void average_pool_backward(const kernel_pooling *p, const float *scale_y,
                                  const float *scale_x, const kernel_epilogue *e, int block_begin,
                                  int block_end, int row_begin, int row_end) {
  const pool_rule rule = {.scale_y = scale_y, .scale_x = scale_x};
  if (is_global(p))
    global_average_backward(p, &rule, e, block_begin, block_end, row_begin, row_end);
  else
    pool_backward(p, &rule, e, block_begin, block_end, row_begin, row_end, 0);
}
