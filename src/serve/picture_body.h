// What POST /v1/images/search is asked: words, pictures, what they are to be unlike, and creators. Private to
// serve; pure.
#pragma once

#include <string>
#include <string_view>

#include "serve/query_body.h"

namespace cdx::serve {

struct PictureBody {
  // Words and the bytes of picture files; empty: none.
  std::string text, image, minus_text, minus_image;
  std::optional<Digest> picture, minus_picture;  // instead of bytes: a picture that is kept here
  double text_weight = 1, image_weight = 1, minus_weight = 0.5;
  double picture_weight = 0.5;  // PictureQuestion::weight
  double min_similarity = -1;
  Query query;  // what is asked of the creators; without its picture

  bool has_image() const { return !image.empty() || picture; }
  bool has_minus_image() const { return !minus_image.empty() || minus_picture; }
  bool of_words() const { return !has_image() && !has_minus_image(); }
  bool mixed() const { return !minus_text.empty() || has_minus_image() || (!text.empty() && has_image()); }
};

// Largest picture file, as the image room's decoder takes it.
inline constexpr std::size_t largest_picture = 10 << 20;

// Either JSON alone, or a form with its JSON in the part `query` and files in `image` and `minus_image`. What
// is read counts only when `faults` has none.
PictureBody read_picture_body(std::string_view content_type, std::string_view body, const QueryRules& rules,
                              Faults& faults);

// The bytes of "data:image/png;base64,…" or of base64 alone. Absent with a fault at `pointer`.
std::optional<std::string> read_picture_data(std::string_view text, std::string_view pointer, Faults& faults);

}  // namespace cdx::serve
