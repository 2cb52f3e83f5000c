#include <algorithm>
#include <charconv>
#include <filesystem>
#include <set>

#include "base/guard.h"
#include "base/hash.h"
#include "source/head.h"
#include "source/source.h"

namespace cdx {
namespace {

using source::Position;
using source::Row;

constexpr std::size_t fingerprint_bytes = 65'536;
constexpr std::size_t kept_body_bytes = 65'536;
constexpr std::size_t rows_between_checks = 256;

// "f1:<fingerprint>:<byte>:<row>:<faults>", numbers in decimal.
std::string cursor_text(std::uint64_t fingerprint, const Position& at) {
  return "f1:" + std::to_string(fingerprint) + ":" + std::to_string(at.byte) + ":" + std::to_string(at.row) +
         ":" + std::to_string(at.faults);
}

struct ParsedCursor {
  std::uint64_t fingerprint = 0;
  Position at;
};

Result<ParsedCursor> parse_cursor(const Cursor& cursor) {
  const auto wrong = [&] {
    return fail(ErrorKind::invalid, "'" + cursor.value + "' is no cursor of a file");
  };
  std::string_view text = cursor.value;
  if (!text.starts_with("f1")) return wrong();
  text.remove_prefix(2);
  ParsedCursor out;
  for (std::uint64_t* number : {&out.fingerprint, &out.at.byte, &out.at.row, &out.at.faults}) {
    if (!text.starts_with(':')) return wrong();
    text.remove_prefix(1);
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *number);
    if (error != std::errc()) return wrong();
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  }
  if (!text.empty()) return wrong();
  return out;
}

class FileSource final : public Source {
 public:
  FileSource(const FileSourceOptions& options, source::Staged staged)
      : options_(options), staged_(std::make_unique<source::Staged>(std::move(staged))) {}

  Status open() {
    CDX_TRY_LET(head_, source::read_head(*staged_, options_));
    std::string mapping;
    if (options_.choose_mapping) {
      CDX_TRY_LET(mapping, options_.choose_mapping(head_.table));
    }
    card_.terms = options_.terms;
    if (card_.terms.source.empty())
      card_.terms.source = "file:" + std::filesystem::path(options_.path).filename().string();
    card_.name = card_.terms.source;
    card_.layout = source::layout_json(head_, *staged_, mapping);
    CDX_TRY_LET(const std::string_view start, staged_->file.view(0, fingerprint_bytes));
    fingerprint_ = hash64(start.substr(0, fingerprint_bytes), hash64(card_.layout, staged_->file.size()));
    return {};
  }

  const SourceCard& card() const override { return card_; }

  Result<Page> pull(const Call& call, const std::optional<Cursor>& after) override {
    return guard("reading " + options_.path, ErrorKind::internal, [&] { return read_page(call, after); });
  }

 private:
  Result<Page> read_page(const Call& call, const std::optional<Cursor>& after) {
    Position at = head_.first;
    if (after) {
      CDX_TRY_LET(const ParsedCursor cursor, parse_cursor(*after));
      if (cursor.fingerprint != fingerprint_)
        return fail(ErrorKind::conflict,
                    options_.path + " or its mapping has changed; read it from its beginning");
      at = cursor.at;
    }
    Page page;
    page.bytes_total = staged_->file.size();
    std::size_t bytes = 0, rows = 0;
    while (page.records.size() + page.bad.size() < options_.page_records && bytes < options_.page_bytes) {
      if (rows++ % rows_between_checks == 0) CDX_TRY(call.check());
      CDX_TRY_LET(Row row, head_.rows->next(at));
      if (row.kind == Row::Kind::end) {
        page.bytes_done = page.bytes_total;
        return page;
      }
      bytes += row.body.size();
      add(page, row, at.row);
    }
    page.bytes_done = std::min(at.byte, page.bytes_total);
    page.next = Cursor{cursor_text(fingerprint_, at)};
    return page;
  }

  void add(Page& page, Row& row, std::uint64_t number) const {
    const std::string key = "row " + std::to_string(number);
    if (row.kind == Row::Kind::blank) {
      ++page.blank;
    } else if (row.kind == Row::Kind::bad) {
      const std::string_view kept = row.body.substr(0, kept_body_bytes);
      page.bad.push_back({card_.name, key, std::move(row.column), std::move(row.reason),
                          text::to_utf8(kept, text::Encoding::utf8)});
    } else {
      page.records.push_back({card_.name, key, card_.layout, std::string(row.body), card_.terms});
    }
  }

  FileSourceOptions options_;
  std::unique_ptr<source::Staged> staged_;  // the reader keeps a reference to its file
  source::Head head_;
  SourceCard card_;
  std::uint64_t fingerprint_ = 0;
};

Status add_folder(const std::string& folder, std::set<std::string>& out) {
  namespace fs = std::filesystem;
  std::error_code error;
  fs::recursive_directory_iterator at(folder, error), end;
  while (!error && at != end) {
    const bool hidden = at->path().filename().string().starts_with('.');
    if (hidden && at->is_directory(error)) at.disable_recursion_pending();
    if (!hidden && at->is_regular_file(error)) out.insert(at->path().string());
    at.increment(error);
  }
  if (error) return fail(ErrorKind::unavailable, "cannot list " + folder + ": " + error.message());
  return {};
}

}  // namespace

Result<std::unique_ptr<Source>> open_file_source(const FileSourceOptions& options) {
  const auto placed = [&](const Error& error) {
    const bool opening = error.message.starts_with("cannot open");
    return fail(error.kind, opening ? error.message : options.path + " " + error.message);
  };
  auto staged = guard("cannot be read", ErrorKind::internal, [&] { return source::stage(options); });
  if (!staged) return placed(staged.error());
  auto file = std::make_unique<FileSource>(options, std::move(*staged));
  if (const Status opened = guard("cannot be read", ErrorKind::internal, [&] { return file->open(); });
      !opened)
    return placed(opened.error());
  return std::unique_ptr<Source>(std::move(file));
}

Result<std::vector<std::string>> expand_paths(std::span<const std::string> paths) {
  std::vector<std::string> out;
  std::set<std::string> seen;
  for (const std::string& path : paths) {
    std::error_code error;
    const auto kind = std::filesystem::status(path, error).type();
    std::set<std::string> files;
    if (path != "-" && kind == std::filesystem::file_type::not_found)
      return fail(ErrorKind::not_found, path + " does not exist");
    if (path != "-" && kind == std::filesystem::file_type::directory) {
      CDX_TRY(add_folder(path, files));
    } else {
      files.insert(path);
    }
    for (const std::string& file : files)
      if (seen.insert(file).second) out.push_back(file);
  }
  return out;
}

}  // namespace cdx
