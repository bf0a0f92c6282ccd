// Local response normalization over channels. A pixel's channels are copied side by side into a
// buffer with margins, where the sum over a window of channels is a sum of loads at shifted
// offsets.
//
// With s = bias + alpha / size · Σ x² over the window:
//   y  = x · s^-beta
//   dx = dy · s^-beta − 2 alpha beta / size · x · Σ dy x s^(-beta - 1) over the mirrored window

enum {
  LRN_BLOCKS = 256,         // of a buffer: 16 KiB, three of them on the stack
  LRN_WORKING_BLOCKS = 64,  // shared by neighbouring pixels: 4 KiB a buffer stay in the L1 cache
};

// The upper 12 bits of a significand: times an integer below 2^12 it is exact.
INLINE float as_high_part(float x) {
  int32_t bits;
  memcpy(&bits, &x, sizeof bits);
  bits &= ~0xfff;
  memcpy(&x, &bits, sizeof x);
  return x;
}

// base^exponent for normal base > 0, to about 2 ulp; base = 0 gives the limit.
//
// log2(m · 2^e) = e + 2 / ln 2 · (t + t³/3 + …), t = (m − 1) / (m + 1), m in [√½, √2): |t| < 0.172,
// and the first term left out is t¹¹/11 < 2^-31. The exponent is split in two so that high · e is
// exact. 2^f is Taylor's series, |f| ≤ ½: the first term left out is (f ln 2)⁸ / 8! < 2^-27.
INLINE lanes power(lanes base, float exponent) {
  const float high = as_high_part(exponent), low = exponent - high;
  // 0x3f3504f3 is √½: what it is above, in steps of 2^23, is the exponent.
  const lane_ints bits = as_ints(base);
  const lane_ints e = (bits - 0x3f3504f3) >> 23;
  const lanes m = as_floats(bits - (e << 23));
  const lanes t = (m - 1) / (m + 1), t2 = t * t;
  const lanes series = ((t2 * (1.0f / 9) + 1.0f / 7) * t2 + 1.0f / 5) * t2 + 1.0f / 3;
  const lanes log2m = (series * t2 * t + t) * 2.8853900817779268f;
  const lanes whole = __builtin_convertvector(e, lanes);

  const lanes large = whole * high;
  // Adding and taking away 1.5 · 2^23 rounds to an integer.
  lanes n = (large + log2m * exponent) + 12582912.0f;
  n -= 12582912.0f;
  n = at_most(at_least(n, splat(-160)), splat(160));
  const lanes f = ((large - n) + whole * low + log2m * exponent) * 0.69314718055994531f;
  lanes r = splat(1.0f / 5040);
  r = r * f + 1.0f / 720;
  r = r * f + 1.0f / 120;
  r = r * f + 1.0f / 24;
  r = r * f + 1.0f / 6;
  r = r * f + 0.5f;
  r = r * f * f + f + 1.0f;
  // 2^n in two factors, each of them a normal number.
  const lane_ints k = __builtin_convertvector(n, lane_ints), half = k >> 1;
  r = r * as_floats((half + 127) << 23) * as_floats((k - half + 127) << 23);
  const float limit = exponent < 0 ? INFINITY : exponent > 0 ? 0.0f : 1.0f;
  return choose(base == 0, splat(limit), r);
}

// s^-beta; beta = ¾, which AlexNet and GoogLeNet use, is 1 / (√s · √√s).
INLINE lanes lrn_power(lanes s, float beta) {
  if (beta == 0.75f) {
    const lanes root = __builtin_elementwise_sqrt(s);
    return 1 / (root * __builtin_elementwise_sqrt(root));
  }
  return power(s, -beta);
}

// 0 · anything = 0: lanes without a channel stay 0 even where s = 0.
INLINE lanes product(lanes a, lanes b) { return choose(a == 0, a, a * b); }

// How a pixel's channels are cut up: `blocks` results at a time, with `margin` blocks on either
// side.
typedef struct {
  int before, after;           // channels of the window on either side of its centre
  int margin, blocks, pixels;  // pixels: how many go through the buffers together
  int total;                   // blocks of the map
} lrn_cut;

INLINE lrn_cut cut_channels(const kernel_lrn *l, const int margins) {
  lrn_cut c = {.before = (l->size - 1) / 2, .after = l->size / 2};
  c.margin = (c.after + 15) / 16;
  c.total = (l->channels + 15) / 16;
  const int room = LRN_BLOCKS - 2 * margins * c.margin;
  if (room < 1) __builtin_trap();  // a window of more than 900 channels
  c.blocks = smaller(c.total, room);
  c.pixels = larger(1, LRN_WORKING_BLOCKS / (c.blocks + 2 * margins * c.margin));
  return c;
}

// Σ of buffer[−before … after], vector by vector.
INLINE lanes window_sum(const float *buffer, int before, int after) {
  lanes sum = load(buffer - before);
  for (int i = 1 - before; i <= after; i++) sum += load(buffer + i);
  return sum;
}

// The squares of blocks [begin, end) of a pixel, 0 outside the map.
INLINE void lrn_squares(const kernel_map *x, int total, int begin, int end, int row, int column,
                        float *squares) {
  for (int b = begin; b < end; b++, squares += 16) {
    lanes v = splat(0);
    if (b >= 0 && b < total) v = load(at(x, b, row, column));
    store(squares, v * v);
  }
}

static void lrn_forward(const kernel_lrn *l, kernel_map x, kernel_map y, int columns, int row_begin,
                        int row_end) {
  float squares[LRN_BLOCKS * 16] __attribute__((aligned(64)));
  const lrn_cut c = cut_channels(l, 1);
  const int stride = (c.blocks + 2 * c.margin) * 16;
  const float scale = l->alpha / (float)l->size;
  for (int row = row_begin; row < row_end; row++)
    for (int column = 0; column < columns; column += c.pixels)
      for (int begin = 0; begin < c.total; begin += c.blocks) {
        const int end = smaller(begin + c.blocks, c.total);
        const int pixels = smaller(c.pixels, columns - column);
        for (int p = 0; p < pixels; p++)
          lrn_squares(&x, c.total, begin - c.margin, end + c.margin, row, column + p,
                      squares + p * stride);
        for (int p = 0; p < pixels; p++)
          for (int b = begin; b < end; b++) {
            const float *s = squares + p * stride + (b - begin + c.margin) * 16;
            const lanes factor =
                lrn_power(window_sum(s, c.before, c.after) * scale + l->bias, l->beta);
            store(at(&y, b, row, column + p), product(load(at(&x, b, row, column + p)), factor));
          }
      }
}

static void lrn_backward(const kernel_lrn *l, kernel_map x, kernel_map dy, kernel_map dx,
                         const kernel_epilogue *e, int columns, int row_begin, int row_end) {
  // A third of a page apart modulo pages: a load 4 KiB past a store in flight would wait for it.
  float buffers[3][LRN_BLOCKS * 16 + 336] __attribute__((aligned(64)));
  float *squares = buffers[0], *factors = buffers[1], *ratios = buffers[2];
  const lrn_cut c = cut_channels(l, 2);
  const int stride = (c.blocks + 4 * c.margin) * 16;
  const float scale = l->alpha / (float)l->size;
  for (int row = row_begin; row < row_end; row++)
    for (int column = 0; column < columns; column += c.pixels)
      for (int begin = 0; begin < c.total; begin += c.blocks) {
        const int end = smaller(begin + c.blocks, c.total);
        const int pixels = smaller(c.pixels, columns - column);
        for (int p = 0; p < pixels; p++)
          lrn_squares(&x, c.total, begin - 2 * c.margin, end + 2 * c.margin, row, column + p,
                      squares + p * stride);
        for (int p = 0; p < pixels; p++)
          for (int b = begin - c.margin; b < end + c.margin; b++) {
            const int i = p * stride + (b - begin + 2 * c.margin) * 16;
            lanes ratio = splat(0);
            if (b >= 0 && b < c.total) {
              const lanes s = window_sum(squares + i, c.before, c.after) * scale + l->bias;
              const lanes factor = lrn_power(s, l->beta);
              store(factors + i, factor);
              ratio = load(at(&dy, b, row, column + p)) * load(at(&x, b, row, column + p));
              ratio = product(ratio, factor / s);
            }
            store(ratios + i, ratio);
          }
        for (int p = 0; p < pixels; p++)
          for (int b = begin; b < end; b++) {
            const int i = p * stride + (b - begin + 2 * c.margin) * 16;
            const lanes inner = load(at(&x, b, row, column + p)) * (-2 * l->beta * scale);
            const lanes direct = product(load(at(&dy, b, row, column + p)), load(factors + i));
            finish(inner * window_sum(ratios + i, c.after, c.before) + direct, e, &dx, b, row,
                   column + p);
          }
      }
}
