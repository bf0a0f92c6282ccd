// All kernels for one instruction set. The including file names the table and the target, and says
// how many pixels (TILE) and output blocks (TILE_BLOCKS) of sums the registers hold.
#include <float.h>
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include "table.h"

// Vectors wider than the registers never cross a call that is not inlined.
#pragma clang diagnostic ignored "-Wpsabi"
// a·b + c is one rounding where the processor has it, everywhere alike: a result does not depend on
// which tile computed it.
#pragma STDC FP_CONTRACT ON

#ifdef TARGET
#pragma clang attribute push(TARGET, apply_to = function)
#endif

#include "vector.inc.h"

#include "functions.inc.h"

#include "epilogue.inc.h"

#include "convolution.inc.h"

#include "winograd.inc.h"

#include "depthwise.inc.h"

#include "pooling.inc.h"

#include "pooling_backward.inc.h"

#include "lrn.inc.h"

#include "layout.inc.h"

#include "picture.inc.h"

#include "elementwise.inc.h"

#include "matmul.inc.h"

#include "fourier.inc.h"

#include "scalars.inc.h"

#include "rows.inc.h"

#include "attention.inc.h"

#include "layer_norm.inc.h"

#include "activation.inc.h"

#include "places.inc.h"

#include "weights.inc.h"

#include "winograd_weights.inc.h"

#include "batch_norm.inc.h"

#include "peak.inc.h"

#ifdef TARGET
#pragma clang attribute pop
#endif

const kernel_table TABLE = {
    .name = TABLE_NAME,
    .convolve = convolve,
    .convolve_depthwise = convolve_depthwise,
    .convolve_winograd = convolve_winograd,
    .max_pool = max_pool,
    .max_pool_backward = max_pool_backward,
    .average_pool = average_pool,
    .average_pool_backward = average_pool_backward,
    .lrn_forward = lrn_forward,
    .lrn_backward = lrn_backward,
    .block = block_planes,
    .unblock = unblock_planes,
    .block_add = block_add_planes,
    .interleave = interleave,
    .deinterleave = deinterleave,
    .convolve_to_picture = convolve_to_picture,
    .zero_ring = zero_ring,
    .copy = copy,
    .scale_shift = scale_shift,
    .multiply = multiply,
    .matmul = matmul,
    .matmul_turned = matmul_turned,
    .arctangents = arctangents,
    .arctangents_backward = arctangents_backward,
    .fourier_stage = fourier_stage,
    .activate = activate,
    .activate_backward = activate_backward,
    .activate_scalars = activate_all,
    .softmax_rows = softmax_rows,
    .softmax_rows_backward = softmax_rows_backward,
    .standardize_rows = standardize_rows,
    .standardize_rows_backward = standardize_rows_backward,
    .attention = attention,
    .attention_backward = attention_backward,
    .add_tokens = add_tokens,
    .layer_norm = layer_norm,
    .layer_norm_backward = layer_norm_backward,
    .moments = moments,
    .convolve_weights = convolve_weights,
    .winograd_weight_points = winograd_weight_points,
    .winograd_weight_sums = winograd_weight_sums,
    .transpose_weights = transpose_weights,
    .channel_moments = channel_moments,
    .channel_products = channel_products,
    .combine = combine,
    .measure_peak_flops = measure_peak_flops,
};
