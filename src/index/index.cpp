#include "index/index.h"

#include <fmt/format.h>

#include <algorithm>

#include "index/checks.h"
#include "index/folder.h"
#include "index/kept_index.h"
#include "index/segment.h"

namespace cdx {
namespace {

Status check_options(const IndexOptions& options) {
  const auto outside = [](std::string_view name, auto value, std::string_view bounds) {
    return fail(ErrorKind::invalid, fmt::format("index option {}: {} is not in {}", name, value, bounds));
  };
  constexpr std::size_t most = 1'000'000;
  if (!(options.k1 > 0 && options.k1 <= 1000)) return outside("k1", options.k1, "(0, 1000]");
  if (options.segment_documents == 0 || options.segment_documents > most)
    return outside("segment_documents", options.segment_documents, "[1, 1000000]");
  if (options.flush_documents == 0 || options.flush_documents > most)
    return outside("flush_documents", options.flush_documents, "[1, 1000000]");
  if (options.build_threads == 0 || options.build_threads > 256)
    return outside("build_threads", options.build_threads, "[1, 256]");
  return {};
}

}  // namespace

std::uint32_t index_format_version() { return engine::segment_layout; }

Result<std::unique_ptr<Index>> make_index(Schema schema, IndexOptions options) {
  CDX_TRY(engine::check_schema(schema));
  CDX_TRY(check_options(options));
  options.background = false;
  return engine::KeptIndex::in_memory(std::move(schema), options);
}

Result<std::unique_ptr<Index>> open_index(Disk& disk, const std::string& folder, Schema schema,
                                          IndexOptions options) {
  CDX_TRY(engine::check_schema(schema));
  CDX_TRY(check_options(options));
  return engine::KeptIndex::in_folder(disk, folder, std::move(schema), options);
}

Result<std::optional<Schema>> schema_to_continue(Disk& disk, const std::string& folder, const Schema& asked) {
  auto found = engine::Folder(disk, folder).look(false);
  if (!found && found.error().kind == ErrorKind::not_found) return std::nullopt;
  if (!found) return tl::unexpected<Error>(found.error());
  if (!found->manifest || found->manifest->layout != engine::segment_layout) return std::nullopt;
  auto out = asked;
  std::erase_if(out.vectors, [](const VectorField& field) { return !field.space.empty(); });
  for (auto& field : found->manifest->spaces) out.vectors.push_back(std::move(field));
  if (engine::schema_mark(out) != found->manifest->schema) return std::nullopt;
  return out;
}

}  // namespace cdx
