// What the service and a worker say to each other: one message at a time over a socket pair that keeps
// message borders; bytes and pixels lie in memory that both have mapped, input first. Both sides are the same
// program, so the structs travel as they lie.
#pragma once

#include <cstdint>

namespace cdx::image {

inline constexpr int worker_socket = 3, worker_memory = 4;   // the worker's open files
inline constexpr std::uint32_t protocol_magic = 0x31576443;  // changes with any struct below

// To the worker, once.
struct Hello {
  std::uint32_t magic = protocol_magic;
  std::uint64_t input_bytes = 0, output_bytes = 0;  // of the shared memory, one behind the other
  std::uint64_t memory_bytes = 0;                   // that the worker may take
  std::uint32_t cpu_seconds = 0;                    // in its whole life
};
// Its answer: it is confined, or why not.
struct Ready {
  std::uint32_t magic = protocol_magic;
  bool confined = false;
  char reason[200] = {};
};
struct Request {
  std::uint32_t magic = protocol_magic;
  std::uint64_t bytes = 0, max_bytes = 0, max_pixels = 0, memory_bytes = 0;
  std::uint32_t shortest_side = 0, time_ms = 0;
};
struct Reply {
  std::uint32_t magic = protocol_magic;
  std::uint8_t outcome = 0, format = 0;
  std::uint32_t width = 0, height = 0, frames = 0;  // of the Inspection
  std::uint32_t picture_width = 0, picture_height = 0;
  char reason[208] = {};
};

}  // namespace cdx::image
