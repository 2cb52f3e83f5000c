// What every Store twin must keep. A twin's test names itself in INSTANTIATE_TEST_SUITE_P(…, StoreContract,
// …) and links the sources beside this header.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>

#include "store/store.h"
#include "support/scratch.h"

namespace cdx {

struct StoreTwin {
  std::string name;
  // A store in an empty folder, or the one that lives there.
  std::function<Result<std::unique_ptr<Store>>(const std::string& folder)> open;
  bool durable = true;  // reopening finds everything again
};

class StoreContract : public testing::TestWithParam<StoreTwin> {
 protected:
  void SetUp() override { reopen(); }
  void reopen();
  Store& store() { return *store_; }

  // Values that differ in every field by `number`.
  static Provenance provenance(int number);
  static RawRecord record(int number);
  static Account account(int number);
  static Creator creator(int number, std::vector<int> accounts);
  static ContentItem item(int number, int account, std::optional<Time> published);
  static MetricSnapshot snapshot(int account, Metric metric, int day, double value);
  static CreatorId creator_of(int number);
  static Quarantined quarantined(const std::string& source, int number, const std::string& column);
  static Time day(int number);

  // Account `number` of creator `number` with one key "handle/number".
  static ChangeSet one(int number, Revision based_on = {});
  Revision now();
  Revision commit(const ChangeSet& changes);
  std::vector<Profile> profile(int number, std::size_t max_items = 100);
  std::vector<Change> feed(Revision since, std::size_t page);

  Call call_;

 private:
  test::Scratch folder_;
  std::unique_ptr<Store> store_;
};

void PrintTo(const StoreTwin& twin, std::ostream* out);
bool operator==(const RawRecord& a, const RawRecord& b);

}  // namespace cdx
