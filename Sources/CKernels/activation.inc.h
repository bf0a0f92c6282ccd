// Activations that are more than a clamp, and their derivatives.

// The error function to 9e-8, relative and absolute: a polynomial near 0, 1 − e^p(|x|) beyond it.
// Coefficients: N. Juffa, minimax fits for single precision.
INLINE lanes error_function(lanes x) {
  const lanes t = __builtin_elementwise_abs(x), s = x * x;
  lanes far = splat(-1.72853470e-5f) * t + splat(3.83197126e-4f);
  const lanes even = splat(-3.88396438e-3f) * t + splat(2.42546219e-2f);
  far = far * s + even;
  far = far * t + splat(-1.06777877e-1f);
  far = far * t + splat(-6.34846687e-1f);
  far = far * t + splat(-1.28717512e-1f);
  far = splat(1) - exponential(far * t - t);
  lanes near = splat(-5.96761703e-4f);
  near = near * s + splat(4.99119423e-3f);
  near = near * s + splat(-2.67681349e-2f);
  near = near * s + splat(1.12819925e-1f);
  near = near * s + splat(-3.76125336e-1f);
  near = near * s + splat(1.28379166e-1f);
  return choose(t > splat(0.927734375f), choose(x < splat(0), -far, far), near * x + x);
}

INLINE lanes logistic(lanes x) { return splat(1) / (splat(1) + exponential(-x)); }

INLINE lanes within_one(lanes x) { return at_most(at_least(x, splat(0)), splat(1)); }

INLINE lanes activation(const kernel_activation *a, const kernel_function f, lanes x) {
  switch (f) {
    case KERNEL_SIGMOID: return logistic(x);
    case KERNEL_SWISH: return x * logistic(x * a->alpha);
    case KERNEL_HARD_SIGMOID: return within_one(x * a->alpha + a->beta);
    case KERNEL_HARD_SWISH: return x * within_one(x * splat(1.0f / 6) + splat(0.5f));
    case KERNEL_LEAKY_RELU: return choose(x < splat(0), x * a->alpha, x);
    case KERNEL_GELU: return splat(0.5f) * x * (splat(1) + error_function(x * splat(0.70710678f)));
  }
}

INLINE lanes slope(const kernel_activation *a, const kernel_function f, lanes x) {
  switch (f) {
    case KERNEL_SIGMOID: {
      const lanes y = logistic(x);
      return y * (splat(1) - y);
    }
    case KERNEL_SWISH: {
      const lanes y = logistic(x * a->alpha);
      return y + x * a->alpha * y * (splat(1) - y);
    }
    case KERNEL_HARD_SIGMOID: {
      const lanes y = x * a->alpha + a->beta;
      return choose((y >= splat(0)) & (y <= splat(1)), splat(a->alpha), splat(0));
    }
    case KERNEL_HARD_SWISH: {
      const lanes inside = x * splat(1.0f / 3) + splat(0.5f);
      return choose(x <= splat(-3), splat(0), choose(x >= splat(3), splat(1), inside));
    }
    case KERNEL_LEAKY_RELU: return choose(x > splat(0), splat(1), splat(a->alpha));
    case KERNEL_GELU:
      return splat(0.5f) * (splat(1) + error_function(x * splat(0.70710678f))) +
             x * splat(0.39894228f) * exponential(splat(-0.5f) * x * x);
  }
}

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

// Calls a function with each activation as a constant.
#define FOR_ACTIVATION(A, CALL, ...)                                                       \
  switch ((A)->function) {                                                                 \
    case KERNEL_SIGMOID: return CALL(A, KERNEL_SIGMOID, __VA_ARGS__);                       \
    case KERNEL_SWISH: return CALL(A, KERNEL_SWISH, __VA_ARGS__);                           \
    case KERNEL_HARD_SIGMOID: return CALL(A, KERNEL_HARD_SIGMOID, __VA_ARGS__);             \
    case KERNEL_HARD_SWISH: return CALL(A, KERNEL_HARD_SWISH, __VA_ARGS__);                 \
    case KERNEL_LEAKY_RELU: return CALL(A, KERNEL_LEAKY_RELU, __VA_ARGS__);                 \
    case KERNEL_GELU: return CALL(A, KERNEL_GELU, __VA_ARGS__);                             \
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
