// The batches that committer.cpp writes and crash_test.cpp expects, known by their number.
#pragma once

#include <limits>
#include <string>
#include <vector>

#include "store/store.h"

namespace cdx::crash {

inline constexpr int raw_per_batch = 5;
inline constexpr int accounts_per_batch = 20;

inline std::vector<RawRecord> raw_batch(int batch) {
  std::vector<RawRecord> records;
  for (int i = 0; i < raw_per_batch; ++i) {
    const auto key = std::to_string(batch) + "." + std::to_string(i);
    records.push_back(
        {"crash", key, "layout", "body " + key + std::string(200, '.'), {"crash", {}, {}, "b", "l", 1}});
  }
  return records;
}

inline AccountId account_of(int batch, int number) {
  return account_id(Platform::x, std::to_string(batch) + "." + std::to_string(number));
}

inline ChangeSet change_batch(int batch) {
  ChangeSet changes;
  changes.based_on = Revision{std::numeric_limits<std::int64_t>::max()};
  for (int i = 0; i < accounts_per_batch; ++i) {
    Account account;
    account.id = account_of(batch, i);
    account.platform = Platform::x;
    account.user_id = std::to_string(batch) + "." + std::to_string(i);
    const auto origin = account.origin({"crash", {}, {}, "b", "l", 1});
    account.bio = Sourced<std::string>{"bio " + account.user_id + std::string(100, '-'), origin};
    Creator creator;
    creator.id = creator_id(account.id);
    creator.links = {{account.id, "first_account", "", 1}};
    creator.total_followers = batch;
    ContentItem item;
    item.id = content_id(Platform::x, account.user_id);
    item.account = account.id;
    changes.snapshots.push_back({account.id, Metric::followers, {}, static_cast<double>(batch), 1, {}});
    KnownPicture picture;
    picture.account = account.id;
    picture.sha256 = sha256(account.user_id);
    picture.signature.assign(1'536, '~');
    changes.pictures.push_back(std::move(picture));
    changes.accounts.push_back({std::move(account), creator.id, {{"batch", std::to_string(batch)}}});
    changes.creators.push_back(std::move(creator));
    changes.items.push_back(std::move(item));
  }
  changes.checkpoints = {{"batch", std::to_string(batch)}};
  return changes;
}

// Every batch scores the same creators anew, so that each leaves one row of history a creator.
inline constexpr int scored_per_batch = 10;
inline constexpr int questions_per_batch = 3;

inline Campaign campaign() {
  Campaign campaign;
  campaign.id = {0xC0FFEE};
  campaign.brief.product_name = "crash";
  return campaign;
}

inline std::vector<MatchScore> scores(int batch) {
  std::vector<MatchScore> scores;
  for (int i = 1; i <= scored_per_batch; ++i) {
    auto& score = scores.emplace_back();
    score.campaign = campaign().id;
    score.creator = {static_cast<std::uint64_t>(i)};
    score.match = batch;
    score.profile = "profile " + std::to_string(batch % 3);
  }
  return scores;
}

inline std::vector<LoggedQuestion> questions(int batch) {
  std::vector<LoggedQuestion> questions;
  for (int i = 0; i < questions_per_batch; ++i) {
    LoggedQuestion question;
    question.id = {static_cast<std::uint64_t>(batch * questions_per_batch + i + 1)};
    question.kind = "search";
    question.feature_names = {"keyword"};
    question.shown.assign(20, {{static_cast<std::uint64_t>(batch)}, 0.5, {1.0F}});
    question.at = Time(std::chrono::milliseconds(batch));
    questions.push_back(std::move(question));
  }
  return questions;
}

inline std::vector<LoggedChoice> choices(int batch) {
  std::vector<LoggedChoice> choices;
  for (const auto& question : questions(batch)) {
    choices.push_back({question.id, {static_cast<std::uint64_t>(batch)}, "click", question.at});
  }
  return choices;
}

}  // namespace cdx::crash
