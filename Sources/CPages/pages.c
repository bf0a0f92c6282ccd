#include "pages.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char style[] = {
#embed "style.css"
  ,
#embed "gallery.css"
};
const unsigned char *const page_style = style;
const size_t page_style_size = sizeof style;

static const unsigned char script[] = {
#embed "script.js"
  ,
#embed "gallery.js"
  ,
#embed "unit.js"
  ,
#embed "photograph.js"
};
const unsigned char *const page_script = script;
const size_t page_script_size = sizeof script;
