// Activations of whole maps and tensors, and what comes back through them.

// `present` lanes of the last block have a channel; the others stay 0.
INLINE void activate_map(const kernel_activation *a, const kernel_function f, kernel_map source,
                         const kernel_map *gradient, kernel_map destination,
                         const kernel_epilogue *e, int channels, int rows, int columns) {
  for (int b = 0; 16 * b < channels; b++) {
    lane_ints present;
    for (int i = 0; i < 16; i++) present[i] = 16 * b + i < channels ? -1 : 0;
    for (int y = 0; y < rows; y++)
      for (int x = 0; x < columns; x++) {
        const lanes v = load(at(&source, b, y, x));
        const lanes result =
            gradient ? load(at(gradient, b, y, x)) * slope(a, f, v) : activation(a, f, v);
        finish(choose(present, result, splat(0)), e, &destination, b, y, x);
      }
  }
}

INLINE void activate_scalars(const kernel_activation *a, const kernel_function f, const float *x,
                             const float *gradient, float *out, ptrdiff_t count) {
  for (ptrdiff_t i = 0; i < count; i += 16) {
    const int some = count - i < 16 ? (int)(count - i) : 16;
    const lanes v = load_some(x + i, some);
    store_some(out + i,
               gradient ? load_some(gradient + i, some) * slope(a, f, v) : activation(a, f, v),
               some);
  }
}

static void activate(const kernel_activation *a, kernel_map source, kernel_map destination,
                     const kernel_epilogue *e, int channels, int rows, int columns) {
  FOR_ACTIVATION(a, activate_map, source, NULL, destination, e, channels, rows, columns)
}

static void activate_backward(const kernel_activation *a, kernel_map source, kernel_map gradient,
                              kernel_map destination, const kernel_epilogue *e, int channels,
                              int rows, int columns) {
  FOR_ACTIVATION(a, activate_map, source, &gradient, destination, e, channels, rows, columns)
}

static void activate_all(const kernel_activation *a, const float *x, const float *gradient,
                         float *out, ptrdiff_t count) {
  if (gradient)
    FOR_ACTIVATION(a, activate_scalars, x, gradient, out, count)
  else
    FOR_ACTIVATION(a, activate_scalars, x, NULL, out, count)
}
