// Maps raw records to accounts: chooses which column means what, and reads each record by that choice.
//
// Promises: pure: equal records give equal results, whatever was seen before; mapping decisions are data (a
// JSON object in the record's layout), so raw records can be read again later without the file. A record that
// cannot be an account is an `invalid` error naming column and reason, for the quarantine; absent and
// placeholder cells are absent fields. The account's country is never taken from columns that speak of its
// audience. Never: I/O, the network, guesses about people. Not thread-safe: one Normalizer a thread.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/model.h"

namespace cdx::normalize {

// Of the rules in this room; a new version means that raw records are worth reading again.
std::uint32_t mapping_version();

struct MapOptions {
  std::optional<Platform> platform = {};  // declared; else guessed from name, columns and links
  std::string file_name;                  // may name the platform: "top TikTok creators.csv"
  // (field, column) as of `--map field=column`; they win over what headers and values say. An empty column
  // leaves the field unmapped. Columns match by name, else as c1, c2, …
  std::vector<std::pair<std::string, std::string>> overrides = {};
};

enum class Unit : std::uint8_t { plain, fraction, percent, interactions };

struct Binding {
  std::string field;  // one of field_names()
  std::size_t column = 0;
  Unit unit = Unit::plain;
  std::string why;  // "header", "values" or "told"
};

struct Mapping {
  Platform platform = Platform::other;
  std::string platform_from;  // "told", "file name", "columns", "links"; empty: nothing names one
  std::vector<Binding> bindings;
  std::vector<std::string> columns;
  // Columns left out with the reason, for people: "Subscribers (column 5): the exact figures are in column
  // 6".
  std::vector<std::string> notes;
  bool identifies() const;  // a column names the account
};

// `invalid` lists the fields, or the columns, when an override names one that does not exist.
Result<Mapping> map_columns(std::span<const std::string> columns,
                            std::span<const std::vector<std::string>> samples, const MapOptions& options);
std::string to_json(const Mapping& mapping);  // for the layout's "mapping"
std::vector<std::string_view> field_names();

struct Normalized {
  Account account;
  std::vector<ContentItem> items;
  std::vector<MetricSnapshot> snapshots;
  std::string declared_key;  // identity key that the source gives for one creator's accounts; empty: none
};

class Normalizer {
 public:
  Normalizer();
  Normalizer(Normalizer&&) noexcept;
  Normalizer& operator=(Normalizer&&) noexcept;
  ~Normalizer();

  // `invalid` with "column 'followers': reason" where the record is no account; `corrupt` for a layout that
  // cannot be read.
  Result<Normalized> normalize(const RawRecord& record);

 private:
  struct Layouts;
  std::unique_ptr<Layouts> layouts_;
};

// The column that an error of normalize() names; empty where it is the whole record.
std::string_view column_of(const Error& error);

}  // namespace cdx::normalize
