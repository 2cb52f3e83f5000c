// From configuration to what reads pictures: the model behind a space, and the parts that keep them.
#pragma once

#include <memory>
#include <string>

#include "app/config.h"
#include "app/embedding_manifest.h"
#include "image/image.h"
#include "pipeline/pictures.h"

namespace cdx::app {

// A reader with the model it borrows. `model` opens the same again: "layout" or "clip:FOLDER".
struct OpenedReader {
  std::string model;
  std::shared_ptr<PictureReader> reader;  // null: no pictures are wanted ("none")
};
// `model`: "layout"; "none"; "clip", the CLIP model installed in the data folder; clip:FOLDER; or the name of
// a model there (models/NAME). `not_found` says what would install it.
Result<OpenedReader> open_picture_reader(const Config& config, const std::string& model);

// What is to be used where no index says so: `image_model` of the configuration, and where that is "auto"
// what was last put in use, else CLIP where it is installed, else layout.
Result<std::string> wanted_picture_model(const Config& config);

std::string embedding_manifest_file(const Config& config);

Result<std::unique_ptr<PictureSpaces>> open_picture_spaces(const Config& config);

// The parts that keep pictures and make vectors of them, in data/pictures. Borrows store and clock.
struct Pictures {
  std::unique_ptr<image::Decoder> decoder;
  std::unique_ptr<image::PictureCache> cache;
  std::unique_ptr<PictureKeeper> keeper;
  std::unique_ptr<PictureSpaces> spaces;
};
std::string pictures_folder(const Config& config);
// `decoders`: processes that decode, 0: one a processor.
Result<Pictures> open_pictures(const Config& config, Store& store, const Clock& clock, unsigned decoders = 0);

}  // namespace cdx::app
