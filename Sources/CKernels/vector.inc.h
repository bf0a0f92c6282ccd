// The vector that all kernels think in: the 16 channels of one pixel of one block. The compiler
// makes it one register (AVX-512), two (AVX2) or four (NEON, SSE2).
#define INLINE static inline __attribute__((always_inline))
#define UNROLL _Pragma("clang loop unroll(full)")
#define KEEP_ROLLED _Pragma("clang loop unroll(disable)")

typedef float lanes __attribute__((ext_vector_type(16)));
typedef int32_t lane_ints __attribute__((ext_vector_type(16)));
typedef uint8_t lane_bytes __attribute__((ext_vector_type(16)));
typedef int8_t lane_signed_bytes __attribute__((ext_vector_type(16)));
// The same in memory: aligned to an element only, for shifted loads and foreign rows.
typedef lanes __attribute__((aligned(4), may_alias)) lanes_in_memory;
typedef lane_bytes __attribute__((aligned(1), may_alias)) lane_bytes_in_memory;

INLINE lanes load(const float *p) { return *(const lanes_in_memory *)p; }
INLINE void store(float *p, lanes v) { *(lanes_in_memory *)p = v; }
INLINE lanes splat(float x) { return (lanes)x; }
INLINE lanes as_floats(lane_ints v) { return (lanes)v; }
INLINE lane_ints as_ints(lanes v) { return (lane_ints)v; }

// Element by element `condition ? a : b`, conditions being 0 or −1.
INLINE lanes choose(lane_ints condition, lanes a, lanes b) { return condition ? a : b; }

// NaN passes through both: max(NaN, limit) = NaN.
INLINE lanes at_least(lanes x, lanes limit) { return x < limit ? limit : x; }
INLINE lanes at_most(lanes x, lanes limit) { return x > limit ? limit : x; }

INLINE int smaller(int a, int b) { return a < b ? a : b; }
INLINE int larger(int a, int b) { return a > b ? a : b; }
// Quotients rounded down and up, for a divisor > 0 and either sign.
INLINE int divide_down(int a, int b) { return a >= 0 ? a / b : -((b - 1 - a) / b); }
INLINE int divide_up(int a, int b) { return -divide_down(-a, b); }

INLINE float *at(const kernel_map *m, int block, int row, int column) {
  return m->data + block * m->block + row * m->row + column * m->pixel;
}
