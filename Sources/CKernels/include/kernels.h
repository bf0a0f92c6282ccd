// The numerical kernels: SIMD C without allocation, threads or state but the choice of instruction set.
//
// A feature map is stored in channel blocks: [image][channel / 16][row][column][16], float. Channels
// that pad the last block are 0. A map may have a ring of zeros round each block's plane, so that a
// convolution reads past the border without a test; a pointer always names the pixel (0, 0) inside
// the ring, and strides are given in floats. Kernels that take a range of blocks and rows do that part
// of the work alone, so that the caller can share it out over threads; the result does not depend on
// how it was shared out.
#pragma once

#include <stddef.h>
#include <stdint.h>

#define KERNEL_BLOCK 16

#ifdef __cplusplus
extern "C" {
#endif

// A feature map of one image in channel blocks, or a part of one.
typedef struct {
  float *data;      // pixel (0, 0) of the first block
  ptrdiff_t block;  // floats from a block to the next
  ptrdiff_t row;    // floats from a row to the next
  ptrdiff_t pixel;  // floats from a pixel to the next; 16 unless a stride is folded in
} kernel_map;

// Activations: x, 1 / (1 + e^−x), x / (1 + e^(−alpha x)), alpha x + beta and x (x + 3) / 6 within 0…1 and 0…x,
// x and alpha x below 0, x Φ(x), x / (1 + e^(−2u)) with u = √(2/π) (x + 0.044715 x³), x tanh(ln(1 + e^x)).
typedef enum {
  KERNEL_IDENTITY, KERNEL_SIGMOID, KERNEL_SWISH, KERNEL_HARD_SIGMOID, KERNEL_HARD_SWISH, KERNEL_LEAKY_RELU,
  KERNEL_GELU, KERNEL_GELU_TANH, KERNEL_MISH
} kernel_function;
typedef struct {
  kernel_function function;
  float alpha, beta;
} kernel_activation;

// What happens to a sum before it is stored, in this order; each part may be absent.
typedef struct {
  const float *bias;      // [blocks][16], added; or null
  int accumulate;         // add what the destination holds
  kernel_map addend;      // a map of the destination's extents, added; data may be null
  kernel_activation activation;  // one that is 0 at 0, as the channels are that only pad
  kernel_map slopes;      // a map of the destination's extents for the activation's derivatives; data may be null
  float lower, upper;     // clamp to [lower, upper]; -INFINITY, INFINITY for none
  kernel_map mask;        // a map of the destination's extents: the result is kept where
  float mask_lower, mask_upper;  // mask_lower < mask < mask_upper and 0 elsewhere; data may be null
  kernel_map factor;      // a map of the destination's extents that it is multiplied by; data may be null
} kernel_epilogue;

// destination[o][y][x] = epilogue(sum over c, t of weights[o][c][t] * source[c][(y, x) at tap t])
//
// `source.data` is where output (0, 0) reads with tap offset 0; `source.row` and `source.pixel` are the
// distances between what neighbouring outputs read, the stride included. `taps` are offsets in floats.
// The source may have any number of channels a pixel (a picture of 3: pixel = 3 × stride).
typedef struct {
  kernel_map source;
  int channels;            // input channels summed over
  const ptrdiff_t *taps;
  int tap_count;
  const float *weights;    // [output block][ceil(channels / 16)][tap][16 in][16 out]; in the last block
                           // only channels % 16 rows of 16 are read (but the stride stays 256 a tap)
  kernel_map destination;
  int blocks, rows, columns;  // extents of the output
  kernel_epilogue epilogue;
} kernel_convolution;

// Output blocks [block_begin, block_end) and rows [row_begin, row_end).
void kernel_convolve(const kernel_convolution *c, int block_begin, int block_end, int row_begin, int row_end);

// The same in bfloat16, on processors that have it: a float of the source, or of the weights, holds two channels, the
// first in its lower half, so that a pixel's block takes 8 floats and weights are [output block][ceil(channels / 16)]
// [tap][8 pairs in][16 out]. All distances in the source count such floats. Products are exact and summed in float;
// numbers below 2^−126 count as 0. Destination and epilogue are floats.
void kernel_convolve_bfloat16(const kernel_convolution *c, int block_begin, int block_end, int row_begin, int row_end);
// `count` floats, a multiple of 16, rounded to the nearest, two in the place of one.
void kernel_to_bfloat16(const float *from, float *to, ptrdiff_t count);
// Whether the processor has these.
int kernel_has_bfloat16(void);

// The way back of a convolution to a picture of interleaved pixels. For each output pixel, `product`, a
// convolution with a window of 1 × 1, makes as many floats as there are taps and channels; run k of them,
// `run` floats long, is added to the picture at `runs[k]` floats from where the pixel's window begins.
typedef struct {
  kernel_convolution product;  // its destination and epilogue take no part
  const ptrdiff_t *runs;
  int run_count, run;
  float *picture;              // where the window of output (0, 0) begins
  ptrdiff_t next_row, next_column;  // floats from window to window
} kernel_picture_gradient;

// Adds what rows [row_begin, row_end) of the convolution's output send back. Up to 15 floats after each run
// are read and stored as they were: no other thread may write these, or the runs, meanwhile. `scratch` is memory of 16 · product.blocks · product.columns + 16 floats.
void kernel_convolve_to_picture(const kernel_picture_gradient *p, float *scratch, int row_begin, int row_end);

// The same with one input channel an output channel: weights [block][tap][16]; `channels` is ignored.
void kernel_convolve_depthwise(const kernel_convolution *c, int block_begin, int block_end, int row_begin, int row_end);

// The same for a square window, stride 1 and 16 floats a pixel by Winograd's method, in fewer
// multiplications: tiles of `side` × `side` outputs, numbered row by row, side being 4 or 2 for 9 taps (3 × 3)
// and 2 for 25 (5 × 5). `source.data` is where output (0, 0) reads its first tap; the taps are not read.
// This does tiles [tile_begin, tile_end) of output blocks [block_begin, block_end). What lies beyond the
// pixels that the outputs read is not touched, but a value that is not finite spreads over its tile.
// `scratch`, aligned to 64 bytes, is memory of kernel_winograd_scratch floats that no other call uses
// meanwhile; `weights` are transformed ones.
void kernel_convolve_winograd(const kernel_convolution *c, int side, float *scratch, int block_begin, int block_end, int tile_begin, int tile_end);
// The same for images that lie some floats apart; tiles are numbered on from image to image. The epilogue has neither
// slopes nor a factor.
typedef struct {
  ptrdiff_t source, destination, addend, mask;
} kernel_batch;
void kernel_convolve_winograd_batch(const kernel_convolution *c, const kernel_batch *batch, int side, float *scratch, int block_begin, int block_end, int tile_begin, int tile_end);
// Tiles of an output's rows and columns.
int kernel_winograd_tiles(int side, int rows, int columns);
size_t kernel_winograd_scratch(int channels, int blocks);
// Packed weights [output block][input block][window²][16 in][16 out] to as many for each of (side + window −
// 1)² points, [point][output block][input block][16][16].
void kernel_winograd_weights(const float *weights, int window, int side, int channels, int blocks, float *transformed);

// Pooling windows: output (y, x) covers rows y·stride_y − pad_y + ky·dilation_y, 0 ≤ ky < size_y, and
// columns alike; what lies outside the input does not take part.
typedef struct {
  kernel_map input, output;  // their data may be values (forward) or gradients (backward)
  int input_rows, input_columns, output_rows, output_columns;
  int size_y, size_x, stride_y, stride_x, dilation_y, dilation_x, pad_y, pad_x;
} kernel_pooling;

// Maximum; the first of equals in row-major order wins, NaN wins over all. `winners`, if not null, takes
// for each output element the number of the winning tap, [block][output row][output column][16] bytes.
void kernel_max_pool(const kernel_pooling *p, uint8_t *winners, int block_begin, int block_end, int row_begin, int row_end);
// Gradient of the input: each input element sums what the outputs it won send back. Rows are input rows.
void kernel_max_pool_backward(const kernel_pooling *p, const uint8_t *winners, const kernel_epilogue *e, int block_begin, int block_end, int row_begin, int row_end);
// Sum over the window times scale_y[output row] · scale_x[output column] (reciprocal counts).
void kernel_average_pool(const kernel_pooling *p, const float *scale_y, const float *scale_x, const kernel_epilogue *e, int block_begin, int block_end, int row_begin, int row_end);
void kernel_average_pool_backward(const kernel_pooling *p, const float *scale_y, const float *scale_x, const kernel_epilogue *e, int block_begin, int block_end, int row_begin, int row_end);

// Local response normalization over channels, y = x · (bias + alpha / size · Σ x²)^-beta, the window of
// `size` channels centred as in ONNX: from c − floor((size − 1) / 2) to c + ceil((size − 1) / 2).
typedef struct {
  int channels, size;
  float alpha, beta, bias;
} kernel_lrn;
void kernel_lrn_forward(const kernel_lrn *l, kernel_map x, kernel_map y, int columns, int row_begin, int row_end);
// dx = epilogue(gradient), from x and dy.
void kernel_lrn_backward(const kernel_lrn *l, kernel_map x, kernel_map dy, kernel_map dx, const kernel_epilogue *e, int columns, int row_begin, int row_end);

// Planar rows ([channel][row][column], `plane` and `row` floats apart) to channel blocks and back.
// `channels` is the number of channels in the blocks named; missing lanes of the last are written 0 / skipped.
void kernel_block(const float *planar, ptrdiff_t plane, ptrdiff_t row, kernel_map blocks, int channels, int rows, int columns);
void kernel_unblock(kernel_map blocks, float *planar, ptrdiff_t plane, ptrdiff_t row, int channels, int rows, int columns);
// blocks += planar; what an objective sends back joins what other layers sent.
void kernel_block_add(const float *planar, ptrdiff_t plane, ptrdiff_t row, kernel_map blocks, int channels, int rows, int columns);

// Planar picture to interleaved pixels [row][column][channels] (a ring round it is left alone), with a
// scale and a shift for each channel, channel i of the result being scale[i] · planar[order[i]] + shift[i].
void kernel_interleave(const float *planar, ptrdiff_t plane, ptrdiff_t row, float *pixels, ptrdiff_t pixels_row, int channels, const int *order, const float *scale, const float *shift, int rows, int columns);
// And back: planar[order[i]][y][x] = scale[i] · pixels[y][x][i].
void kernel_deinterleave(const float *pixels, ptrdiff_t pixels_row, float *planar, ptrdiff_t plane, ptrdiff_t row, int channels, const int *order, const float *scale, int rows, int columns);

// Zeros in the ring of `ring` pixels round each plane of rows × columns.
void kernel_zero_ring(kernel_map map, int ring, int blocks, int rows, int columns);

// destination = epilogue(source), element by element over blocks × rows × columns × 16.
void kernel_copy(kernel_map source, kernel_map destination, const kernel_epilogue *e, int blocks, int rows, int columns);
// destination = epilogue(scale[c] · source + shift[c]); scale and shift are [blocks][16].
void kernel_scale_shift(kernel_map source, kernel_map destination, const float *scale, const float *shift, const kernel_epilogue *e, int blocks, int rows, int columns);
// destination = epilogue(f(source)); the lanes of the last block beyond `channels` become epilogue(0).
void kernel_activate(const kernel_activation *a, kernel_map source, kernel_map destination, const kernel_epilogue *e, int channels, int rows, int columns);
// destination = epilogue(gradient · f′(source)).
void kernel_activate_backward(const kernel_activation *a, kernel_map source, kernel_map gradient, kernel_map destination, const kernel_epilogue *e, int channels, int rows, int columns);
// out = f(x), or gradient · f′(x) where there is a gradient.
void kernel_activate_scalars(const kernel_activation *a, const float *x, const float *gradient, float *out, ptrdiff_t count);

// Layer norm of each pixel's channels: y = epilogue(scale[c] · (x − μ) / √(σ² + ε) + shift[c]); scale and shift are
// [blocks][16] and 0 beyond the channels. Rows and columns in the ranges given.
typedef struct {
  int channels;
  const float *scale, *shift;
  float epsilon;
} kernel_layer_norm;
void kernel_layer_norm_forward(const kernel_layer_norm *l, kernel_map x, kernel_map y, const kernel_epilogue *e, int row_begin, int row_end, int column_begin, int column_end);
// dx = epilogue(gradient), from x and dy.
void kernel_layer_norm_backward(const kernel_layer_norm *l, kernel_map x, kernel_map dy, kernel_map dx, const kernel_epilogue *e, int row_begin, int row_end, int column_begin, int column_end);

// The vectors of one head, one a token: number d of token t is data[t · token + d / 16 · block + d % 16 · lane].
typedef struct {
  float *data;
  ptrdiff_t token, block, lane;
} kernel_tokens;

// Attention of one head: out = softmax(scale · q kᵀ + bias) v, with `width` numbers a query and a key and `value_width` a
// value. The bias, if there is one, is bias[query · bias_row + key]. A query all of whose scores are −∞ gets 0.
typedef struct {
  int queries, keys, width, value_width;
  float scale;
  const float *bias;
  ptrdiff_t bias_row;
} kernel_attention;
// The queries in the range given; their scores are nowhere stored. `scratch`, aligned to 64 bytes, is memory of
// kernel_attention_scratch floats that no other call uses meanwhile.
void kernel_attention_forward(const kernel_attention *a, kernel_tokens q, kernel_tokens k, kernel_tokens v, kernel_tokens out, float *scratch, int query_begin, int query_end);
// Adds the gradients with respect to q, k and v that come from the queries in the range given to what dq, dk and dv hold;
// g is the gradient of out.
void kernel_attention_backward(const kernel_attention *a, kernel_tokens q, kernel_tokens k, kernel_tokens v, kernel_tokens g, kernel_tokens dq, kernel_tokens dk, kernel_tokens dv, float *scratch, int query_begin, int query_end);
// to += from, `count` vectors of `width` numbers.
void kernel_add_tokens(kernel_tokens from, kernel_tokens to, int count, int width);
size_t kernel_attention_scratch(const kernel_attention *a);

// destination = epilogue(a · b).
void kernel_multiply(kernel_map a, kernel_map b, kernel_map destination, const kernel_epilogue *e, int blocks, int rows, int columns);

// c = a b of rows × inner and inner × columns, each stored row by row without gaps. An element's value does
// not depend on the number of rows, so that rows can be shared out.
void kernel_matmul(const float *a, const float *b, float *c, int rows, int inner, int columns);
// The same with a stored as inner × rows.
void kernel_matmul_turned(const float *a, const float *b, float *c, int rows, int inner, int columns);

// Of each row of `units` numbers: atan x / 0.67, atan² x / 0.6 and 1, in rows of 2 · units + 1.
void kernel_arctangents(const float *x, float *y, int rows, int units);
// out = (g₁ / 0.67 + 2 g₂ atan x / 0.6) / (1 + x²), with y as above and (g₁, g₂) in rows of 2 · units.
void kernel_arctangents_backward(const float *x, const float *y, const float *g, float *out, int rows, int units);

// One stage of the discrete Fourier transform of four sequences after Stockham; a complex element of the four
// is 4 floats of `re` and 4 of `im`. For p < count and q < stride it takes the `radix` elements
// q + stride · (p + k · count), transforms them, multiplies by twiddle radix · p + k and writes elements
// q + stride · (radix · p + k). Radix 2, 3, 4, 5, 7, 11 or 13; twiddles and the `radix` roots of unity
// e^(−2πi k / radix) are pairs (real, imaginary).
typedef struct {
  int radix, count, stride;
  const float *twiddles, *roots;
  const float *re, *im;
  float *out_re, *out_im;
} kernel_fourier_stage;
void kernel_fourier_stage_run(const kernel_fourier_stage *s);

// Of each row of `length` numbers: eˣ / Σ eˣ, zeros where all are −infinity; and y · (g − Σ y g).
void kernel_softmax_rows(const float *x, float *y, ptrdiff_t rows, ptrdiff_t length);
void kernel_softmax_rows_backward(const float *y, const float *g, float *out, ptrdiff_t rows, ptrdiff_t length);
// Of each row: y = (x − μ) / √(σ² + ε); and (g − mean g − y · mean(g y)) / √(σ² + ε).
void kernel_standardize_rows(const float *x, float *y, ptrdiff_t rows, ptrdiff_t length, float epsilon);
void kernel_standardize_rows_backward(const float *x, const float *y, const float *g, float *out, ptrdiff_t rows, ptrdiff_t length, float epsilon);

// m ← mean_decay · m + (1 − mean_decay) · g, v ← square_decay · v + (1 − square_decay) · g²,
// x ← kept · x − (of_mean · m + of_gradient · g) / (root_scale · √v + epsilon).
typedef struct {
  float mean_decay, square_decay, of_mean, of_gradient, kept, root_scale, epsilon;
} kernel_moments;
void kernel_update_moments(const kernel_moments *s, float *x, float *mean, float *square, const float *g, ptrdiff_t count);

// The gradient of a convolution's weights over a batch, and of its bias:
// weights[o][c][t] = sum over images, y, x of gradient[o][y][x] * source[c][(y, x) at tap t].
// The maps, taps and channels are as in `kernel_convolution`, and so is the order of the weights, so
// that padding channels of either side, being 0 in their maps, get gradients of 0.
typedef struct {
  kernel_map source;         // of the first image; strides included
  ptrdiff_t source_image;    // floats from image to image
  int channels;
  const ptrdiff_t *taps;
  int tap_count;
  kernel_map gradient;       // of the convolution's output
  ptrdiff_t gradient_image;
  int images, rows, columns; // extents of the output
  float *weights;            // overwritten
  float *bias;               // [blocks][16], overwritten with the sums of the gradient; or null
} kernel_weight_gradient;

// Output blocks [block_begin, block_end) from input blocks [input_begin, input_end). The bias comes with
// input block 0. Sums over all images, so that the result does not depend on how it was shared out.
void kernel_convolve_weights(const kernel_weight_gradient *w, int block_begin, int block_end, int input_begin, int input_end);

// The same for a 3 × 3 window at stride 1 and 16 floats a pixel by Winograd's method, in three steps, so
// that each can be shared out. Tiles of 4 × 4 outputs are numbered through all images, as in
// kernel_convolve_winograd_batch. First the values of a run of tiles at 36 points, into memory of
// kernel_winograd_weight_scratch floats; then its products, at some points, join `sums`, floats
// [36][blocks][input blocks][16][16] that begin as 0; in the end the sums are turned into the weights.
size_t kernel_winograd_weight_scratch(int channels, int blocks, int tiles);
void kernel_winograd_weight_points(const kernel_weight_gradient *w, int blocks, float *points, int tile_begin, int tile_end);
void kernel_winograd_weight_sums(const float *points, float *sums, int input_blocks, int blocks, int tiles, int point_begin, int point_end);
void kernel_winograd_weight_fold(const float *sums, int input_blocks, int blocks, float *weights, int block_begin, int block_end);

// The weights of the way back from those of the way there: of [from block][to block][tap][16][16], the
// `count` taps in `order`, as [to block][from block][count][16][16] with each block transposed.
void kernel_transpose_weights(const float *weights, float *to, int from_blocks, int to_blocks, int taps, const int *order, int count);

// What one image contributes to batch norm: for each channel its mean and the sum of squared distances
// from it; Σ g and Σ g · (x − mean).
void kernel_channel_moments(kernel_map map, float *mean, float *squares, int blocks, int rows, int columns);
void kernel_channel_products(kernel_map g, kernel_map x, const float *mean, float *sums, float *products, int blocks, int rows, int columns);
// destination = p[c] · a + q[c] · b + r[c]; p, q, r are [blocks][16]; the destination may be a or b.
void kernel_combine(kernel_map a, kernel_map b, kernel_map destination, const float *p, const float *q, const float *r, int blocks, int rows, int columns);

// The instruction sets, best last but for the portable one; kernels use the best that the processor has
// unless the environment variable VISUALIZE_ISA names a lower one (portable, neon, avx2, avx512).
const char *kernel_instruction_set(void);
// Switches the calling thread to the named set, for tests; 0 if this processor or this build does not
// have it.
int kernel_use_instruction_set(const char *name);

// Multiply-adds a second that this thread's core can do, ×2: a loop of independent FMAs, for benchmarks.
double kernel_measure_peak_flops(double seconds);

#ifdef __cplusplus
}
#endif
