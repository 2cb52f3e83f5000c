#include "normalize/normalize.h"

#include <simdjson.h>

#include <unordered_map>

#include "base/guard.h"
#include "normalize/json_record.h"

namespace cdx::normalize {
namespace {

constexpr std::size_t most_layouts = 64;

Status take_cells(const Layout& layout, std::span<const std::string_view> cells, Draft& draft) {
  for (const Bound& bound : layout.bounds) {
    if (bound.column >= cells.size()) continue;
    const Status status = draft.take(bound.field, bound.unit, cells[bound.column]);
    if (!status) return in_column(layout.columns[bound.column], status.error());
  }
  return {};
}

}  // namespace

std::uint32_t mapping_version() { return 2; }

struct Normalizer::Layouts {
  std::unordered_map<std::string, Layout> known;
  const std::string* last_text = nullptr;  // records of one layout come in runs
  const Layout* last = nullptr;
  text::Cells cells;
  std::vector<std::string_view> views;
  simdjson::dom::parser parser;

  Result<const Layout*> find(const std::string& text) {
    if (last_text != nullptr && *last_text == text) return last;
    auto found = known.find(text);
    if (found == known.end()) {
      CDX_TRY_LET(Layout layout, parse_layout(text));
      if (known.size() >= most_layouts) known.clear();
      found = known.emplace(text, std::move(layout)).first;
    }
    last_text = &found->first;
    last = &found->second;
    return last;
  }

  Status read(const Layout& layout, const RawRecord& record, Draft& draft) {
    switch (layout.format) {
      case Layout::Format::json:
        return read_json_record(parser, record.body, layout, draft);
      case Layout::Format::cells:
        return read_cells(layout, record.body, draft);
      case Layout::Format::delimited:
        break;
    }
    if (text::split_row(record.body, layout.dialect, cells) != text::RowFault::none)
      return fail(ErrorKind::invalid, "the row cannot be split into cells");
    return take_cells(layout, cells.values, draft);
  }

  Status read_cells(const Layout& layout, std::string_view body, Draft& draft) {
    simdjson::dom::array list;
    if (parser.parse(body.data(), body.size()).get(list) != simdjson::SUCCESS)
      return fail(ErrorKind::invalid, "the row is no JSON array");
    views.clear();
    for (const simdjson::dom::element cell : list) {
      std::string_view text;
      views.push_back(cell.get(text) == simdjson::SUCCESS ? text : std::string_view());
    }
    return take_cells(layout, views, draft);
  }
};

Normalizer::Normalizer() : layouts_(std::make_unique<Layouts>()) {}
Normalizer::Normalizer(Normalizer&&) noexcept = default;
Normalizer& Normalizer::operator=(Normalizer&&) noexcept = default;
Normalizer::~Normalizer() = default;

Result<Normalized> Normalizer::normalize(const RawRecord& record) {
  return guard("the record", ErrorKind::invalid, [&]() -> Result<Normalized> {
    CDX_TRY_LET(const Layout* layout, layouts_->find(record.layout));
    if (layout->format != Layout::Format::json && !layout->identifies)
      return fail(ErrorKind::invalid,
                  "no column of the file names an account (id, handle, name or profile address)");
    Draft draft(record.terms, layout->platform, layout->platform_told);
    CDX_TRY(layouts_->read(*layout, record, draft));
    return draft.finish();
  });
}

std::string_view column_of(const Error& error) {
  const std::string_view message = error.message;
  const std::size_t end = message.find(column_end);
  if (!message.starts_with(column_begin) || end == std::string_view::npos) return {};
  return message.substr(column_begin.size(), end - column_begin.size());
}

}  // namespace cdx::normalize
