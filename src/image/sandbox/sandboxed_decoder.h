// SandboxedDecoder: decodes in worker processes that can compute and nothing else.
//
// A picture that crashes a decoder, hangs it or makes it grow costs that picture alone: its worker is
// replaced. Workers are started when first needed, live long, and share no memory with the service but one
// block.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "image/decoder.h"

namespace cdx::image {

struct SandboxOptions {
  unsigned workers = 0;                // 0: as many as processors
  unsigned pictures_a_worker = 1'000;  // then it is replaced: what leaks, leaks for so long
  DecodeOptions most;                  // no call may ask for more; larger values are cut to these
  // What runs worker_main: by default this program.
  std::vector<std::string> command = {"/proc/self/exe", "--image-worker"};
};

// Starts one worker, to know that it can. `unavailable` with the reason: no such program, or a system that
// lacks what confines it.
Result<std::unique_ptr<Decoder>> open_sandboxed_decoder(const SandboxOptions& options = {});

}  // namespace cdx::image
