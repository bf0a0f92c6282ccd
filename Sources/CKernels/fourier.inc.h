// One stage of Stockham's Fourier transform of four sequences at a time. The sequences and the
// elements of a stride lie side by side and are turned alike, so that most stages run on whole vectors.
enum { LARGEST_RADIX = 13 };

typedef float quad __attribute__((ext_vector_type(4)));
typedef quad __attribute__((aligned(4), may_alias)) quad_in_memory;

#define WIDE(NAME) NAME##_16
#define VECTOR lanes
#define VECTOR_IN_MEMORY lanes_in_memory
#include "butterflies.inc.h"
#undef WIDE
#undef VECTOR
#undef VECTOR_IN_MEMORY

#define WIDE(NAME) NAME##_4
#define VECTOR quad
#define VECTOR_IN_MEMORY quad_in_memory
#include "butterflies.inc.h"
#undef WIDE
#undef VECTOR
#undef VECTOR_IN_MEMORY

INLINE void fourier_radix(const kernel_fourier_stage *s, const int radix) {
  const ptrdiff_t next = 4 * (ptrdiff_t)s->stride, step = next * s->count;
  for (int p = 0; p < s->count; p++) {
    const float *w = s->twiddles + 2 * radix * p;
    const ptrdiff_t from = next * p, to = next * radix * p;
    ptrdiff_t q = 0;
    for (; q + 16 <= next; q += 16) butterfly_16(s, radix, from + q, to + q, step, next, w);
    for (; q < next; q += 4) butterfly_4(s, radix, from + q, to + q, step, next, w);
  }
}

static void fourier_stage(const kernel_fourier_stage *s) {
  switch (s->radix) {
    case 2: return fourier_radix(s, 2);
    case 3: return fourier_radix(s, 3);
    case 4: return fourier_radix(s, 4);
    case 5: return fourier_radix(s, 5);
    case 7: return fourier_radix(s, 7);
    case 11: return fourier_radix(s, 11);
    case 13: return fourier_radix(s, 13);
    default: __builtin_trap();
  }
}
