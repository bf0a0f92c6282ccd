// What stands between the layers of pictures that are functions of the place: of every number its arc tangent and
// the square of that.

// To 10⁻⁶. Source: Moshier, Cephes, `atanf`.
INLINE lanes arctangent(lanes x) {
  const lanes a = choose(x < 0, -x, x);
  const lane_ints is_large = a > 2.414213562373095f, is_middle = a > 0.4142135623730950f;
  const lanes numerator = choose(is_large, splat(-1), choose(is_middle, a - 1, a));
  const lanes denominator = choose(is_large, a, choose(is_middle, a + 1, splat(1)));
  const lanes offset = choose(is_large, splat(1.5707963267948966f),
                              choose(is_middle, splat(0.7853981633974483f), splat(0)));
  const lanes r = numerator / denominator, z = r * r;
  lanes p = splat(8.05374449538e-2f);
  p = p * z - 1.38776856032e-1f;
  p = p * z + 1.99777106478e-1f;
  p = p * z - 3.33329491539e-1f;
  const lanes y = offset + (p * z * r + r);
  return choose(x < 0, -y, y);
}

static void arctangents(const float *x, float *y, int rows, int units) {
  for (int row = 0; row < rows; row++, x += units, y += 2 * units + 1) {
    for (int begin = 0; begin < units; begin += 16) {
      // The last vector is moved back over numbers that are there already.
      const int some = smaller(16, units), i = smaller(begin, units - some);
      const lanes angle = arctangent(load_some(x + i, some));
      store_some(y + i, angle * (1 / 0.67f), some);
      store_some(y + units + i, angle * angle * (1 / 0.6f), some);
    }
    y[2 * units] = 1;
  }
}

static void arctangents_backward(const float *x, const float *y, const float *g, float *out, int rows, int units) {
  for (int row = 0; row < rows; row++, x += units, out += units, g += 2 * units, y += 2 * units + 1)
    for (int begin = 0; begin < units; begin += 16) {
      const int some = smaller(16, units), i = smaller(begin, units - some);
      const lanes v = load_some(x + i, some), angle = load_some(y + i, some);
      const lanes slope = load_some(g + i, some) * (1 / 0.67f) +
                          load_some(g + units + i, some) * angle * (1.34f / 0.6f);
      store_some(out + i, slope / (v * v + 1), some);
    }
}
