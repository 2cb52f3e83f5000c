// Takes from the calling process, for good, what a decoder has no need of. Linux only.
#pragma once

#include <cstdint>

#include "base/result.h"

namespace cdx::image {

struct Confinement {
  std::uint64_t memory_bytes = 0;  // of address space beyond what is mapped now
  std::uint32_t cpu_seconds = 0;
};

// Afterwards the process can compute, use the files that are open, get memory and start threads. It cannot
// open a file, make a socket, start a program, signal another process or map memory as code: what asks for a
// file name is told EPERM, as libraries look for settings; anything else ends the process.
// `unsupported` where the system or the processor cannot do that. Threads that exist already stay unconfined:
// call it before there are any.
Status confine(const Confinement& limits);

}  // namespace cdx::image
