#include "app/page_files.h"

#include <span>

namespace cdx::embedded {
struct File {
  std::string_view path, bytes;
};
std::span<const File> page();  // made by cdx_embed_folder
}  // namespace cdx::embedded

namespace cdx::app {

std::vector<PageFile> page_files() {
  std::vector<PageFile> out;
  for (const auto& file : embedded::page()) out.push_back({std::string(file.path), file.bytes, ""});
  return out;
}

}  // namespace cdx::app
