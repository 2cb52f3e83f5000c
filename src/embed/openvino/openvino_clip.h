// OpenVinoClip: CLIP's two towers through OpenVINO: ViT-B/32, ViT-L/14 and any other of their architecture.
//
// The folder holds the table of merges (merges.txt, or bpe_simple_vocab_16e6.txt.gz) and the weights:
// model.safetensors as transformers writes them, with the graph built here from the shapes of the tensors, or
// the pair vision_model.onnx and text_model.onnx. Computation is in 32-bit floats. Nothing is downloaded, and
// nothing is written.
#pragma once

#include "embed/pictures.h"

namespace cdx {

struct OpenVinoClipOptions {
  std::string model_dir;
  std::string device = "CPU";  // as OpenVINO names it; those there are stand in the error for another
  std::size_t threads = 0;     // of the processor for inference; 0: all
  std::size_t streams = 1;     // calls computed side by side, sharing the threads
  std::size_t batch = 32;      // pictures or texts computed at once, at most
  // Each text is put into each of these in place of "{}"; the unit vectors are averaged (Radford et al.
  // 2021, 3.1.4).
  std::vector<std::string> templates{"{}"};
};

// Reads and checks the folder and compiles both towers. `not_found` and `corrupt` name the file;
// `unsupported` the setting or the device; `invalid` the option.
Result<std::unique_ptr<PictureEmbedder>> open_openvino_clip(const OpenVinoClipOptions& options);

}  // namespace cdx
