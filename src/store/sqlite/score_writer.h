// The scores of one put_scores, within its transaction.
#pragma once

#include <map>
#include <span>
#include <string>
#include <tuple>

#include "io/sqlite.h"
#include "store/store.h"

namespace cdx {

class ScoreWriter {
 public:
  ScoreWriter(SqliteDatabase& writer, const Call& call) : writer_(writer), call_(call) {}

  // In ascending order of campaign and creator, each pair once.
  Status put(std::span<const MatchScore* const> scores);
  Status find_campaign(CampaignId id);  // `not_found`
  // Rows of the campaign for creators that are not among `kept` (ascending) go to the history.
  Status retire_others(CampaignId campaign, std::span<const MatchScore* const> kept);

 private:
  using Scoring = std::tuple<std::string, std::uint32_t, std::string>;  // profile, formula, model

  Status put(const MatchScore& score);
  Status keep_former(std::int64_t campaign, std::int64_t creator);
  Result<std::int64_t> scoring_number(const MatchScore& score);

  SqliteDatabase& writer_;
  const Call& call_;
  std::map<Scoring, std::int64_t> scorings_;
};

}  // namespace cdx
