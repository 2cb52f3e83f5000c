#include <algorithm>
#include <map>
#include <mutex>
#include <set>
#include <shared_mutex>

#include "store/check.h"
#include "store/memory/memory_store.h"

namespace cdx {
namespace {

using Writing = std::unique_lock<std::shared_mutex>;
using Reading = std::shared_lock<std::shared_mutex>;

struct CampaignRow {
  Campaign campaign;
  std::map<CreatorId, MatchScore> scores;
  std::map<CreatorId, std::vector<MatchScore>> history;
};

class MemoryCampaignStore final : public CampaignStore {
 public:
  Status put_campaign(const Call& call, const Campaign& campaign) override {
    CDX_TRY(call.check());
    CDX_TRY(check(campaign));
    const Writing lock(mutex_);
    const auto [row, fresh] = rows_.try_emplace(campaign.id);
    const auto created_at = fresh ? campaign.created_at : row->second.campaign.created_at;
    row->second.campaign = campaign;
    row->second.campaign.created_at = created_at;
    return {};
  }

  Result<std::optional<Campaign>> campaign(const Call& call, CampaignId id) const override {
    CDX_TRY(call.check());
    const Reading lock(mutex_);
    const auto row = rows_.find(id);
    if (row == rows_.end()) return std::optional<Campaign>();
    return std::optional(row->second.campaign);
  }

  Result<std::vector<Campaign>> campaigns(const Call& call, std::size_t skip,
                                          std::size_t max) const override {
    CDX_TRY(call.check());
    const Reading lock(mutex_);
    std::vector<Campaign> all;
    for (const auto& [id, row] : rows_) all.push_back(row.campaign);
    std::stable_sort(all.begin(), all.end(),
                     [](const auto& a, const auto& b) { return a.created_at > b.created_at; });
    return page(std::move(all), skip, max);
  }

  Status remove_campaign(const Call& call, CampaignId id) override {
    CDX_TRY(call.check());
    const Writing lock(mutex_);
    rows_.erase(id);
    return {};
  }

  Status put_scores(const Call& call, std::span<const MatchScore> scores) override {
    CDX_TRY(call.check());
    CDX_TRY(check(scores));
    const Writing lock(mutex_);
    return put(scores_in_order(scores));
  }

  Status replace_scores(const Call& call, CampaignId campaign, std::span<const MatchScore> scores) override {
    CDX_TRY(call.check());
    CDX_TRY(check(campaign, scores));
    const Writing lock(mutex_);
    if (!rows_.contains(campaign)) return unknown(campaign);
    CDX_TRY(put(scores_in_order(scores)));
    std::set<CreatorId> kept;
    for (const auto& score : scores) kept.insert(score.creator);
    auto& row = rows_.at(campaign);
    for (auto at = row.scores.begin(); at != row.scores.end();) {
      if (kept.contains(at->first)) {
        ++at;
        continue;
      }
      row.history[at->first].push_back(at->second);
      at = row.scores.erase(at);
    }
    return {};
  }

  Result<ScorePage> scores(const Call& call, CampaignId id, std::size_t skip,
                           std::size_t max) const override {
    CDX_TRY(call.check());
    const Reading lock(mutex_);
    const auto row = rows_.find(id);
    if (row == rows_.end()) return ScorePage();
    std::vector<MatchScore> all;
    for (const auto& [creator, score] : row->second.scores) all.push_back(score);
    std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.match > b.match; });
    const auto total = all.size();
    return ScorePage{page(std::move(all), skip, max), total};
  }

  Result<std::vector<MatchScore>> score_history(const Call& call, CampaignId campaign,
                                                CreatorId creator) const override {
    CDX_TRY(call.check());
    const Reading lock(mutex_);
    const auto row = rows_.find(campaign);
    if (row == rows_.end()) return std::vector<MatchScore>();
    const auto former = row->second.history.find(creator);
    return former == row->second.history.end() ? std::vector<MatchScore>() : former->second;
  }

 private:
  static tl::unexpected<Error> unknown(CampaignId id) {
    return fail(ErrorKind::not_found, "scores: the campaign " + id.text() + " does not exist");
  }

  Status put(const std::vector<const MatchScore*>& ordered) {
    for (const auto* score : ordered)
      if (!rows_.contains(score->campaign)) return unknown(score->campaign);
    for (const auto* score : ordered) {
      auto& row = rows_.at(score->campaign);
      const auto [kept, fresh] = row.scores.try_emplace(score->creator, *score);
      if (fresh) continue;
      if (!same_but_for_time(kept->second, *score)) row.history[score->creator].push_back(kept->second);
      kept->second = *score;
    }
    return {};
  }

  template <class T>
  static std::vector<T> page(std::vector<T> all, std::size_t skip, std::size_t max) {
    const auto first = std::min(skip, all.size());
    const auto end = first + std::min(max, all.size() - first);
    return {all.begin() + static_cast<std::ptrdiff_t>(first), all.begin() + static_cast<std::ptrdiff_t>(end)};
  }

  mutable std::shared_mutex mutex_;
  std::map<CampaignId, CampaignRow> rows_;
};

}  // namespace

std::unique_ptr<CampaignStore> make_memory_campaign_store() {
  return std::make_unique<MemoryCampaignStore>();
}

}  // namespace cdx
