// What the hardware can do: a loop of independent multiply-adds in registers.

// Sums in flight: as many registers as a convolution's tile, which more than hides the latency.
enum { PEAK_SUMS = TILE * TILE_BLOCKS < 24 ? TILE * TILE_BLOCKS : 24, PEAK_ROUNDS = 1 << 16 };

INLINE double seconds_now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static double measure_peak_flops(double seconds) {
  // The sums tend to 1: no overflow, no denormals.
  volatile float half = 0.5f;
  const lanes factor = splat(half), term = splat(half);
  lanes sum[PEAK_SUMS];
  UNROLL for (int i = 0; i < PEAK_SUMS; i++) sum[i] = splat((float)i);
  double best = 0;
  const double begin = seconds_now();
  double now = begin;
  do {
    const double start = now;
    KEEP_ROLLED for (int n = 0; n < PEAK_ROUNDS; n++)
      UNROLL for (int i = 0; i < PEAK_SUMS; i++) sum[i] = sum[i] * factor + term;
    now = seconds_now();
    const double rate = 2.0 * 16 * PEAK_SUMS * PEAK_ROUNDS / (now - start);
    if (rate > best) best = rate;
  } while (now - begin < seconds);
  lanes total = splat(0);
  UNROLL for (int i = 0; i < PEAK_SUMS; i++) total += sum[i];
  volatile float sink = total[0];
  (void)sink;
  return best;
}
