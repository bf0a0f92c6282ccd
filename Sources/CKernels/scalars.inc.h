// Scalars of whole tensors: the exponential, and an optimizer's update. The last few scalars go
// through the same vector code: a result does not depend on its place.

// eˣ to 2 units in the last place; 0 and infinity beyond what a float can be. Source: Cephes, expf.
INLINE lanes exponential(lanes x) {
  const lanes smallest = splat(-87.336544f), largest = splat(88.72283f);
  const lanes clamped = at_most(at_least(x, smallest), largest);
  // Adding 1.5 · 2²³ rounds to an integer, which then stands in the low bits.
  const lanes shifted = clamped * splat(1.442695f) + splat(12582912);
  const lanes n = shifted - splat(12582912);
  const lanes r = (clamped - n * splat(0.693359375f)) + n * splat(2.1219444e-4f);
  lanes p = splat(1.987569150e-4f);
  p = p * r + splat(1.3981999507e-3f);
  p = p * r + splat(8.3334519073e-3f);
  p = p * r + splat(4.1665795894e-2f);
  p = p * r + splat(1.6666665459e-1f);
  p = p * r + splat(5.0000001201e-1f);
  const lanes mantissa = p * (r * r) + r + splat(1);
  // 2ⁿ in two factors: n reaches 128.
  const lane_ints whole = as_ints(shifted) - (lane_ints)0x4B400000;
  const lane_ints half = whole >> 1;
  const lanes low = as_floats((half + 127) << 23), high = as_floats((whole - half + 127) << 23);
  const lanes result = mantissa * low * high;
  return choose(x < smallest, splat(0), choose(x > largest, splat(INFINITY), result));
}

static void moments(const kernel_moments *s, float *x, float *mean, float *square, const float *g,
                    ptrdiff_t count) {
  for (ptrdiff_t i = 0; i < count; i += 16) {
    const int some = count - i < 16 ? (int)(count - i) : 16;
    const lanes gradient = load_some(g + i, some);
    const lanes m = load_some(mean + i, some) * s->mean_decay + gradient * (1 - s->mean_decay);
    const lanes v = load_some(square + i, some) * s->square_decay +
                    gradient * gradient * (1 - s->square_decay);
    const lanes root = __builtin_elementwise_sqrt(v);
    const lanes change = (m * s->of_mean + gradient * s->of_gradient) /
                         (root * s->root_scale + s->epsilon);
    store_some(mean + i, m, some);
    store_some(square + i, v, some);
    store_some(x + i, load_some(x + i, some) * s->kept - change, some);
  }
}
