// The typefaces of lettering, as the bytes of their OpenType files: Inter 3.019 in two weights, with the
// Latin, Greek and Cyrillic letters, signs and arrows. OFL.txt is their licence.
#pragma once

#include <stddef.h>

extern const unsigned char *const typeface_regular;
extern const size_t typeface_regular_size;

extern const unsigned char *const typeface_semibold;
extern const size_t typeface_semibold_size;
