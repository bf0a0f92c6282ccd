// What happens to a sum before it is stored: + bias, + destination, + addend, clamp, mask.

// The parts after the bias, for the vector that goes to `destination`.
INLINE lanes finish_sum(lanes sum, const kernel_epilogue *e, const float *destination, int block,
                        int row, int column) {
  if (e->accumulate) sum += load(destination);
  if (e->addend.data) sum += load(at(&e->addend, block, row, column));
  sum = at_most(at_least(sum, splat(e->lower)), splat(e->upper));
  if (e->mask.data) {
    lanes mask = load(at(&e->mask, block, row, column));
    lane_ints kept = (mask > splat(e->mask_lower)) & (mask < splat(e->mask_upper));
    sum = choose(kept, sum, splat(0));
  }
  return sum;
}

// destination[block][row][column] = epilogue(sum); `e` may be null.
INLINE void finish(lanes sum, const kernel_epilogue *e, const kernel_map *destination, int block,
                   int row, int column) {
  float *d = at(destination, block, row, column);
  if (e) {
    if (e->bias) sum += load(e->bias + 16 * block);
    sum = finish_sum(sum, e, d, block, row, column);
  }
  store(d, sum);
}
