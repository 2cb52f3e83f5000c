// OpenVinoEmbedder: a BERT-family sentence model on this machine's processor, through OpenVINO.
//
// The folder holds vocab.txt, config.json and the weights: model.safetensors (the graph is built here) or
// model.onnx. A vector is the mean over the token vectors of the last layer, scaled to length 1; a text
// longer than the model reads is split at word starts, and the mean goes over the tokens of all parts.
// Computation is in 32-bit floats. Waiting queries go before waiting passages. Nothing is downloaded, and
// nothing is written.
#pragma once

#include "embed/embed.h"

namespace cdx {

struct OpenVinoOptions {
  std::string model_dir;
  std::size_t threads = 0;          // of the processor for inference; 0: all
  std::size_t streams = 1;          // calls computed side by side, sharing the threads
  std::size_t batch = 32;           // texts computed at once, at most
  std::size_t batch_tokens = 1024;  // padded tokens computed at once, at most (one text may need more)
  std::size_t longest_input =
      256;  // tokens, [CLS] and [SEP] included; the model's own limit where that is lower
};

// Reads and checks the folder and compiles the model (under a second for all-MiniLM-L6-v2). `not_found` and
// `corrupt` name the file; `unsupported` names the setting that this twin cannot honour; `invalid` the
// option.
Result<std::unique_ptr<EmbeddingProvider>> open_openvino_embedder(const OpenVinoOptions& options);

}  // namespace cdx
