// What every CampaignStore twin must keep. A twin's test names itself in INSTANTIATE_TEST_SUITE_P(…,
// CampaignStoreContract, …) and links the source beside this header.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>

#include "store/store.h"
#include "support/scratch.h"

namespace cdx {

struct CampaignStoreTwin {
  std::string name;
  // A store in an empty folder, or one more handle on the one that lives there.
  std::function<Result<std::unique_ptr<CampaignStore>>(const std::string& folder)> open;
  bool durable = true;  // another handle, now or later, finds everything
};

class CampaignStoreContract : public testing::TestWithParam<CampaignStoreTwin> {
 protected:
  void SetUp() override { reopen(); }
  void reopen();
  std::unique_ptr<CampaignStore> open_another();
  CampaignStore& store() { return *store_; }

  static Time at(int second);
  static Campaign campaign(std::uint64_t number);  // differs in every field by `number`
  static MatchScore score(std::uint64_t campaign, std::uint64_t creator, double match, int second = 0);

  void put(const Campaign& campaign);
  void put(const std::vector<MatchScore>& scores);
  std::vector<MatchScore> scores(std::uint64_t campaign, std::size_t skip = 0, std::size_t max = 1000);
  std::size_t total(std::uint64_t campaign);
  std::vector<MatchScore> history(std::uint64_t campaign, std::uint64_t creator);

  Call call_;

 private:
  test::Scratch folder_;
  std::unique_ptr<CampaignStore> store_;
};

void PrintTo(const CampaignStoreTwin& twin, std::ostream* out);

}  // namespace cdx
