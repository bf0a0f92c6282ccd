// The looks and the script of pages, as the bytes of their files.
#pragma once

#include <stddef.h>

extern const unsigned char *const page_style;
extern const size_t page_style_size;

extern const unsigned char *const page_script;
extern const size_t page_script_size;
