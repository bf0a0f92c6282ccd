// Butterflies of one radix on vectors of VECTOR floats; included once for each width.

// What element k of `radix` becomes: y[k] = w^k Σ x[j] e^(−2πi jk / radix). All of them stand `step`
// floats apart in the source and `next` floats in the destination. `w` are pairs (real, imaginary).
INLINE void WIDE(butterfly)(const kernel_fourier_stage *s, const int radix, ptrdiff_t from,
                            ptrdiff_t to, ptrdiff_t step, ptrdiff_t next, const float *w) {
  VECTOR re[LARGEST_RADIX], im[LARGEST_RADIX], x[LARGEST_RADIX], y[LARGEST_RADIX];
  UNROLL for (int k = 0; k < radix; k++) {
    x[k] = *(const VECTOR_IN_MEMORY *)(s->re + from + k * step);
    y[k] = *(const VECTOR_IN_MEMORY *)(s->im + from + k * step);
  }
  if (radix == 2) {
    re[0] = x[0] + x[1], im[0] = y[0] + y[1];
    re[1] = x[0] - x[1], im[1] = y[0] - y[1];
  } else if (radix == 4) {
    const VECTOR even_re = x[0] + x[2], even_im = y[0] + y[2];
    const VECTOR odd_re = x[1] + x[3], odd_im = y[1] + y[3];
    const VECTOR left_re = x[0] - x[2], left_im = y[0] - y[2];
    const VECTOR right_re = x[1] - x[3], right_im = y[1] - y[3];
    re[0] = even_re + odd_re, im[0] = even_im + odd_im;
    re[1] = left_re + right_im, im[1] = left_im - right_re;
    re[2] = even_re - odd_re, im[2] = even_im - odd_im;
    re[3] = left_re - right_im, im[3] = left_im + right_re;
  } else {
    // An odd radix: what j and radix − j contribute differs in one sign.
    re[0] = x[0], im[0] = y[0];
    UNROLL for (int j = 1; j <= radix / 2; j++) {
      const VECTOR sum_re = x[j] + x[radix - j], sum_im = y[j] + y[radix - j];
      x[radix - j] = x[j] - x[radix - j], y[radix - j] = y[j] - y[radix - j];
      x[j] = sum_re, y[j] = sum_im;
      re[0] += sum_re, im[0] += sum_im;
    }
    UNROLL for (int k = 1; k <= radix / 2; k++) {
      VECTOR even_re = x[0], even_im = y[0], odd_re = (VECTOR)0.0f, odd_im = (VECTOR)0.0f;
      UNROLL for (int j = 1; j <= radix / 2; j++) {
        const float cosine = s->roots[2 * (j * k % radix)];
        const float sine = -s->roots[2 * (j * k % radix) + 1];
        even_re += x[j] * cosine, even_im += y[j] * cosine;
        odd_re += x[radix - j] * sine, odd_im += y[radix - j] * sine;
      }
      re[k] = even_re + odd_im, im[k] = even_im - odd_re;
      re[radix - k] = even_re - odd_im, im[radix - k] = even_im + odd_re;
    }
  }
  *(VECTOR_IN_MEMORY *)(s->out_re + to) = re[0];
  *(VECTOR_IN_MEMORY *)(s->out_im + to) = im[0];
  UNROLL for (int k = 1; k < radix; k++) {
    const float c = w[2 * k], d = w[2 * k + 1];
    *(VECTOR_IN_MEMORY *)(s->out_re + to + k * next) = re[k] * c - im[k] * d;
    *(VECTOR_IN_MEMORY *)(s->out_im + to + k * next) = re[k] * d + im[k] * c;
  }
}
