// Functions of one number that are more than a clamp, and their derivatives.

// eˣ as a number near 1 and a power of two, to 2 units in the last place, for −87.4 ≤ x ≤ 88.8. Source: Cephes, expf.
typedef struct {
  lanes mantissa;
  lane_ints exponent;
} power_of_two;

INLINE power_of_two split_exponential(lanes x) {
  // Adding 1.5 · 2²³ rounds to an integer, which then stands in the low bits.
  const lanes shifted = x * splat(1.442695f) + splat(12582912);
  const lanes n = shifted - splat(12582912);
  const lanes r = (x - n * splat(0.693359375f)) + n * splat(2.1219444e-4f);
  lanes p = splat(1.987569150e-4f);
  p = p * r + splat(1.3981999507e-3f);
  p = p * r + splat(8.3334519073e-3f);
  p = p * r + splat(4.1665795894e-2f);
  p = p * r + splat(1.6666665459e-1f);
  p = p * r + splat(5.0000001201e-1f);
  const power_of_two e = {p * (r * r) + r + splat(1), as_ints(shifted) - (lane_ints)0x4B400000};
  return e;
}

// eˣ; 0 and infinity beyond what a float can be.
INLINE lanes exponential(lanes x) {
  const lanes smallest = splat(-87.336544f), largest = splat(88.72283f);
  const power_of_two e = split_exponential(at_most(at_least(x, smallest), largest));
  // 2ⁿ in two factors: n reaches 128.
  const lane_ints half = e.exponent >> 1;
  const lanes low = as_floats((half + 127) << 23), high = as_floats((e.exponent - half + 127) << 23);
  const lanes result = e.mantissa * low * high;
  return choose(x < smallest, splat(0), choose(x > largest, splat(INFINITY), result));
}

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

// 1 / (1 + e⁻ˣ), 0 below −88.3, where 2ⁿ is infinite: it is one factor.
INLINE lanes logistic(lanes x) {
  const power_of_two e = split_exponential(at_most(at_least(-x, splat(-87.336544f)), splat(88.72283f)));
  return splat(1) / (splat(1) + e.mantissa * as_floats((e.exponent + 127) << 23));
}

// tanh(ln(1 + eˣ)) = n / (n + 2) with n = eˣ (eˣ + 2): 1 in single precision from 20 on.
INLINE lanes tanh_of_softplus(lanes x) {
  const lanes e = exponential(at_most(x, splat(20))), n = e * (e + splat(2));
  return n / (n + splat(2));
}

// GELU by its tangent is x / (1 + e^(−2u)), 2u = 2 √(2/π) (x + 0.044715 x³): 0 or x beyond ±30 in single precision.
INLINE lanes within_thirty(lanes x) { return at_most(at_least(x, splat(-30)), splat(30)); }
INLINE lanes logistic_of_cubic(lanes x) {
  return logistic(x * (splat(1.5957691216f) + splat(0.0713548163f) * x * x));
}

INLINE lanes within_one(lanes x) { return at_most(at_least(x, splat(0)), splat(1)); }

INLINE lanes activation(const kernel_activation *a, const kernel_function f, lanes x) {
  switch (f) {
    case KERNEL_IDENTITY: return x;
    case KERNEL_SIGMOID: return logistic(x);
    case KERNEL_SWISH: return x * logistic(x * a->alpha);
    case KERNEL_HARD_SIGMOID: return within_one(x * a->alpha + a->beta);
    case KERNEL_HARD_SWISH: return x * within_one(x * splat(1.0f / 6) + splat(0.5f));
    case KERNEL_LEAKY_RELU: return choose(x < splat(0), x * a->alpha, x);
    case KERNEL_GELU: return splat(0.5f) * x * (splat(1) + error_function(x * splat(0.70710678f)));
    case KERNEL_GELU_TANH: return x * logistic_of_cubic(within_thirty(x));
    case KERNEL_MISH: return x * tanh_of_softplus(x);
  }
}

INLINE lanes slope(const kernel_activation *a, const kernel_function f, lanes x) {
  switch (f) {
    case KERNEL_IDENTITY: return splat(1);
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
    case KERNEL_GELU_TANH: {
      const lanes u = within_thirty(x), y = logistic_of_cubic(u);
      return y + u * y * (splat(1) - y) * (splat(1.5957691216f) + splat(0.2140644489f) * u * u);
    }
    case KERNEL_MISH: {
      const lanes y = tanh_of_softplus(x);
      return y + x * (splat(1) - y * y) * logistic(x);
    }
  }
}

// Calls a function with each activation as a constant.
#define FOR_ACTIVATION(A, CALL, ...)                                                       \
  switch ((A)->function) {                                                                 \
    case KERNEL_IDENTITY: return CALL(A, KERNEL_IDENTITY, __VA_ARGS__);                     \
    case KERNEL_SIGMOID: return CALL(A, KERNEL_SIGMOID, __VA_ARGS__);                       \
    case KERNEL_SWISH: return CALL(A, KERNEL_SWISH, __VA_ARGS__);                           \
    case KERNEL_HARD_SIGMOID: return CALL(A, KERNEL_HARD_SIGMOID, __VA_ARGS__);             \
    case KERNEL_HARD_SWISH: return CALL(A, KERNEL_HARD_SWISH, __VA_ARGS__);                 \
    case KERNEL_LEAKY_RELU: return CALL(A, KERNEL_LEAKY_RELU, __VA_ARGS__);                 \
    case KERNEL_GELU: return CALL(A, KERNEL_GELU, __VA_ARGS__);                             \
    case KERNEL_GELU_TANH: return CALL(A, KERNEL_GELU_TANH, __VA_ARGS__);                   \
    case KERNEL_MISH: return CALL(A, KERNEL_MISH, __VA_ARGS__);                             \
  }
