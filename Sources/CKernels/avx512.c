// AVX-512.
#if defined(__x86_64__)
#define TABLE kernel_table_avx512
#define TABLE_NAME "avx512"
#define TARGET __attribute__((target("avx512f,avx512vl,avx512bw,avx512dq,fma")))
#include "avx512.h"

#include "kernels.inc.h"
#endif
