// Copies, scales, products and activations, each with an epilogue.
#include "check.h"

static void check_copies(int channels, int rows, int columns, int pixel, int parts) {
  const feature_map a = any_map(channels, rows, columns, 1, pixel), b = any_map(channels, rows, columns, 0, 16);
  const any_epilogue e = epilogue_of(parts, channels, rows, columns);
  const float *scale = any_numbers((size_t)(16 * a.blocks)), *shift = any_numbers((size_t)(16 * a.blocks));
  for (int kind = 0; kind < 3; kind++) {
    const feature_map to = any_map(channels, rows, columns, 1, 16), before = copy_of(&to);
    checking(kind == 0 ? "kernel_copy" : kind == 1 ? "kernel_scale_shift" : "kernel_multiply");
    if (kind == 0) kernel_copy(a.map, to.map, &e.e, a.blocks, rows, columns);
    if (kind == 1) kernel_scale_shift(a.map, to.map, scale, shift, &e.e, a.blocks, rows, columns);
    if (kind == 2) kernel_multiply(a.map, b.map, to.map, &e.e, a.blocks, rows, columns);
    for (int c = 0; c < channels; c++)
      for (int y = 0; y < rows; y++)
        for (int x = 0; x < columns; x++) {
          const double v = *element(&a, c, y, x);
          const double right = kind == 0 ? v : kind == 1 ? v * scale[c] + shift[c] : v * *element(&b, c, y, x);
          expect_stored(&e, right, 3 * ROUNDING, &to, &before, c, y, x);
        }
    expect_untouched(&to, &before);
  }
}

static double logistic(double x) { return 1 / (1 + exp(-x)); }

static double value(const kernel_activation *a, double x) {
  switch (a->function) {
    case KERNEL_IDENTITY: return x;
    case KERNEL_SIGMOID: return logistic(x);
    case KERNEL_SWISH: return x * logistic(a->alpha * x);
    case KERNEL_HARD_SIGMOID: return fmin(fmax(a->alpha * x + a->beta, 0), 1);
    case KERNEL_HARD_SWISH: return x * fmin(fmax(x / 6 + 0.5, 0), 1);
    case KERNEL_LEAKY_RELU: return x < 0 ? a->alpha * x : x;
    case KERNEL_GELU: return x * 0.5 * (1 + erf(x * M_SQRT1_2));
    case KERNEL_GELU_TANH: return x * 0.5 * (1 + tanh(sqrt(M_2_PI) * (x + 0.044715 * x * x * x)));
    case KERNEL_MISH: return x * tanh(log1p(exp(x)));
  }
  abort();
}

static double slope(const kernel_activation *a, double x) {
  const double y = logistic(a->function == KERNEL_SWISH ? a->alpha * x : x), line = a->alpha * x + a->beta;
  switch (a->function) {
    case KERNEL_IDENTITY: return 1;
    case KERNEL_SIGMOID: return y * (1 - y);
    case KERNEL_SWISH: return y + a->alpha * x * y * (1 - y);
    case KERNEL_HARD_SIGMOID: return line >= 0 && line <= 1 ? a->alpha : 0;
    case KERNEL_HARD_SWISH: return x <= -3 ? 0 : x >= 3 ? 1 : x / 3 + 0.5;
    case KERNEL_LEAKY_RELU: return x > 0 ? 1 : a->alpha;
    case KERNEL_GELU: return 0.5 * (1 + erf(x * M_SQRT1_2)) + x * exp(-x * x / 2) * 0.3989422804014327;
    case KERNEL_GELU_TANH: {
      const double bend = tanh(sqrt(M_2_PI) * (x + 0.044715 * x * x * x));
      return 0.5 * (1 + bend) + 0.5 * x * (1 - bend * bend) * sqrt(M_2_PI) * (1 + 3 * 0.044715 * x * x);
    }
    case KERNEL_MISH: {
      const double bend = tanh(log1p(exp(x)));
      return bend + x * (1 - bend * bend) * y;
    }
  }
  abort();
}

static void check_activation(const kernel_activation *a, int channels, int rows, int columns) {
  const feature_map x = any_map(channels, rows, columns, 0, 16), g = any_map(channels, rows, columns, 0, 16);
  for (size_t i = 0; i < x.count; i++) x.memory[i] *= 9;
  const any_epilogue e = epilogue_of(ADDEND, channels, rows, columns);
  for (int back = 0; back < 2; back++) {
    checking(back ? "kernel_activate_backward" : "kernel_activate");
    const feature_map to = any_map(channels, rows, columns, 1, 16), before = copy_of(&to);
    if (back)
      kernel_activate_backward(a, x.map, g.map, to.map, &e.e, channels, rows, columns);
    else
      kernel_activate(a, x.map, to.map, &e.e, channels, rows, columns);
    for (int c = 0; c < channels; c++)
      for (int i = 0; i < rows * columns; i++) {
        const double v = *element(&x, c, i / columns, i % columns), gradient = *element(&g, c, i / columns, i % columns);
        const double right = back ? gradient * slope(a, v) : value(a, v);
        expect_stored(&e, right, 4e-7 * (1 + fabs(v)), &to, &before, c, i / columns, i % columns);
      }
    // Lanes without a channel become epilogue(0), which is the addend's 0.
    for (int c = channels; c < 16 * to.blocks; c++) expect(*element(&to, c, rows - 1, columns - 1), 0, 0);
    expect_untouched(&to, &before);
  }
}

static void check_scalars_of(const kernel_activation *a, int count) {
  checking("kernel_activate_scalars");
  const float *x = any_numbers((size_t)count), *g = any_numbers((size_t)count);
  float *y = same_numbers((size_t)count, NAN), *back = same_numbers((size_t)count, NAN);
  kernel_activate_scalars(a, x, NULL, y, count);
  kernel_activate_scalars(a, x, g, back, count);
  for (int i = 0; i < count; i++) expect(y[i], value(a, x[i]), 4e-7), expect(back[i], g[i] * slope(a, x[i]), 4e-7);
  digest(y, (size_t)count);
  digest(back, (size_t)count);
}

void check_elementwise(void) {
  static const int parts[] = {0, BIAS, ACCUMULATE, ADDEND, CLAMP, MASK, BEND, FACTOR, ALL_PARTS};
  for (int i = 0; i < COUNT(parts); i++) check_copies(1 + 13 * i, 1 + i % 3, 2 + 3 * i, i % 2 ? 32 : 16, parts[i]);
  static const kernel_activation functions[] = {
      {KERNEL_SIGMOID, 0, 0}, {KERNEL_SWISH, 1, 0}, {KERNEL_SWISH, 1.702f, 0}, {KERNEL_HARD_SIGMOID, 0.2f, 0.5f},
      {KERNEL_HARD_SWISH, 0, 0}, {KERNEL_LEAKY_RELU, 0.1f, 0}, {KERNEL_GELU, 0, 0},
      {KERNEL_GELU_TANH, 0, 0},  {KERNEL_MISH, 0, 0}};
  for (int i = 0; i < COUNT(functions); i++) check_activation(&functions[i], 3 + 11 * i, 2, 5 + i);
  for (int i = 0; i < COUNT(functions); i++)
    for (int count = 1; count < 50; count += 11) check_scalars_of(&functions[i], count);
}
