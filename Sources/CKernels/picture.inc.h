// The way back of a convolution to a picture. Its few channels would leave most of a vector idle, so
// all taps of all channels are the outputs of one matrix product, and what the product makes of one
// output pixel is added to the picture where the window lies: runs of floats, a row of the window each.

// Columns whose windows overlap follow each other only after a while: a vector that has just been
// stored cannot be loaded at another offset before it is in the cache.
static void add_windows(const kernel_picture_gradient *p, const float *products, ptrdiff_t width,
                        float *picture, int columns) {
  const int whole = p->run & ~15;
  lane_ints rest;
  for (int i = 0; i < 16; i++) rest[i] = whole + i < p->run ? -1 : 0;
  const int apart = (int)((p->run + 15) / larger((int)p->next_column, 1)) + 1;
  for (int k = 0; k < p->run_count; k++)
    for (int first = 0; first < apart; first++)
      for (int x = first; x < columns; x += apart) {
        const float *from = products + x * width + k * p->run;
        float *to = picture + p->runs[k] + x * p->next_column;
        for (int i = 0; i < whole; i += 16) store(to + i, load(to + i) + load(from + i));
        if (whole < p->run)
          store(to + whole, load(to + whole) + choose(rest, load(from + whole), splat(0)));
      }
}

static void convolve_to_picture(const kernel_picture_gradient *p, float *scratch, int row_begin,
                                int row_end) {
  const ptrdiff_t width = 16 * (ptrdiff_t)p->product.blocks;
  for (int row = row_begin; row < row_end; row++) {
    kernel_convolution product = p->product;
    product.source.data += row * product.source.row;
    product.destination = (kernel_map){.data = scratch, .block = 16, .pixel = width};
    product.epilogue = (kernel_epilogue){.lower = -INFINITY, .upper = INFINITY};
    product.rows = 1;
    convolve(&product, 0, product.blocks, 0, 1);
    add_windows(p, scratch, width, p->picture + row * p->next_row, product.columns);
  }
}
