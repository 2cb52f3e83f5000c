#include "index/folder.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "io/section_file.h"

namespace cdx::engine {
namespace {

// "segment-000012" to its kind and number; nothing for a name that is not ours.
struct Name {
  std::string_view kind;
  std::uint64_t number = 0;
};
std::optional<Name> read_name(std::string_view name) {
  const auto dash = name.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  Name out{name.substr(0, dash), 0};
  if (out.kind != "log" && out.kind != "segment" && out.kind != "tombstones") return std::nullopt;
  const auto digits = name.substr(dash + 1);
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), out.number);
  if (digits.empty() || read.ec != std::errc() || read.ptr != digits.data() + digits.size())
    return std::nullopt;
  return out;
}

std::string_view text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

std::string Folder::file(std::string_view kind, std::uint64_t number) const {
  return fmt::format("{}/{}-{:06}", path_, kind, number);
}

void Folder::set_aside(const std::string& path, std::string_view why, std::vector<std::string>& notes) const {
  const auto aside = fmt::format("{}/aside-{}", path_, path.substr(path.rfind('/') + 1));
  const auto moved = disk_->rename(path, aside);
  notes.push_back(fmt::format("{}: {}; {}", path, why,
                              moved ? fmt::format("set aside as {}", aside) : moved.error().message));
}

Result<Folder::Found> Folder::look(bool owner) const {
  if (owner) CDX_TRY(disk_->make_folder(path_));
  Found out;
  CDX_TRY_LET(const auto names, disk_->list(path_));
  for (const auto& name : names) {
    const auto ours = read_name(name);
    if (!ours) continue;
    out.next = std::max(out.next, ours->number + 1);
    if (ours->kind == "log") out.logs.push_back(ours->number);
  }
  std::sort(out.logs.begin(), out.logs.end());
  const auto path = path_ + "/manifest";
  auto mapped = disk_->map(path);
  if (!mapped && mapped.error().kind == ErrorKind::not_found) return out;
  if (!mapped) return tl::unexpected<Error>(mapped.error());
  auto manifest = parse_manifest(text_of((*mapped)->bytes()));
  if (!manifest && manifest.error().kind == ErrorKind::unsupported)
    return fail(ErrorKind::unsupported, fmt::format("{}: {}", path, manifest.error().message));
  if (!manifest) {
    if (owner) set_aside(path, manifest.error().message, out.notes);
    return out;
  }
  out.next = std::max(out.next, manifest->next);
  out.manifest = std::move(*manifest);
  return out;
}

Result<std::shared_ptr<const Segment>> Folder::open_segment(const Schema& schema,
                                                            std::uint64_t number) const {
  CDX_TRY_LET(auto sections, open_section_file(*disk_, segment_path(number)));
  return engine::open_segment(schema, std::move(sections), number);
}

Result<Tombstones> Folder::read_tombstones(const Segment& segment, std::uint64_t number) const {
  CDX_TRY_LET(const auto sections, open_section_file(*disk_, tombstones_path(number)));
  auto out = Tombstones::read(*sections, segment);
  if (!out)
    return fail(out.error().kind, fmt::format("{}: {}", tombstones_path(number), out.error().message));
  return out;
}

Status Folder::write_tombstones(const Tombstones& tombstones, std::uint64_t number) const {
  CDX_TRY_LET(const auto file, SectionFileWriter::create(*disk_, tombstones_path(number)));
  CDX_TRY(tombstones.write(*file));
  return file->finish();
}

Status Folder::publish(const Manifest& manifest) const {
  const auto text = print(manifest);
  CDX_TRY(disk_->sync_folder(path_));  // the files it names, before it names them
  return replace_file(*disk_, path_ + "/manifest", std::as_bytes(std::span(text)));
}

void Folder::sweep(std::uint64_t first_log, const std::set<std::uint64_t>& needed) const {
  const auto names = disk_->list(path_);
  if (!names) return;
  for (const auto& name : *names) {
    const auto ours = read_name(name);
    const bool old =
        ours && (ours->kind == "log" ? ours->number < first_log : !needed.contains(ours->number));
    if (old) static_cast<void>(disk_->remove(path_ + "/" + name));
  }
}

}  // namespace cdx::engine
