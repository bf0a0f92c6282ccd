// The kernels against their definitions in double, as a program of plain C: it runs where there is no Swift, as for
// another processor under an emulator. `.ci/arm` builds and runs it.
#pragma once

#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernels.h"

// Definitions and inputs are the same on all processors.
#pragma STDC FP_CONTRACT OFF

// The relative error of one rounding.
#define ROUNDING 0x1p-24
#define COUNT(ARRAY) ((int)(sizeof(ARRAY) / sizeof *(ARRAY)))

// What follows belongs to the kernel of this name.
void checking(const char *kernel);
// A result, what it should be and how far from it rounding may take it.
void expect(double result, double expected, double tolerance);
// Whether something holds; what the kernel was doing, as in printf.
void expect_that(int holds, const char *format, ...);
// Adds results to the digest by which instruction sets are compared.
void digest(const float *results, size_t count);

// Numbers in −1…1, the same in every run.
float any_number(void);
// Memory of so many of them, not a float more, aligned to 64 bytes; the program ends before it is given back.
float *any_numbers(size_t count);
float *same_numbers(size_t count, float value);

// A feature map of random numbers: channels that pad the last block are 0, a ring and gaps between pixels NaN.
typedef struct {
  kernel_map map;
  int channels, blocks, rows, columns;
  float *memory;
  size_t count;
} feature_map;

feature_map any_map(int channels, int rows, int columns, int ring, int pixel);
// The same numbers in other memory.
feature_map copy_of(const feature_map *m);
float *element(const feature_map *m, int channel, int row, int column);
// Everything but the pixels is as it was `before`, and what the pixels hold joins the digest.
void expect_untouched(const feature_map *after, const feature_map *before);

// An epilogue over random maps.
enum { BIAS = 1, ACCUMULATE = 2, ADDEND = 4, CLAMP = 8, MASK = 16, BEND = 32, FACTOR = 64, ALL_PARTS = 127 };
typedef struct {
  kernel_epilogue e;
  int parts;
  feature_map addend, slopes, mask, factor;
} any_epilogue;

// What the epilogue's activation makes of a number, and its derivative.
double bent(const any_epilogue *e, double x);
double slope_of(const any_epilogue *e, double x);
any_epilogue epilogue_of(int parts, int channels, int rows, int columns);
// Expects epilogue(sum) at a place of `after`, where there was what `before` holds.
void expect_stored(const any_epilogue *e, double sum, double tolerance, const feature_map *after,
                   const feature_map *before, int channel, int row, int column);

void check_convolution(void);
void check_winograd(void);
void check_weight_gradients(void);
void check_pictures(void);
void check_pooling(void);
void check_normalization(void);
void check_layouts(void);
void check_elementwise(void);
void check_products(void);
void check_scalars(void);
void check_rows(void);
void check_attention(void);
void check_bfloat16(void);
