// Counts a program's requests for memory, for compare.py: a library to preload on Linux.
//   cc -O2 -shared -fPIC -o allocations.so allocations.c; LD_PRELOAD=./allocations.so program
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

extern void *__libc_malloc(size_t), *__libc_calloc(size_t, size_t), *__libc_memalign(size_t, size_t),
    *__libc_realloc(void *, size_t);

static atomic_long small, large;  // below 4 KiB, and from there on

static size_t counted(size_t size) {
  atomic_fetch_add(size < 4096 ? &small : &large, 1);
  return size;
}

void *malloc(size_t size) { return __libc_malloc(counted(size)); }
void *calloc(size_t count, size_t size) { return __libc_calloc(1, counted(count * size)); }
void *realloc(void *old, size_t size) { return __libc_realloc(old, counted(size)); }
void *memalign(size_t alignment, size_t size) { return __libc_memalign(alignment, counted(size)); }
void *aligned_alloc(size_t alignment, size_t size) { return memalign(alignment, size); }
int posix_memalign(void **result, size_t alignment, size_t size) {
  *result = memalign(alignment, size);
  return *result ? 0 : 12;
}

__attribute__((destructor)) static void report(void) {
  fprintf(stderr, "allocations %ld %ld\n", small, large);
}
