// The table of kernels that every instruction set fills in, and the names that it goes by.
#pragma once

#include "include/kernels.h"

typedef struct {
  const char *name;
  void (*convolve)(const kernel_convolution *, int, int, int, int);
  void (*convolve_depthwise)(const kernel_convolution *, int, int, int, int);
  void (*convolve_winograd)(const kernel_convolution *, const kernel_batch *, int, float *, int, int,
                            int, int);
  void (*max_pool)(const kernel_pooling *, uint8_t *, int, int, int, int);
  void (*max_pool_backward)(const kernel_pooling *, const uint8_t *, const kernel_epilogue *, int,
                            int, int, int);
  void (*average_pool)(const kernel_pooling *, const float *, const float *,
                       const kernel_epilogue *, int, int, int, int);
  void (*average_pool_backward)(const kernel_pooling *, const float *, const float *,
                                const kernel_epilogue *, int, int, int, int);
  void (*lrn_forward)(const kernel_lrn *, kernel_map, kernel_map, int, int, int);
  void (*lrn_backward)(const kernel_lrn *, kernel_map, kernel_map, kernel_map,
                       const kernel_epilogue *, int, int, int);
  void (*block)(const float *, ptrdiff_t, ptrdiff_t, kernel_map, int, int, int);
  void (*unblock)(kernel_map, float *, ptrdiff_t, ptrdiff_t, int, int, int);
  void (*block_add)(const float *, ptrdiff_t, ptrdiff_t, kernel_map, int, int, int);
  void (*interleave)(const float *, ptrdiff_t, ptrdiff_t, float *, ptrdiff_t, int, const int *,
                     const float *, const float *, int, int);
  void (*deinterleave)(const float *, ptrdiff_t, float *, ptrdiff_t, ptrdiff_t, int, const int *,
                       const float *, int, int);
  void (*convolve_to_picture)(const kernel_picture_gradient *, float *, int, int);
  void (*zero_ring)(kernel_map, int, int, int, int);
  void (*copy)(kernel_map, kernel_map, const kernel_epilogue *, int, int, int);
  void (*scale_shift)(kernel_map, kernel_map, const float *, const float *,
                      const kernel_epilogue *, int, int, int);
  void (*multiply)(kernel_map, kernel_map, kernel_map, const kernel_epilogue *, int, int, int);
  void (*matmul)(const float *, const float *, float *, int, int, int);
  void (*matmul_turned)(const float *, const float *, float *, int, int, int);
  void (*arctangents)(const float *, float *, int, int);
  void (*arctangents_backward)(const float *, const float *, const float *, float *, int, int);
  void (*fourier_stage)(const kernel_fourier_stage *);
  void (*activate)(const kernel_activation *, kernel_map, kernel_map, const kernel_epilogue *, int,
                   int, int);
  void (*activate_backward)(const kernel_activation *, kernel_map, kernel_map, kernel_map,
                            const kernel_epilogue *, int, int, int);
  void (*activate_scalars)(const kernel_activation *, const float *, const float *, float *,
                           ptrdiff_t);
  void (*softmax_rows)(const float *, float *, ptrdiff_t, ptrdiff_t);
  void (*softmax_rows_backward)(const float *, const float *, float *, ptrdiff_t, ptrdiff_t);
  void (*standardize_rows)(const float *, float *, ptrdiff_t, ptrdiff_t, float);
  void (*standardize_rows_backward)(const float *, const float *, const float *, float *, ptrdiff_t, ptrdiff_t, float);
  void (*attention)(const kernel_attention *, kernel_tokens, kernel_tokens, kernel_tokens, kernel_tokens, float *, int,
                    int);
  void (*attention_backward)(const kernel_attention *, kernel_tokens, kernel_tokens, kernel_tokens, kernel_tokens,
                             kernel_tokens, kernel_tokens, kernel_tokens, float *, int, int);
  void (*add_tokens)(kernel_tokens, kernel_tokens, int, int);
  void (*layer_norm)(const kernel_layer_norm *, kernel_map, kernel_map, const kernel_epilogue *, int, int, int, int);
  void (*layer_norm_backward)(const kernel_layer_norm *, kernel_map, kernel_map, kernel_map, const kernel_epilogue *,
                              int, int, int, int);
  void (*moments)(const kernel_moments *, float *, float *, float *, const float *, ptrdiff_t);
  void (*convolve_weights)(const kernel_weight_gradient *, int, int, int, int);
  void (*winograd_weight_points)(const kernel_weight_gradient *, int, float *, int, int);
  void (*winograd_weight_sums)(const float *, float *, int, int, int, int, int);
  void (*transpose_weights)(const float *, float *, int, int, int, const int *, int);
  void (*channel_moments)(kernel_map, float *, float *, int, int, int);
  void (*channel_products)(kernel_map, kernel_map, const float *, float *, float *, int, int, int);
  void (*combine)(kernel_map, kernel_map, kernel_map, const float *, const float *, const float *,
                  int, int, int);
  double (*measure_peak_flops)(double);
} kernel_table;

// Winograd's convolution takes this many tiles at once, through this many output blocks at once.
int kernel_winograd_tiles_at_once(int channels);
enum { WINOGRAD_BLOCKS = 8 };

// Attention takes at most so many queries at once, and fewer where they have more scores than that.
enum { ATTENTION_ROWS = 64, ATTENTION_SCORES = 1 << 14 };

extern const kernel_table kernel_table_portable;
#if defined(__x86_64__)
extern const kernel_table kernel_table_avx2;
extern const kernel_table kernel_table_avx512;
#elif defined(__aarch64__)
extern const kernel_table kernel_table_neon;
#endif
