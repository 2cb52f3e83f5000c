#include "benchmark/kept_index.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <thread>

#include "io/disk.h"
#include "io/file.h"

namespace cdx::benchmark {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t batch = 10'000;  // documents applied at once

// An index opened with another schema than it was written with is started anew; this file beside it says
// which schema that is, so that neither a wrong flag nor a wrong folder costs anybody an index.
constexpr const char* marker_name = "creatordex-bench";

std::string marker_of(const Schema& schema) {
  return fmt::format("dimension {} fields {}\n", schema.vectors.front().dimension, schema.vectors.size());
}

// Whether an index of this schema is there; `invalid` when something else is.
Result<bool> looks_kept(const std::string& folder, const Schema& schema) {
  std::error_code error;
  if (!fs::exists(folder, error) || fs::is_empty(folder, error)) return false;
  const auto marker = (fs::path(folder) / marker_name).string();
  const auto text = read_file(marker, 1'000);
  if (!text)
    return fail(ErrorKind::invalid,
                fmt::format("{}: is not empty and no folder of this measurement", folder));
  if (*text != marker_of(schema))
    return fail(ErrorKind::invalid, fmt::format("{}: keeps an index with {}, asked for is one with {}",
                                                folder, text->substr(0, text->size() - 1),
                                                marker_of(schema).substr(0, marker_of(schema).size() - 1)));
  return true;
}

Status fill(const Call& call, const HybridWorld& world, Index& index) {
  for (std::size_t first = 0; first < world.documents(); first += batch)
    CDX_TRY(apply_documents(call, world, first, std::min(first + batch, world.documents()), index));
  CDX_TRY(index.flush(call));
  return index.compact(call);
}

}  // namespace

Status apply_documents(const Call& call, const HybridWorld& world, std::size_t first, std::size_t end,
                       Index& index) {
  IndexBatch documents;
  for (auto number = first; number < end; ++number) documents.upserts.push_back(world.document(number));
  return index.apply(call, documents);
}

std::uint64_t folder_bytes(const std::string& folder) {
  std::uint64_t out = 0;
  std::error_code error;
  for (const auto& entry : fs::recursive_directory_iterator(folder, error))
    if (entry.is_regular_file(error)) out += entry.file_size(error);
  return out;
}

Result<std::unique_ptr<Index>> open_kept_index(const std::string& folder, const Schema& schema) {
  CDX_TRY_LET(const bool kept, looks_kept(folder, schema));
  if (!kept) return fail(ErrorKind::not_found, fmt::format("{}: there is no index", folder));
  return open_index(posix_disk(), folder, schema);
}

Result<KeptIndex> keep_index(const Call& call, const std::string& folder, const HybridWorld& world) {
  KeptIndex out;
  if (folder.empty()) {
    CDX_TRY_LET(out.index, make_index(world.schema()));
    CDX_TRY(fill(call, world, *out.index));
    return out;
  }
  CDX_TRY_LET(const bool kept, looks_kept(folder, world.schema()));
  if (!kept) {
    CDX_TRY(posix_disk().make_folder(folder));
    CDX_TRY(cdx::replace_file((fs::path(folder) / marker_name).string(), marker_of(world.schema())));
  }
  IndexOptions options;
  options.merge = false;  // one segment is made at the end
  options.build_threads = std::max(1U, std::thread::hardware_concurrency());
  CDX_TRY_LET(out.index, open_index(posix_disk(), folder, world.schema(), options));
  const auto there = out.index->snapshot()->size();
  out.built = there == 0;
  if (there != 0 && there != world.documents())
    return fail(ErrorKind::invalid,
                fmt::format("{}: keeps {} documents, but there are {}", folder, there, world.documents()));
  if (out.built) CDX_TRY(fill(call, world, *out.index));
  out.disk_bytes = folder_bytes(folder);
  return out;
}

}  // namespace cdx::benchmark
