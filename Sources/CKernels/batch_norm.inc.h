// Batch norm in training: what one image contributes to the statistics, and the gradient's way back.
// The caller joins the images' parts in a fixed order.

// Mean and sum of squared distances from it, for each channel of some blocks.
static void channel_moments(kernel_map map, float *mean, float *squares, int blocks, int rows,
                            int columns) {
  const lanes share = splat(1.0f / (float)(rows * columns));
  for (int b = 0; b < blocks; b++) {
    lanes sum = splat(0);
    for (int y = 0; y < rows; y++) {
      lanes part = splat(0);
      for (int x = 0; x < columns; x++) part += load(at(&map, b, y, x));
      sum += part;
    }
    const lanes middle = sum * share;
    lanes square = splat(0);
    for (int y = 0; y < rows; y++) {
      lanes part = splat(0);
      for (int x = 0; x < columns; x++) {
        const lanes d = load(at(&map, b, y, x)) - middle;
        part = d * d + part;
      }
      square += part;
    }
    store(mean + 16 * b, middle);
    store(squares + 16 * b, square);
  }
}

// Σ g and Σ g · (x − mean), for each channel of some blocks.
static void channel_products(kernel_map g, kernel_map x_map, const float *mean, float *sums,
                             float *products, int blocks, int rows, int columns) {
  for (int b = 0; b < blocks; b++) {
    const lanes middle = load(mean + 16 * b);
    lanes sum = splat(0), product = splat(0);
    for (int y = 0; y < rows; y++) {
      lanes part = splat(0), part_product = splat(0);
      for (int x = 0; x < columns; x++) {
        const lanes v = load(at(&g, b, y, x));
        part += v;
        part_product = v * (load(at(&x_map, b, y, x)) - middle) + part_product;
      }
      sum += part;
      product += part_product;
    }
    store(sums + 16 * b, sum);
    store(products + 16 * b, product);
  }
}

// destination = p[c] · a + q[c] · b + r[c]; it may be a or b.
static void combine(kernel_map a, kernel_map b_map, kernel_map destination, const float *p,
                    const float *q, const float *r, int blocks, int rows, int columns) {
  for (int b = 0; b < blocks; b++) {
    const lanes of_a = load(p + 16 * b), of_b = load(q + 16 * b), rest = load(r + 16 * b);
    for (int y = 0; y < rows; y++)
      for (int x = 0; x < columns; x++)
        store(at(&destination, b, y, x),
              of_a * load(at(&a, b, y, x)) + (of_b * load(at(&b_map, b, y, x)) + rest));
  }
}
