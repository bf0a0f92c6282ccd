// The choice of instruction set, made once, and the public functions, which go through its table.
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "table.h"

// The table of that name if this build and this processor have it, otherwise null.
static const kernel_table *table_named(const char *name) {
#if defined(__x86_64__)
  if (strcmp(name, "avx512") == 0)
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
                   __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq")
               ? &kernel_table_avx512
               : NULL;
  if (strcmp(name, "avx2") == 0)
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? &kernel_table_avx2
                                                                           : NULL;
#elif defined(__aarch64__)
  if (strcmp(name, "neon") == 0) return &kernel_table_neon;
#endif
  return strcmp(name, "portable") == 0 ? &kernel_table_portable : NULL;
}

static _Atomic(const kernel_table *) chosen;
// What a test forces on its own thread, so that tests that run side by side do not meet.
static _Thread_local const kernel_table *forced;

// Every thread that gets here first chooses the same.
static const kernel_table *choose_table(void) {
  const char *names[] = {getenv("VISUALIZE_ISA"), "avx512", "avx2", "neon", "portable"};
  const kernel_table *table = NULL;
  for (size_t i = 0; table == NULL && i < sizeof names / sizeof *names; i++)
    if (names[i]) table = table_named(names[i]);
  atomic_store_explicit(&chosen, table, memory_order_relaxed);
  return table;
}

static inline const kernel_table *table(void) {
  if (forced) return forced;
  const kernel_table *t = atomic_load_explicit(&chosen, memory_order_relaxed);
  return t ? t : choose_table();
}

const char *kernel_instruction_set(void) { return table()->name; }

int kernel_use_instruction_set(const char *name) {
  const kernel_table *t = table_named(name);
  if (t) forced = t;
  return t != NULL;
}

double kernel_measure_peak_flops(double seconds) { return table()->measure_peak_flops(seconds); }

void kernel_convolve(const kernel_convolution *c, int block_begin, int block_end, int row_begin,
                     int row_end) {
  table()->convolve(c, block_begin, block_end, row_begin, row_end);
}

void kernel_convolve_winograd(const kernel_convolution *c, int side, float *scratch,
                              int block_begin, int block_end, int tile_begin, int tile_end) {
  const kernel_batch alone = {0};
  table()->convolve_winograd(c, &alone, side, scratch, block_begin, block_end, tile_begin,
                             tile_end);
}

void kernel_convolve_winograd_batch(const kernel_convolution *c, const kernel_batch *batch,
                                    int side, float *scratch, int block_begin, int block_end,
                                    int tile_begin, int tile_end) {
  table()->convolve_winograd(c, batch, side, scratch, block_begin, block_end, tile_begin,
                             tile_end);
}

void kernel_convolve_depthwise(const kernel_convolution *c, int block_begin, int block_end,
                               int row_begin, int row_end) {
  table()->convolve_depthwise(c, block_begin, block_end, row_begin, row_end);
}

void kernel_max_pool(const kernel_pooling *p, uint8_t *winners, int block_begin, int block_end,
                     int row_begin, int row_end) {
  table()->max_pool(p, winners, block_begin, block_end, row_begin, row_end);
}

void kernel_max_pool_backward(const kernel_pooling *p, const uint8_t *winners,
                              const kernel_epilogue *e, int block_begin, int block_end,
                              int row_begin, int row_end) {
  table()->max_pool_backward(p, winners, e, block_begin, block_end, row_begin, row_end);
}

void kernel_average_pool(const kernel_pooling *p, const float *scale_y, const float *scale_x,
                         const kernel_epilogue *e, int block_begin, int block_end, int row_begin,
                         int row_end) {
  table()->average_pool(p, scale_y, scale_x, e, block_begin, block_end, row_begin, row_end);
}

void kernel_average_pool_backward(const kernel_pooling *p, const float *scale_y,
                                  const float *scale_x, const kernel_epilogue *e,
                                  int block_begin, int block_end, int row_begin, int row_end) {
  table()->average_pool_backward(p, scale_y, scale_x, e, block_begin, block_end, row_begin,
                                 row_end);
}

void kernel_lrn_forward(const kernel_lrn *l, kernel_map x, kernel_map y, int columns,
                        int row_begin, int row_end) {
  table()->lrn_forward(l, x, y, columns, row_begin, row_end);
}

void kernel_lrn_backward(const kernel_lrn *l, kernel_map x, kernel_map dy, kernel_map dx,
                         const kernel_epilogue *e, int columns, int row_begin, int row_end) {
  table()->lrn_backward(l, x, dy, dx, e, columns, row_begin, row_end);
}

void kernel_block(const float *planar, ptrdiff_t plane, ptrdiff_t row, kernel_map blocks,
                  int channels, int rows, int columns) {
  table()->block(planar, plane, row, blocks, channels, rows, columns);
}

void kernel_unblock(kernel_map blocks, float *planar, ptrdiff_t plane, ptrdiff_t row,
                    int channels, int rows, int columns) {
  table()->unblock(blocks, planar, plane, row, channels, rows, columns);
}

void kernel_block_add(const float *planar, ptrdiff_t plane, ptrdiff_t row, kernel_map blocks,
                      int channels, int rows, int columns) {
  table()->block_add(planar, plane, row, blocks, channels, rows, columns);
}

void kernel_interleave(const float *planar, ptrdiff_t plane, ptrdiff_t row, float *pixels,
                       ptrdiff_t pixels_row, int channels, const int *order, const float *scale,
                       const float *shift, int rows, int columns) {
  table()->interleave(planar, plane, row, pixels, pixels_row, channels, order, scale, shift,
                      rows, columns);
}

void kernel_deinterleave(const float *pixels, ptrdiff_t pixels_row, float *planar, ptrdiff_t plane,
                         ptrdiff_t row, int channels, const int *order, const float *scale,
                         int rows, int columns) {
  table()->deinterleave(pixels, pixels_row, planar, plane, row, channels, order, scale, rows,
                        columns);
}

void kernel_convolve_to_picture(const kernel_picture_gradient *p, float *scratch, int row_begin,
                                int row_end) {
  table()->convolve_to_picture(p, scratch, row_begin, row_end);
}

void kernel_zero_ring(kernel_map map, int ring, int blocks, int rows, int columns) {
  table()->zero_ring(map, ring, blocks, rows, columns);
}

void kernel_copy(kernel_map source, kernel_map destination, const kernel_epilogue *e, int blocks,
                 int rows, int columns) {
  table()->copy(source, destination, e, blocks, rows, columns);
}

void kernel_scale_shift(kernel_map source, kernel_map destination, const float *scale,
                        const float *shift, const kernel_epilogue *e, int blocks, int rows,
                        int columns) {
  table()->scale_shift(source, destination, scale, shift, e, blocks, rows, columns);
}

void kernel_multiply(kernel_map a, kernel_map b, kernel_map destination,
                     const kernel_epilogue *e, int blocks, int rows, int columns) {
  table()->multiply(a, b, destination, e, blocks, rows, columns);
}

void kernel_matmul(const float *a, const float *b, float *c, int rows, int inner, int columns) {
  table()->matmul(a, b, c, rows, inner, columns);
}

void kernel_matmul_turned(const float *a, const float *b, float *c, int rows, int inner, int columns) {
  table()->matmul_turned(a, b, c, rows, inner, columns);
}

void kernel_arctangents(const float *x, float *y, int rows, int units) {
  table()->arctangents(x, y, rows, units);
}

void kernel_arctangents_backward(const float *x, const float *y, const float *g, float *out, int rows, int units) {
  table()->arctangents_backward(x, y, g, out, rows, units);
}

void kernel_fourier_stage_run(const kernel_fourier_stage *s) { table()->fourier_stage(s); }

void kernel_activate(const kernel_activation *a, kernel_map source, kernel_map destination,
                     const kernel_epilogue *e, int channels, int rows, int columns) {
  table()->activate(a, source, destination, e, channels, rows, columns);
}

void kernel_activate_backward(const kernel_activation *a, kernel_map source, kernel_map gradient,
                              kernel_map destination, const kernel_epilogue *e, int channels,
                              int rows, int columns) {
  table()->activate_backward(a, source, gradient, destination, e, channels, rows, columns);
}

void kernel_activate_scalars(const kernel_activation *a, const float *x, const float *gradient,
                             float *out, ptrdiff_t count) {
  table()->activate_scalars(a, x, gradient, out, count);
}

void kernel_softmax_rows(const float *x, float *y, ptrdiff_t rows, ptrdiff_t length) {
  table()->softmax_rows(x, y, rows, length);
}

void kernel_softmax_rows_backward(const float *y, const float *g, float *out, ptrdiff_t rows, ptrdiff_t length) {
  table()->softmax_rows_backward(y, g, out, rows, length);
}

void kernel_standardize_rows(const float *x, float *y, ptrdiff_t rows, ptrdiff_t length, float epsilon) {
  table()->standardize_rows(x, y, rows, length, epsilon);
}

void kernel_standardize_rows_backward(const float *x, const float *y, const float *g, float *out, ptrdiff_t rows,
                                      ptrdiff_t length, float epsilon) {
  table()->standardize_rows_backward(x, y, g, out, rows, length, epsilon);
}

void kernel_layer_norm_forward(const kernel_layer_norm *l, kernel_map x, kernel_map y, const kernel_epilogue *e,
                               int row_begin, int row_end, int column_begin, int column_end) {
  table()->layer_norm(l, x, y, e, row_begin, row_end, column_begin, column_end);
}

void kernel_layer_norm_backward(const kernel_layer_norm *l, kernel_map x, kernel_map dy, kernel_map dx,
                                const kernel_epilogue *e, int row_begin, int row_end, int column_begin,
                                int column_end) {
  table()->layer_norm_backward(l, x, dy, dx, e, row_begin, row_end, column_begin, column_end);
}

void kernel_attention_forward(const kernel_attention *a, kernel_tokens q, kernel_tokens k, kernel_tokens v,
                              kernel_tokens out, float *scratch, int query_begin, int query_end) {
  table()->attention(a, q, k, v, out, scratch, query_begin, query_end);
}

void kernel_attention_backward(const kernel_attention *a, kernel_tokens q, kernel_tokens k, kernel_tokens v,
                               kernel_tokens g, kernel_tokens dq, kernel_tokens dk, kernel_tokens dv,
                               float *scratch, int query_begin, int query_end) {
  table()->attention_backward(a, q, k, v, g, dq, dk, dv, scratch, query_begin, query_end);
}

void kernel_add_tokens(kernel_tokens from, kernel_tokens to, int count, int width) {
  table()->add_tokens(from, to, count, width);
}

size_t kernel_attention_scratch(const kernel_attention *a) {
  // Tiles have at most 16 rows and 32 columns, and each of the nine pieces of memory begins with a cache line.
  const size_t keys = ((size_t)a->keys + 31) & ~(size_t)31;
  const size_t widths = (((size_t)a->width + 15) & ~(size_t)15) + (((size_t)a->value_width + 15) & ~(size_t)15);
  const size_t fitting = ATTENTION_SCORES / ((size_t)a->keys + 1);
  const size_t rows = fitting < 16 ? 16 : fitting > ATTENTION_ROWS ? ATTENTION_ROWS : fitting;
  return 3 * keys * widths + 16 * widths + rows * (widths + 2 * keys) + 11 * 16;
}

void kernel_update_moments(const kernel_moments *s, float *x, float *mean, float *square,
                           const float *g, ptrdiff_t count) {
  table()->moments(s, x, mean, square, g, count);
}

void kernel_convolve_weights(const kernel_weight_gradient *w, int block_begin, int block_end,
                             int input_begin, int input_end) {
  table()->convolve_weights(w, block_begin, block_end, input_begin, input_end);
}

void kernel_winograd_weight_points(const kernel_weight_gradient *w, int blocks, float *points,
                                   int tile_begin, int tile_end) {
  table()->winograd_weight_points(w, blocks, points, tile_begin, tile_end);
}

void kernel_winograd_weight_sums(const float *points, float *sums, int input_blocks, int blocks,
                                 int tiles, int point_begin, int point_end) {
  table()->winograd_weight_sums(points, sums, input_blocks, blocks, tiles, point_begin, point_end);
}

void kernel_transpose_weights(const float *weights, float *to, int from_blocks, int to_blocks,
                              int taps, const int *order, int count) {
  table()->transpose_weights(weights, to, from_blocks, to_blocks, taps, order, count);
}

void kernel_channel_moments(kernel_map map, float *mean, float *squares, int blocks, int rows,
                            int columns) {
  table()->channel_moments(map, mean, squares, blocks, rows, columns);
}

void kernel_channel_products(kernel_map g, kernel_map x, const float *mean, float *sums,
                             float *products, int blocks, int rows, int columns) {
  table()->channel_products(g, x, mean, sums, products, blocks, rows, columns);
}

void kernel_combine(kernel_map a, kernel_map b, kernel_map destination, const float *p,
                    const float *q, const float *r, int blocks, int rows, int columns) {
  table()->combine(a, b, destination, p, q, r, blocks, rows, columns);
}
