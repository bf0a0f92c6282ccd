// Convolution in bfloat16, for processors that multiply it: two channels in the place of a float, products exact and
// summed in float. The tiles are those of float, with half as many steps.
#include "include/kernels.h"

#if defined(__x86_64__)
#include <immintrin.h>
#include <math.h>
#include <string.h>

#pragma clang diagnostic ignored "-Wpsabi"
#pragma clang attribute push( \
    __attribute__((target("avx512f,avx512vl,avx512bw,avx512dq,fma,avx512bf16"))), apply_to = function)

#include "vector.inc.h"

#define BLOCK_DEPTH 8
#define MULTIPLY_ADD(v, w, sum) \
  ((lanes)_mm512_dpbf16_ps((__m512)(sum), (__m512bh)(v), (__m512bh)(w)))
#include "avx512.h"

#include "functions.inc.h"

#include "epilogue.inc.h"

#include "tiles.inc.h"

void kernel_convolve_bfloat16(const kernel_convolution *c, int block_begin, int block_end,
                              int row_begin, int row_end) {
  const convolution_plan plan = plan_of(c);
  for (int block = block_begin; block < block_end;) {
    const int blocks = block + TILE_BLOCKS <= block_end ? TILE_BLOCKS : 1;
    convolve_blocks(&plan, c->weights + block * plan.block_weights, block, blocks, row_begin,
                    row_end);
    block += blocks;
  }
}

void kernel_to_bfloat16(const float *from, float *to, ptrdiff_t count) {
  ptrdiff_t i = 0;
  for (; i + 32 <= count; i += 32)
    _mm512_storeu_ps(to + i / 2, (__m512)_mm512_cvtne2ps_pbh(_mm512_loadu_ps(from + i + 16),
                                                             _mm512_loadu_ps(from + i)));
  if (i < count)
    _mm256_storeu_ps(to + i / 2, (__m256)_mm512_cvtneps_pbh(_mm512_loadu_ps(from + i)));
}

#pragma clang attribute pop

int kernel_has_bfloat16(void) {
  // Whoever asks for another set of kernels asks for its numbers.
  return strcmp(kernel_instruction_set(), "avx512") == 0 && __builtin_cpu_supports("avx512vl") &&
         __builtin_cpu_supports("avx512bf16");
}
#else
#include <stdlib.h>

int kernel_has_bfloat16(void) { return 0; }

void kernel_convolve_bfloat16(const kernel_convolution *c, int block_begin, int block_end,
                              int row_begin, int row_end) {
  (void)c, (void)block_begin, (void)block_end, (void)row_begin, (void)row_end;
  abort();
}

void kernel_to_bfloat16(const float *from, float *to, ptrdiff_t count) {
  (void)from, (void)to, (void)count;
  abort();
}
#endif
