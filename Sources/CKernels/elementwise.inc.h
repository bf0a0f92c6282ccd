// Element by element over blocks × rows × columns × 16, each result through the epilogue.
#define FOR_EACH_PIXEL                          \
  for (int b = 0; b < blocks; b++)              \
    for (int y = 0; y < rows; y++)              \
      for (int x = 0; x < columns; x++)

static void copy(kernel_map source, kernel_map destination, const kernel_epilogue *e, int blocks,
                 int rows, int columns) {
  FOR_EACH_PIXEL finish(load(at(&source, b, y, x)), e, &destination, b, y, x);
}

static void scale_shift(kernel_map source, kernel_map destination, const float *scale,
                        const float *shift, const kernel_epilogue *e, int blocks, int rows,
                        int columns) {
  FOR_EACH_PIXEL {
    const lanes v = load(at(&source, b, y, x)) * load(scale + 16 * b) + load(shift + 16 * b);
    finish(v, e, &destination, b, y, x);
  }
}

static void multiply(kernel_map a, kernel_map b_map, kernel_map destination,
                     const kernel_epilogue *e, int blocks, int rows, int columns) {
  FOR_EACH_PIXEL {
    finish(load(at(&a, b, y, x)) * load(at(&b_map, b, y, x)), e, &destination, b, y, x);
  }
}
