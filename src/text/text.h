// Unicode folding, tokens, stems, edit distance, numbers and encodings: pure functions over strings.
//
// Promises: every function takes any bytes (invalid UTF-8 is read as U+FFFD), never throws for its input,
// keeps no state, and may be called from any thread. Offsets are bytes into the text given. Never: I/O,
// locale settings, knowledge of creators.
#pragma once

#include "text/clip_tokens.h"
#include "text/code_point.h"
#include "text/encoding.h"
#include "text/fold.h"
#include "text/mark.h"
#include "text/number.h"
#include "text/table.h"
#include "text/tokens.h"
