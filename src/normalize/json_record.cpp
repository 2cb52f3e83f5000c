#include "normalize/json_record.h"

#include <algorithm>
#include <array>

#include "normalize/values.h"

namespace cdx::normalize {
namespace {

namespace dom = simdjson::dom;

tl::unexpected<Error> at_key(std::string_view key, const Error& error) {
  return fail(error.kind, std::string(key) + ": " + error.message);
}

bool nested(const dom::element& value) { return value.is_array() || value.is_object(); }

// Cells as a table would hold them; lists joined by bars.
std::string cell_of(const dom::element& value, FieldId field) {
  if (value.is_null()) return {};
  if (value.is_string()) return std::string(value.get_string().value_unsafe());
  if (!nested(value) || field == FieldId::history) return simdjson::minify(value);
  std::string out;
  dom::array list;
  if (info(field).kind != FieldKind::list || value.get(list) != simdjson::SUCCESS) return out;
  for (const dom::element each : list) {
    if (nested(each) || each.is_null()) continue;
    if (!out.empty()) out += '|';
    out += cell_of(each, field);
  }
  return out;
}

std::string text_at(const dom::object& object, std::string_view key) {
  dom::element value;
  if (object[key].get(value) != simdjson::SUCCESS || nested(value)) return {};
  return cell_of(value, FieldId::name);
}

Status read_figure(const dom::object& object, std::string_view key, std::optional<std::int64_t>& into) {
  const std::string text = text_at(object, key);
  if (placeholder(trimmed(text))) return {};
  const auto value = read_count(trimmed(text));
  if (!value) return at_key(key, value.error());
  into = *value;
  return {};
}

Status read_item(const dom::element& value, Draft& draft) {
  dom::object object;
  if (value.get(object) != simdjson::SUCCESS) return fail(ErrorKind::invalid, "is not an object");
  ContentItem item;
  item.type = parse_content_type(text_at(object, "type"));
  item.title = text_at(object, "title");
  if (item.title.empty()) item.title = text_at(object, "caption");
  item.description = text_at(object, "description");
  item.url = text_at(object, "url");
  for (const std::string_view key :
       {"image_url", "thumbnail_url", "thumbnail", "cover_url", "cover", "display_url"})
    if (item.image_url.empty()) item.image_url = text_at(object, key);
  item.published_at = read_time(text_at(object, "published_at"));
  CDX_TRY(read_figure(object, "views", item.views));
  CDX_TRY(read_figure(object, "likes", item.likes));
  CDX_TRY(read_figure(object, "comments", item.comments));
  const std::string id = text_at(object, "id");
  if (id.empty() && item.title.empty() && item.url.empty() && item.description.empty())
    return fail(ErrorKind::invalid, "has none of id, title, description and url");
  draft.add(std::move(item), id);
  return {};
}

std::optional<Metric> parse_metric(std::string_view text) {
  for (const Metric metric : {Metric::followers, Metric::total_views, Metric::content_count,
                              Metric::average_views, Metric::average_likes})
    if (name(metric) == text) return metric;
  return std::nullopt;
}

Status read_snapshot(const dom::element& value, Draft& draft) {
  dom::object object;
  if (value.get(object) != simdjson::SUCCESS) return fail(ErrorKind::invalid, "is not an object");
  MetricSnapshot snapshot;
  const std::string metric = text_at(object, "metric");
  const auto known = metric.empty() ? Metric::followers : parse_metric(metric);
  if (!known) return fail(ErrorKind::invalid, "metric: '" + metric.substr(0, 40) + "' is not known");
  snapshot.metric = *known;
  const auto at = read_time(text_at(object, "at"));
  if (!at) return fail(ErrorKind::invalid, "at: has no readable time");
  snapshot.at = *at;
  const std::string text = text_at(object, "value");
  const auto amount = read_amount(trimmed(text));
  if (!amount) return at_key("value", amount.error());
  snapshot.value = *amount;
  draft.add(std::move(snapshot));
  return {};
}

Status read_each(std::string_view key, const dom::array& list, Draft& draft,
                 Status (*read)(const dom::element&, Draft&)) {
  std::size_t i = 0;
  for (const dom::element each : list) {
    const Status status = read(each, draft);
    if (!status) return in_column(std::string(key) + "[" + std::to_string(i) + "]", status.error());
    ++i;
  }
  return {};
}

// True when the value was a list of nested records and has been read as such.
Result<bool> read_nested(std::string_view key, const dom::element& value, Draft& draft) {
  dom::array list;
  if (value.get(list) != simdjson::SUCCESS) return false;
  if (key == "snapshots") {
    CDX_TRY(read_each(key, list, draft, read_snapshot));
    return true;
  }
  if (key != "content" && key != "posts" && key != "videos") return false;
  CDX_TRY(read_each(key, list, draft, read_item));
  return true;
}

// What a key means that the layout's sample did not hold.
std::optional<Bound> unseen(std::string_view key) {
  const Header header = read_header(key);
  const auto found = meaning(header);
  if (!found) return std::nullopt;
  const bool engagement = found->field == FieldId::engagement_rate;
  return Bound{found->field, 0, engagement && header.percent ? Unit::percent : Unit::plain};
}

}  // namespace

Status read_json_record(dom::parser& parser, std::string_view body, const Layout& layout, Draft& draft) {
  dom::element root;
  if (const auto error = parser.parse(body.data(), body.size()).get(root); error != simdjson::SUCCESS)
    return fail(ErrorKind::invalid, std::string("is not valid JSON: ") + simdjson::error_message(error));
  dom::object object;
  if (root.get(object) != simdjson::SUCCESS) return fail(ErrorKind::invalid, "is not a JSON object");
  struct Cell {
    Bound bound;
    std::string_view key;
    dom::element value;
  };
  std::vector<Cell> cells;
  for (const auto& [key, value] : object) {
    CDX_TRY_LET(const bool taken, read_nested(key, value, draft));
    if (taken) continue;
    const auto place = layout.places.find(std::string(key));
    if (place == layout.places.end()) {
      if (const auto bound = unseen(key)) cells.push_back({*bound, key, value});
      continue;
    }
    for (const Bound& bound : layout.bounds)
      if (bound.column == place->second) cells.push_back({bound, key, value});
  }
  // Fields build on one another, so they are taken in their order, not in that of the keys.
  std::stable_sort(cells.begin(), cells.end(),
                   [](const Cell& a, const Cell& b) { return a.bound.field < b.bound.field; });
  for (const Cell& cell : cells) {
    const Status status =
        draft.take(cell.bound.field, cell.bound.unit, cell_of(cell.value, cell.bound.field));
    if (!status) return in_column(cell.key, status.error());
  }
  return {};
}

}  // namespace cdx::normalize
