// What serving pictures, and taking data in, needs. Part of serve/serve.h.
#pragma once

#include "figures/fake_model.h"
#include "pipeline/pictures.h"
#include "store/store.h"

namespace cdx {

// Borrowed. Every part is thread-safe.
struct PictureDesk {
  PictureKeeper& keeper;
  PictureSpaces& spaces;
};

// Borrowed. Who is given it lets clients write.
struct IntakeDesk {
  Store& store;
  const figures::FakeModel* fakes = nullptr;
  std::string temporary_dir;  // for data that is being read; empty: the system's
};

}  // namespace cdx
