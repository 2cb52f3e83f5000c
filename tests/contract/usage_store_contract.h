// What every UsageStore twin must keep. A twin's test names itself in INSTANTIATE_TEST_SUITE_P(…,
// UsageStoreContract, …) and links the source beside this header.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>

#include "store/store.h"
#include "support/scratch.h"

namespace cdx {

struct UsageStoreTwin {
  std::string name;
  // A store in an empty folder, or one more handle on the one that lives there.
  std::function<Result<std::unique_ptr<UsageStore>>(const std::string& folder)> open;
  bool durable = true;  // another handle, now or later, finds everything
};

class UsageStoreContract : public testing::TestWithParam<UsageStoreTwin> {
 protected:
  void SetUp() override { reopen(); }
  void reopen();
  std::unique_ptr<UsageStore> open_another();
  UsageStore& store() { return *store_; }

  static Time at(int second);
  static LoggedQuestion question(std::uint64_t id, int second, std::size_t shown = 2);
  static LoggedChoice choice(std::uint64_t question, std::uint64_t creator, int second = 0);
  static AuditEntry entry(int number);
  static NamedProfile profile(const std::string& kind, const std::string& name, int number = 1);

  void log(const std::vector<LoggedQuestion>& questions);
  void log(const std::vector<LoggedChoice>& choices);
  std::vector<std::uint64_t> ids(Time since, std::size_t max = 1000);  // of the questions since
  std::vector<LoggedChoice> choices(std::vector<QuestionId> of);

  Call call_;

 private:
  test::Scratch folder_;
  std::unique_ptr<UsageStore> store_;
};

void PrintTo(const UsageStoreTwin& twin, std::ostream* out);

}  // namespace cdx
