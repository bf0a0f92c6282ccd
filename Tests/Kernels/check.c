#include "check.h"

#include <stdarg.h>

typedef struct {
  const char *kernel;
  long values, wrong;
  double worst;  // the largest error, in what rounding allows
  uint64_t digest;
} tally;

static tally tallies[64], *now;

void checking(const char *kernel) {
  for (now = tallies; now->kernel; now++)
    if (strcmp(now->kernel, kernel) == 0) return;
  if (now == tallies + COUNT(tallies) - 1) abort();
  *now = (tally){.kernel = kernel, .digest = 0xcbf29ce484222325};
}

// One line a kernel; the number of wrong values.
static long report(void) {
  long wrong = 0;
  for (const tally *t = tallies; t->kernel; t++) {
    printf("%-32s %6ld values, error at most %.2f of what rounding allows, %016llx\n", t->kernel, t->values, t->worst,
           (unsigned long long)t->digest);
    wrong += t->wrong;
  }
  return wrong;
}

void expect(double result, double expected, double tolerance) {
  now->values++;
  if (result == expected || (isnan(result) && isnan(expected))) return;
  const double error = fabs(result - expected);
  if (error <= tolerance) {
    if (error / tolerance > now->worst) now->worst = error / tolerance;
    return;
  }
  if (now->wrong++ < 3)
    fprintf(stderr, "%s: %.9g instead of %.9g, which allows %.2g\n", now->kernel, result, expected, tolerance);
}

void expect_that(int holds, const char *format, ...) {
  if (holds) return;
  if (now->wrong++ >= 3) return;
  va_list arguments;
  va_start(arguments, format);
  fprintf(stderr, "%s: ", now->kernel);
  vfprintf(stderr, format, arguments);
  fputc('\n', stderr);
  va_end(arguments);
}

// FNV-1a; processors differ in the bits of a NaN.
void digest(const float *results, size_t count) {
  for (size_t i = 0; i < count; i++) {
    const float value = isnan(results[i]) ? NAN : results[i];
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    if (isnan(value)) bits = 0x7fc00000;
    now->digest = (now->digest ^ bits) * 0x100000001b3;
  }
}

float any_number(void) {
  // SplitMix64.
  static uint64_t state = 1;
  uint64_t z = state += 0x9e3779b97f4a7c15;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  z ^= z >> 31;
  return (float)((int32_t)(z >> 40) - (1 << 23)) * 0x1p-23f;
}

float *same_numbers(size_t count, float value) {
  float *memory = NULL;
  if (posix_memalign((void **)&memory, 64, count * sizeof(float)) != 0) abort();
  for (size_t i = 0; i < count; i++) memory[i] = value;
  return memory;
}

float *any_numbers(size_t count) {
  float *memory = same_numbers(count, 0);
  for (size_t i = 0; i < count; i++) memory[i] = any_number();
  return memory;
}

int main(int count, char **arguments) {
  if (count != 2 || !kernel_use_instruction_set(arguments[1])) {
    fprintf(stderr, "usage: kernels SET, one that this processor has: portable, avx2, avx512 or neon\n");
    return 64;
  }
  checking("kernel_instruction_set");
  expect_that(strcmp(kernel_instruction_set(), arguments[1]) == 0, "is %s", kernel_instruction_set());
  check_convolution();
  check_winograd();
  check_weight_gradients();
  check_pictures();
  check_pooling();
  check_normalization();
  check_layouts();
  check_elementwise();
  check_products();
  check_scalars();
  check_rows();
  check_attention();
  check_bfloat16();
  const long wrong = report();
  if (wrong) fprintf(stderr, "%s: %ld values are wrong\n", arguments[1], wrong);
  return wrong != 0;
}
