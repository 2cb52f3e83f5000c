#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "base/json_text.h"
#include "normalize/fields.h"
#include "normalize/normalize.h"
#include "normalize/values.h"
#include "text/fold.h"
#include "text/number.h"

namespace cdx::normalize {
namespace {

using Samples = std::span<const std::vector<std::string>>;

// What the sampled cells of one column are like; shares of its filled cells.
struct ColumnValues {
  double filled = 0;  // share of all rows
  double numbers = 0;
  double exact = 0;  // numbers written in digits alone
  double over_third = 0;
  double over_one = 0;
  double over_hundred = 0;
  double handles = 0;
  double ids = 0;
  double urls = 0;
  double platform_urls = 0;
  double lower_case = 0;
  bool counts_rows = false;               // 1, 2, 3, …
  std::optional<Platform> link_platform;  // that most of its addresses are on
};

bool plain_digits(std::string_view text) {
  const std::size_t point = text.find('.');
  if (point != std::string_view::npos &&
      text.substr(point + 1).find_first_not_of('0') == std::string_view::npos)
    text = text.substr(0, point);
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

ColumnValues look_at(Samples samples, std::size_t column) {
  ColumnValues out;
  std::map<Platform, std::size_t> platforms;
  double filled = 0, previous = 0, in_step = 0;
  for (const std::vector<std::string>& row : samples) {
    const std::string_view cell = column < row.size() ? trimmed(row[column]) : std::string_view();
    if (placeholder(cell)) continue;
    ++filled;
    if (const auto number = text::parse_number(cell)) {
      ++out.numbers;
      out.exact += plain_digits(cell) ? 1 : 0;
      out.over_third += *number > 0.33 ? 1 : 0;
      out.over_one += *number > 1 ? 1 : 0;
      out.over_hundred += *number > 100 ? 1 : 0;
      in_step += *number == previous + 1 ? 1 : 0;
      previous = *number;
    }
    out.handles += looks_like_handle(cell) ? 1 : 0;
    out.lower_case +=
        std::none_of(cell.begin(), cell.end(), [](char c) { return c >= 'A' && c <= 'Z'; }) ? 1 : 0;
    out.ids += looks_like_platform_id(cell) ? 1 : 0;
    if (!looks_like_url(cell)) continue;
    ++out.urls;
    if (const auto profile = read_profile_url(cell)) {
      ++out.platform_urls;
      ++platforms[profile->platform];
    }
  }
  if (filled == 0) return out;
  for (double* share : {&out.numbers, &out.exact, &out.over_third, &out.over_one, &out.over_hundred,
                        &out.handles, &out.ids, &out.urls, &out.platform_urls, &out.lower_case})
    *share /= filled;
  out.counts_rows = filled >= 3 && in_step >= filled * 0.9;
  out.filled = filled / static_cast<double>(samples.size());
  for (const auto& [platform, count] : platforms)
    if (static_cast<double>(count) >= filled * 0.8) out.link_platform = platform;
  return out;
}

struct Candidate {
  std::size_t column = 0;
  Meaning meaning;
};

class Mapper {
 public:
  Mapper(std::span<const std::string> columns, Samples samples, const MapOptions& options)
      : options_(options), bound_(columns.size(), false) {
    mapping_.columns.assign(columns.begin(), columns.end());
    for (std::size_t i = 0; i < columns.size(); ++i) {
      headers_.push_back(read_header(columns[i]));
      values_.push_back(look_at(samples, i));
    }
  }

  Result<Mapping> map() {
    CDX_TRY(take_overrides());
    gather();
    bind_identity();
    for (std::size_t field = 0; field < field_count; ++field) bind_best(static_cast<FieldId>(field));
    bind_posts();
    guess_platform();
    std::stable_sort(
        mapping_.bindings.begin(), mapping_.bindings.end(),
        [](const Binding& a, const Binding& b) { return find_field(a.field) < find_field(b.field); });
    return std::move(mapping_);
  }

 private:
  std::string place(std::size_t column) const {
    return mapping_.columns[column] + " (column " + std::to_string(column + 1) + ")";
  }
  void note(std::size_t column, std::string_view why) {
    mapping_.notes.push_back(place(column) + ": " + std::string(why));
  }

  Result<std::size_t> find_column(std::string_view wanted) const {
    const std::string folded = text::fold(wanted);
    for (std::size_t i = 0; i < mapping_.columns.size(); ++i)
      if (mapping_.columns[i] == wanted) return i;
    for (std::size_t i = 0; i < mapping_.columns.size(); ++i)
      if (text::fold(mapping_.columns[i]) == folded) return i;
    for (std::size_t i = 0; i < mapping_.columns.size(); ++i)
      if (folded == "c" + std::to_string(i + 1)) return i;
    std::string known;
    for (const std::string& column : mapping_.columns) known += (known.empty() ? "'" : ", '") + column + "'";
    return fail(ErrorKind::invalid,
                "there is no column '" + std::string(wanted) + "'; the columns are " + known);
  }

  Status take_overrides() {
    for (const auto& [name, column] : options_.overrides) {
      const auto field = find_field(name);
      if (!field) {
        std::string known;
        for (const std::string_view each : field_names())
          known += (known.empty() ? "" : ", ") + std::string(each);
        return fail(ErrorKind::invalid, "there is no field '" + name + "'; the fields are " + known);
      }
      told_.insert(*field);
      if (column.empty()) continue;
      CDX_TRY_LET(const std::size_t at, find_column(column));
      bind(*field, at, "told");
    }
    return {};
  }

  Unit unit_of(FieldId field, std::size_t column) const {
    if (field != FieldId::engagement_rate) return Unit::plain;
    const ColumnValues& values = values_[column];
    if (values.over_hundred >= 0.5) return Unit::interactions;
    // Rates of a third and more are rare: a column full of them counts in percent.
    if (headers_[column].percent || values.over_one >= 0.2 || values.over_third >= 0.5) return Unit::percent;
    return Unit::fraction;
  }

  void bind(FieldId field, std::size_t column, std::string why) {
    mapping_.bindings.push_back(
        {std::string(info(field).name), column, unit_of(field, column), std::move(why)});
    bound_[column] = true;
    has_.insert(field);
  }
  bool open(FieldId field) const { return !told_.contains(field) && !has_.contains(field); }

  void gather() {
    for (const Header& header : headers_) {
      const auto found = meaning(header);
      names_handle_ = names_handle_ || (found && found->field == FieldId::handle);
    }
    for (std::size_t i = 0; i < headers_.size(); ++i) {
      if (bound_[i]) continue;
      if (headers_[i].audience) {
        note(i, "speaks of the audience, not of the account");
        continue;
      }
      const auto found = meaning(headers_[i]);
      if (!found || !fits(i, found->field)) continue;
      candidates_.push_back({i, by_values(i, *found)});
    }
  }

  // A header's promise that the values break is not believed.
  bool fits(std::size_t column, FieldId field) {
    const ColumnValues& values = values_[column];
    if (values.filled == 0) return true;
    if (info(field).kind == FieldKind::number && values.numbers < 0.5) {
      if (field != FieldId::content_count) note(column, "its values are not numbers");
      return false;
    }
    if (field == FieldId::user_id && values.counts_rows) {
      note(column, "only counts the rows");
      return false;
    }
    if (field == FieldId::image_url && values.urls < 0.5) return false;
    if (field == FieldId::history && values.numbers >= 0.5) return false;
    return true;
  }

  // What the values say better than the header.
  Meaning by_values(std::size_t column, Meaning meaning) const {
    const ColumnValues& values = values_[column];
    if (meaning.field == FieldId::account_url && values.filled > 0 && values.platform_urls < 0.5)
      return {values.urls >= 0.5 ? FieldId::website : FieldId::handle, values.urls >= 0.5 ? 1 : 0, false};
    // "insta_id" and its kin often hold the handle.
    const bool real_id = headers_[column].exact.has_value() || names_handle_;
    if (meaning.field == FieldId::user_id && !real_id && values.handles >= 0.9 && values.ids < 0.5)
      return {FieldId::handle, meaning.rank, false};
    return meaning;
  }

  // Among columns that may hold the name or the handle, the one most like handles is the handle.
  void bind_identity() {
    std::vector<std::size_t> pool;
    for (const Candidate& candidate : candidates_)
      if (candidate.meaning.name_or_handle && !bound_[candidate.column]) pool.push_back(candidate.column);
    const bool other_handle = std::any_of(candidates_.begin(), candidates_.end(), [](const Candidate& c) {
      return c.meaning.field == FieldId::handle && !c.meaning.name_or_handle;
    });
    const bool other_name = std::any_of(candidates_.begin(), candidates_.end(), [](const Candidate& c) {
      return c.meaning.field == FieldId::name && !c.meaning.name_or_handle;
    });
    if (pool.empty() || other_handle || !open(FieldId::handle)) return;
    const auto likeness = [&](std::size_t column) {
      return values_[column].handles + 0.2 * values_[column].lower_case;
    };
    const std::size_t best = *std::max_element(
        pool.begin(), pool.end(), [&](std::size_t a, std::size_t b) { return likeness(a) < likeness(b); });
    const bool plainly_name = headers_[best].form == "name" && pool.size() == 1 && !other_name;
    if (values_[best].handles < (pool.size() > 1 || other_name ? 0.5 : 0.7) || plainly_name) return;
    bind(FieldId::handle, best, "values");
  }

  double score(const Candidate& candidate) const {
    const ColumnValues& values = values_[candidate.column];
    double out = candidate.meaning.rank * 2.0 + values.filled * 4;
    if (info(candidate.meaning.field).kind == FieldKind::number) out += values.numbers * 3 + values.exact;
    return out;
  }

  void bind_best(FieldId field) {
    std::vector<const Candidate*> found;
    for (const Candidate& candidate : candidates_)
      if (candidate.meaning.field == field && !bound_[candidate.column]) found.push_back(&candidate);
    if (found.empty() || told_.contains(field)) return;
    if (info(field).kind == FieldKind::list) {
      for (const Candidate* candidate : found) bind(field, candidate->column, "header");
      return;
    }
    if (!open(field)) return;
    std::stable_sort(found.begin(), found.end(),
                     [&](const Candidate* a, const Candidate* b) { return score(*a) > score(*b); });
    bind(field, found.front()->column, "header");
    for (std::size_t i = 1; i < found.size(); ++i) {
      if (values_[found[i]->column].filled == 0) continue;
      const bool rounded = values_[found[i]->column].exact < values_[found.front()->column].exact;
      note(found[i]->column,
           (rounded ? "the exact figures are in " : "taken from ") + place(found.front()->column));
    }
  }

  // Figures beside a caption are those of the post.
  void bind_posts() {
    if (!has_.contains(FieldId::post_text)) return;
    static constexpr std::array<std::pair<std::string_view, FieldId>, 14> forms = {
        {{"like", FieldId::post_likes},
         {"comment", FieldId::post_comments},
         {"post url", FieldId::post_url},
         {"post link", FieldId::post_url},
         {"post id", FieldId::post_id},
         {"media id", FieldId::post_id},
         {"post date", FieldId::post_at},
         {"posted at", FieldId::post_at},
         {"post image", FieldId::post_image_url},
         {"post image url", FieldId::post_image_url},
         {"post picture", FieldId::post_image_url},
         {"media url", FieldId::post_image_url},
         {"display url", FieldId::post_image_url},
         {"cover url", FieldId::post_image_url}}};
    for (std::size_t i = 0; i < headers_.size(); ++i) {
      for (const auto& [form, field] : forms)
        if (headers_[i].form == form && !bound_[i] && open(field) && fits(i, field)) bind(field, i, "header");
    }
  }

  void guess_platform() {
    const auto take = [&](std::optional<Platform> platform, std::string_view from) {
      if (!platform || !mapping_.platform_from.empty()) return;
      mapping_.platform = *platform;
      mapping_.platform_from = from;
    };
    take(options_.platform, "told");
    take(platform_in_name(), "file name");
    take(platform_in_columns(), "columns");
    for (const Binding& binding : mapping_.bindings)
      if (binding.field == "account_url") take(values_[binding.column].link_platform, "links");
  }
  std::optional<Platform> platform_in_name() const {
    const std::string name = text::fold(options_.file_name.substr(options_.file_name.rfind('/') + 1));
    std::set<Platform> found;
    static constexpr std::array<std::pair<std::string_view, Platform>, 5> words = {
        {{"youtube", Platform::youtube},
         {"instagram", Platform::instagram},
         {"tiktok", Platform::tiktok},
         {"twitch", Platform::twitch},
         {"twitter", Platform::x}}};
    for (const auto& [word, platform] : words)
      if (name.find(word) != std::string::npos) found.insert(platform);
    return found.size() == 1 ? std::optional<Platform>(*found.begin()) : std::nullopt;
  }
  std::optional<Platform> platform_in_columns() const {
    std::set<Platform> found;
    for (const Header& header : headers_) {
      if (header.platform) found.insert(*header.platform);
      if (header.form == "channel id") found.insert(Platform::youtube);
      if (header.form == "stream time" || header.form == "peak viewer") found.insert(Platform::twitch);
    }
    return found.size() == 1 ? std::optional<Platform>(*found.begin()) : std::nullopt;
  }

  const MapOptions& options_;
  std::vector<bool> bound_;
  Mapping mapping_;
  std::vector<Header> headers_;
  std::vector<ColumnValues> values_;
  std::vector<Candidate> candidates_;
  std::set<FieldId> told_, has_;
  bool names_handle_ = false;  // some header says that its column is the handle
};

std::string_view unit_name(Unit unit) {
  switch (unit) {
    case Unit::fraction:
      return "fraction";
    case Unit::percent:
      return "percent";
    case Unit::interactions:
      return "interactions";
    case Unit::plain:
      break;
  }
  return {};
}

}  // namespace

bool Mapping::identifies() const {
  return std::any_of(bindings.begin(), bindings.end(), [](const Binding& binding) {
    return binding.field == "user_id" || binding.field == "handle" || binding.field == "name" ||
           binding.field == "account_url";
  });
}

std::vector<std::string_view> field_names() {
  std::vector<std::string_view> out;
  for (std::size_t i = 0; i < field_count; ++i) out.push_back(info(static_cast<FieldId>(i)).name);
  return out;
}

Result<Mapping> map_columns(std::span<const std::string> columns,
                            std::span<const std::vector<std::string>> samples, const MapOptions& options) {
  return Mapper(columns, samples, options).map();
}

std::string to_json(const Mapping& mapping) {
  JsonWriter json;
  json.object([&] {
    if (!mapping.platform_from.empty()) json.key("platform").value(name(mapping.platform));
    if (mapping.platform_from == "told") json.key("platform_told").value(true);
    json.key("fields").array([&] {
      for (const Binding& binding : mapping.bindings)
        json.array([&] {
          json.value(binding.field).value(static_cast<std::uint64_t>(binding.column));
          if (binding.unit != Unit::plain) json.value(unit_name(binding.unit));
        });
    });
  });
  return json.take();
}

}  // namespace cdx::normalize
