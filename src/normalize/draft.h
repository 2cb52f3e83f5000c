// An account in the making: cells go in one by one, the account comes out whole. Private to the normalize
// room.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "normalize/fields.h"
#include "normalize/normalize.h"

namespace cdx::normalize {

class Draft {
 public:
  Draft(const Provenance& terms, Platform platform, bool platform_told);

  // A cell of a column mapped to `field`. The first value of a field stays. `invalid` gives the reason alone.
  Status take(FieldId field, Unit unit, std::string_view cell);
  // Content and figures of nested records; their account is set when the draft is finished.
  void add(ContentItem item, std::string_view platform_content_id);
  void add(MetricSnapshot snapshot);
  // `invalid` when nothing names the account.
  Result<Normalized> finish();

 private:
  struct Item {
    ContentItem item;
    std::string id;
  };

  Status take_number(FieldId field, Unit unit, std::string_view cell);
  void take_text(FieldId field, std::string_view cell);
  void take_handle(std::string_view cell);
  void take_location(std::string_view cell);
  void take_profile_url(std::string_view cell);
  void take_post(FieldId field, std::string_view cell);
  Status take_post_figure(FieldId field, std::string_view cell);
  Status take_history(std::string_view cell);
  Status name_account();
  void finish_engagement();
  void finish_post();
  void finish_snapshots();

  template <class T>
  void set(Field<T>& field, T value) {
    if (!field) field = Sourced<T>{std::move(value), 0};
  }

  const Provenance& terms_;
  bool platform_told_;
  bool platform_known_;
  Normalized out_;
  std::optional<double> interactions_;  // likes and comments of a usual post
  std::optional<ContentItem> post_;
  std::string post_id_;
  std::vector<Item> items_;
};

}  // namespace cdx::normalize
