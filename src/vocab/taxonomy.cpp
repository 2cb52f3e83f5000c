#include <fmt/format.h>

#include <array>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "vocab/tables.h"

namespace cdx::vocab {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 5> names = {"niches", "categories", "compatibility", "risks",
                                                   "styles"};
constexpr std::uintmax_t largest_file = 8U << 20U;

std::string_view built_in(std::string_view name) {
  if (name == "niches") return embedded::vocab_niches();
  if (name == "categories") return embedded::vocab_categories();
  if (name == "compatibility") return embedded::vocab_compatibility();
  if (name == "risks") return embedded::vocab_risks();
  return embedded::vocab_styles();
}

// Written once, by use_folder(), before the first table is read.
TaxonomyFiles& installed() {
  static TaxonomyFiles files;
  return files;
}
std::atomic<bool>& read_already() {
  static std::atomic<bool> value = false;
  return value;
}

std::string file_name(std::string_view name) { return std::string(name) + ".tsv"; }

Result<std::string> read_file(const fs::path& path) {
  std::error_code error;
  const auto size = fs::file_size(path, error);
  if (error)
    return fail(ErrorKind::unavailable, fmt::format("cannot read {}: {}", path.string(), error.message()));
  if (size > largest_file)
    return fail(ErrorKind::invalid, fmt::format("{} has {} bytes; a taxonomy file may have {}", path.string(),
                                                size, largest_file));
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  if (!in) return fail(ErrorKind::unavailable, fmt::format("cannot read {}", path.string()));
  return out.str();
}

}  // namespace

const std::map<std::string, std::string_view>& built_in_taxonomy() {
  static const auto files = [] {
    std::map<std::string, std::string_view> out;
    for (const auto name : names) out.emplace(file_name(name), built_in(name));
    return out;
  }();
  return files;
}

std::string_view table_text(std::string_view name) {
  read_already() = true;
  const auto it = installed().find(file_name(name));
  return it == installed().end() ? built_in(name) : it->second;
}

TaxonomyFiles taxonomy_in_force() {
  TaxonomyFiles out;
  for (const auto name : names) out[file_name(name)] = table_text(name);
  return out;
}

Result<TaxonomyFiles> read_taxonomy(const std::string& folder) {
  std::error_code error;
  if (!fs::is_directory(folder, error))
    return fail(ErrorKind::not_found, fmt::format("{} is no folder", folder));
  TaxonomyFiles out;
  for (const auto name : names) {
    const auto path = fs::path(folder) / file_name(name);
    if (!fs::exists(path, error)) continue;
    CDX_TRY_LET(out[file_name(name)], read_file(path));
  }
  return out;
}

Status use_folder(const std::string& folder, const std::function<std::string(std::string_view)>& fold) {
  std::error_code error;
  if (!fs::is_directory(folder, error)) return {};
  if (read_already()) return fail(ErrorKind::conflict, "the taxonomy is in use already");
  CDX_TRY_LET(auto files, read_taxonomy(folder));
  if (const auto wrong = check_taxonomy(files, fold); !wrong.empty())
    return fail(ErrorKind::invalid, fmt::format("{}/{}", folder, wrong.front()));
  installed() = std::move(files);
  return {};
}

}  // namespace cdx::vocab
