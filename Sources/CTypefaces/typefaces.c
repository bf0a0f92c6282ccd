#include "typefaces.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char regular[] = {
#embed "Inter-Regular.otf"
};
const unsigned char *const typeface_regular = regular;
const size_t typeface_regular_size = sizeof regular;

static const unsigned char semibold[] = {
#embed "Inter-SemiBold.otf"
};
const unsigned char *const typeface_semibold = semibold;
const size_t typeface_semibold_size = sizeof semibold;
