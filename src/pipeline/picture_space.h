// Who puts pictures, and words where it can, into a space of vectors. Part of pipeline/pipeline.h.
//
// Two readers: colours and shapes, which needs no weights and reads no words, and CLIP. Promises: every call
// may come from any thread; rows are unit vectors in input order; all or nothing; deadline and stop are
// looked at. Errors: as of embed/pictures.h; `unsupported` where words are not read, naming what would read
// them.
#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "base/call.h"
#include "embed/pictures.h"
#include "image/image.h"
#include "search/schema.h"

namespace cdx {

class PictureReader {
 public:
  virtual ~PictureReader() = default;
  virtual const PictureSpace& space() const = 0;
  virtual const ModelCard& model() const = 0;  // for the manifest of embeddings
  // Each an image::clip_crop: 224 x 224.
  virtual Result<Matrix> read_pictures(const Call&, std::span<const image::Picture> crops) = 0;
  virtual Result<Matrix> read_texts(const Call&, std::span<const std::string_view> texts) = 0;
};

// "layout-…": image::descriptor of the crop.
std::unique_ptr<PictureReader> make_layout_reader();
// Borrows the model. `unsupported` when it reads pictures of another size than a crop's.
Result<std::unique_ptr<PictureReader>> make_clip_reader(PictureEmbedder& model);

// The readers that can be had here, opened on first use and then kept. Thread-safe. A service looks at the
// schema of its index (picture_space_of) and asks for that space: so it goes along when another takes its
// place.
class PictureSpaces {
 public:
  virtual ~PictureSpaces() = default;
  // The reader of the configuration; null: no pictures are wanted.
  virtual Result<std::shared_ptr<PictureReader>> wanted(const Call&) = 0;
  // The reader of the space of this name. `not_found`, naming what is there, where nothing here makes its
  // vectors.
  virtual Result<std::shared_ptr<PictureReader>> reader(const Call&, std::string_view space) = 0;
};

}  // namespace cdx
