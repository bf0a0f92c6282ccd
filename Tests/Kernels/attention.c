// Attention and its gradients against the definition.
#include "check.h"

typedef struct {
  kernel_tokens tokens;
  int count, width;
  size_t floats;
} any_tokens;

static float *number(const any_tokens *t, int token, int d) {
  return t->tokens.data + token * t->tokens.token + d / 16 * t->tokens.block + d % 16 * t->tokens.lane;
}

enum { ROWS, BLOCKS, TURNED, FORMS };

// Vectors in one of three forms: side by side with a gap, in channel blocks, or a number of all tokens after another.
static any_tokens tokens_of(int form, int count, int width, int is_zero) {
  any_tokens t = {.count = count, .width = width};
  switch (form) {
    case ROWS: t.tokens = (kernel_tokens){.token = width + 3, .block = 16, .lane = 1}; break;
    case BLOCKS: t.tokens = (kernel_tokens){.token = 16, .block = 16 * count, .lane = 1}; break;
    default: t.tokens = (kernel_tokens){.token = 1, .block = 16 * count, .lane = count};
  }
  t.floats = form == ROWS ? (size_t)(count - 1) * (size_t)(width + 3) + (size_t)width
                          : (size_t)count * (form == BLOCKS ? (size_t)((width + 15) / 16 * 16) : (size_t)width);
  t.tokens.data = same_numbers(t.floats, is_zero ? 0 : NAN);
  for (int i = 0; i < count && !is_zero; i++)
    for (int d = 0; d < width; d++) *number(&t, i, d) = any_number();
  return t;
}

static void expect_tokens(const any_tokens *t, const double *right, double tolerance) {
  float *numbers = same_numbers((size_t)(t->count * t->width), 0);
  for (int i = 0; i < t->count; i++)
    for (int d = 0; d < t->width; d++) {
      const double expected = right[i * t->width + d];
      expect(*number(t, i, d), expected, tolerance);
      numbers[i * t->width + d] = *number(t, i, d);
    }
  digest(numbers, (size_t)(t->count * t->width));
}

static double *zeros(int count) { return calloc((size_t)count, sizeof(double)); }

static void check_head(int queries, int keys, int width, int value_width, int form, int has_bias) {
  const any_tokens q = tokens_of(form, queries, width, 0), k = tokens_of((form + 1) % FORMS, keys, width, 0);
  const any_tokens v = tokens_of((form + 2) % FORMS, keys, value_width, 0);
  const any_tokens g = tokens_of(form, queries, value_width, 0);
  any_tokens out = tokens_of(form, queries, value_width, 0);
  // A bias that is the same for all queries, one of each, and a query that sees nothing.
  const int bias_row = has_bias == 2 ? 0 : keys;
  float *bias = any_numbers((size_t)(bias_row * (queries - 1) + keys));
  if (has_bias == 1) {
    for (int j = 0; j < keys; j++) bias[j] = -INFINITY;
    if (queries > 1 && keys > 1) bias[keys] = -INFINITY;
  }
  const float scale = 1 / sqrtf((float)width);
  const kernel_attention a = {queries, keys, width, value_width, scale, has_bias ? bias : NULL, bias_row};
  const size_t floats = kernel_attention_scratch(&a);

  double *p = zeros(queries * keys), *y = zeros(queries * value_width);
  for (int i = 0; i < queries; i++) {
    double largest = -INFINITY, sum = 0;
    for (int j = 0; j < keys; j++) {
      double score = has_bias ? bias[i * bias_row + j] : 0;
      for (int d = 0; d < width; d++) score += (double)scale * *number(&q, i, d) * *number(&k, j, d);
      p[i * keys + j] = score;
      largest = fmax(largest, score);
    }
    for (int j = 0; j < keys; j++) {
      p[i * keys + j] = isinf(largest) ? 0 : exp(p[i * keys + j] - largest);
      sum += p[i * keys + j];
    }
    for (int j = 0; j < keys; j++) {
      p[i * keys + j] /= sum > 0 ? sum : 1;
      for (int d = 0; d < value_width; d++) y[i * value_width + d] += p[i * keys + j] * *number(&v, j, d);
    }
  }
  // Scores are up to √width, rounded before the exponential; the rest are sums of averages.
  const double tolerance = ROUNDING * (8 * sqrt(width) + keys + 16);

  checking("kernel_attention_forward");
  const int middle = queries / 3;
  kernel_attention_forward(&a, q.tokens, k.tokens, v.tokens, out.tokens, same_numbers(floats, NAN), 0, middle);
  kernel_attention_forward(&a, q.tokens, k.tokens, v.tokens, out.tokens, same_numbers(floats, NAN), middle, queries);
  expect_tokens(&out, y, tolerance);

  checking("kernel_attention_backward");
  any_tokens dq = tokens_of(form, queries, width, 1), dk = tokens_of((form + 1) % FORMS, keys, width, 1);
  any_tokens dv = tokens_of((form + 2) % FORMS, keys, value_width, 1);
  double *right_q = zeros(queries * width), *right_k = zeros(keys * width), *right_v = zeros(keys * value_width);
  for (int i = 0; i < queries; i++) {
    double mean = 0;
    double *slope = zeros(keys);
    for (int j = 0; j < keys; j++) {
      for (int d = 0; d < value_width; d++) {
        slope[j] += (double)*number(&g, i, d) * *number(&v, j, d);
        right_v[j * value_width + d] += p[i * keys + j] * *number(&g, i, d);
      }
      mean += p[i * keys + j] * slope[j];
    }
    for (int j = 0; j < keys; j++)
      for (int d = 0; d < width; d++) {
        const double s = p[i * keys + j] * (slope[j] - mean) * scale;
        right_q[i * width + d] += s * *number(&k, j, d);
        right_k[j * width + d] += s * *number(&q, i, d);
      }
    free(slope);
  }
  // They are added to what is there.
  for (int i = 0; i < queries; i++)
    for (int d = 0; d < width; d++) *number(&dq, i, d) = 1, right_q[i * width + d] += 1;
  kernel_attention_backward(&a, q.tokens, k.tokens, v.tokens, g.tokens, dq.tokens, dk.tokens, dv.tokens,
                            same_numbers(floats, NAN), 0, middle);
  kernel_attention_backward(&a, q.tokens, k.tokens, v.tokens, g.tokens, dq.tokens, dk.tokens, dv.tokens,
                            same_numbers(floats, NAN), middle, queries);
  const double slope = sqrt(value_width) + 1;
  expect_tokens(&dq, right_q, slope * tolerance + 2 * ROUNDING);
  // A key's gradient is a sum over queries.
  expect_tokens(&dk, right_k, slope * tolerance * (1 + queries / (double)keys));
  expect_tokens(&dv, right_v, tolerance * (1 + queries / (double)keys));

  checking("kernel_add_tokens");
  for (int i = 0; i < queries * value_width; i++) y[i] = *number(&g, i / value_width, i % value_width);
  for (int i = 0; i < queries * value_width; i++) y[i] += *number(&out, i / value_width, i % value_width);
  kernel_add_tokens(g.tokens, out.tokens, queries, value_width);
  expect_tokens(&out, y, 4 * ROUNDING);
}

void check_attention(void) {
  static const int sizes[][4] = {{1, 1, 1, 1},    {1, 17, 64, 64}, {5, 3, 16, 16},    {14, 32, 32, 32}, {49, 49, 32, 32},
                                 {29, 16, 24, 8}, {33, 48, 80, 5}, {197, 197, 64, 64}, {15, 2000, 7, 40}};
  for (int i = 0; i < COUNT(sizes); i++)
    for (int has_bias = 0; has_bias < 3; has_bias++)
      check_head(sizes[i][0], sizes[i][1], sizes[i][2], sizes[i][3], (i + has_bias) % FORMS, has_bias);
}
