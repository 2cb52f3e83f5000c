// The worker: what `creatordex --image-worker` runs. It decodes what it is sent until nobody is left to send.
#pragma once

#include <functional>
#include <string_view>

namespace cdx::image {

// The program's only argument that makes it a worker.
inline constexpr std::string_view worker_flag = "--image-worker";

// Runs as a worker over the files that SandboxedDecoder leaves open; the program's exit code. Call it first
// thing in main, before any thread exists. `before` is for tests: it sees the bytes inside the confinement.
int worker_main(const std::function<void(std::string_view bytes)>& before = {});

}  // namespace cdx::image
