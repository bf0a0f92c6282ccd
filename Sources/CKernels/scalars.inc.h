// Scalars of whole tensors: an optimizer's update. The last few scalars go through the same vector
// code: a result does not depend on its place.

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
