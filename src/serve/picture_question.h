// From words and pictures to the one vector that pictures of creators are compared with. Private to serve.
//
//   wanted   = w_text * text + w_image * image, each a unit vector of one space
//   unwanted = the unit vector along minus.text + minus.image
//   question = the unit vector along wanted - w_minus * unwanted
//
// That is the usual arithmetic of embeddings (Radford et al. 2021 make prompts' means so; Mikolov et al. 2013
// introduced differences): weights first, the length of the sum says nothing.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "serve/faults.h"
#include "serve/gathered_rows.h"
#include "serve/picture_body.h"
#include "serve/pictures.h"

namespace cdx::serve {

struct Ingredient {
  std::span<const float> row;  // a unit vector; empty: this one is left out
  double weight = 0;           // below 0: less of it
};
// The unit vector along the weighted sum. Absent when what is left is shorter than a thousandth of what went
// in: then the parts cancel each other out, and any direction would be chance.
std::optional<std::vector<float>> mix(std::span<const Ingredient> ingredients);

// Of all that decides the vector, so that the same question has the same.
std::uint64_t mark_of(const PictureBody& body, std::string_view space);

// Thread-safe. Borrows the desk.
class PictureQuestions {
 public:
  explicit PictureQuestions(PictureDesk& desk);

  struct Took {
    double decode_ms = 0, encode_ms = 0;
  };
  // In the space of this name. Absent with faults where the client asked what cannot be answered: words of a
  // space that reads none, bytes that give no picture, a question that cancels itself out. Errors as of
  // PictureSpaces::reader and PictureReader.
  Result<std::optional<PictureQuestion>> ask(const Call& call, std::string_view space,
                                             const PictureBody& body, Faults& faults, Took& took);

 private:
  using Vector = std::vector<float>;
  Result<Vector> words(const Call& call, const std::shared_ptr<PictureReader>& reader,
                       const std::string& text);
  struct Example {
    const std::string& bytes;
    const std::optional<Digest>& known;  // instead of bytes
    std::string pointer;                 // of the object it was given in
  };
  Result<std::optional<image::Picture>> crop(const Call& call, const Example& example, Faults& faults);
  // Empty with a fault for what gives no picture.
  Result<Vector> picture(const Call& call, const std::shared_ptr<PictureReader>& reader,
                         const Example& example, Faults& faults, Took& took);

  PictureDesk& desk_;
  GatheredRows<std::string> words_;
  GatheredRows<image::Picture> pictures_;
};

}  // namespace cdx::serve
