#include "store/sqlite/score_writer.h"

#include <algorithm>
#include <vector>

#include "store/sqlite/rows.h"

namespace cdx {
namespace {

bool same_values(const SqliteStatement& stored, const MatchScore& score, std::int64_t scoring) {
  int column = 0;
  for (const double part : {score.match, score.niche, score.audience, score.engagement, score.budget}) {
    if (stored.real(column++) != part) return false;
  }
  return stored.integer(column) == scoring;
}

void put_values(SqliteStatement& statement, const MatchScore& score, std::int64_t scoring) {
  for (const double part : {score.match, score.niche, score.audience, score.engagement, score.budget}) {
    statement.put_real(part);
  }
  statement.put(scoring).put(milliseconds_of(score.at));
}

}  // namespace

Status ScoreWriter::put(std::span<const MatchScore* const> scores) {
  std::size_t done = 0;
  for (const auto* score : scores) {
    if (done == 0 || scores[done - 1]->campaign != score->campaign) CDX_TRY(find_campaign(score->campaign));
    CDX_TRY(put(*score));
    if (++done % call_stride == 0) CDX_TRY(call_.check());
  }
  return {};
}

Status ScoreWriter::find_campaign(CampaignId id) {
  CDX_TRY_LET(SqliteStatement find, writer_.prepare("SELECT 1 FROM campaigns WHERE id=?"));
  CDX_TRY_LET(const bool found, find.put(signed_id(id.value)).step());
  if (found) return {};
  return fail(ErrorKind::not_found, "scores: the campaign " + id.text() + " does not exist");
}

Result<std::int64_t> ScoreWriter::scoring_number(const MatchScore& score) {
  const auto [entry, fresh] = scorings_.try_emplace(Scoring(score.profile, score.formula, score.model));
  if (!fresh) return entry->second;
  CDX_TRY_LET(SqliteStatement find,
              writer_.prepare("SELECT number FROM scorings WHERE profile=? AND formula=? AND model=?"));
  find.put_text(score.profile).put(score.formula).put_text(score.model);
  CDX_TRY_LET(const bool found, find.step());
  if (found) return entry->second = find.integer(0);
  CDX_TRY_LET(SqliteStatement insert,
              writer_.prepare("INSERT INTO scorings(profile, formula, model) VALUES(?, ?, ?)"));
  CDX_TRY(insert.put_text(score.profile).put(score.formula).put_text(score.model).run());
  return entry->second = writer_.last_row();
}

Status ScoreWriter::keep_former(std::int64_t campaign, std::int64_t creator) {
  CDX_TRY_LET(
      SqliteStatement keep,
      writer_.prepare("INSERT INTO score_history(campaign, creator, overall, niche, audience, engagement, "
                      "budget, scoring, at) SELECT campaign, creator, overall, niche, audience, engagement, "
                      "budget, scoring, at FROM scores WHERE campaign=? AND creator=?"));
  return keep.put(campaign).put(creator).run();
}

Status ScoreWriter::retire_others(CampaignId campaign, std::span<const MatchScore* const> kept) {
  std::vector<CreatorId> gone;
  {
    CDX_TRY_LET(SqliteStatement all, writer_.prepare("SELECT creator FROM scores WHERE campaign=?"));
    all.put(signed_id(campaign.value));
    for (;;) {
      CDX_TRY_LET(const bool row, all.step());
      if (!row) break;
      const CreatorId creator{unsigned_id(all.integer(0))};
      const auto found =
          std::lower_bound(kept.begin(), kept.end(), creator,
                           [](const MatchScore* one, CreatorId id) { return one->creator < id; });
      if (found == kept.end() || (*found)->creator != creator) gone.push_back(creator);
    }
  }
  std::size_t done = 0;
  for (const auto creator : gone) {
    CDX_TRY(keep_former(signed_id(campaign.value), signed_id(creator.value)));
    CDX_TRY_LET(SqliteStatement drop, writer_.prepare("DELETE FROM scores WHERE campaign=? AND creator=?"));
    CDX_TRY(drop.put(signed_id(campaign.value)).put(signed_id(creator.value)).run());
    if (++done % call_stride == 0) CDX_TRY(call_.check());
  }
  return {};
}

Status ScoreWriter::put(const MatchScore& score) {
  CDX_TRY_LET(const std::int64_t scoring, scoring_number(score));
  const auto campaign = signed_id(score.campaign.value), creator = signed_id(score.creator.value);
  CDX_TRY_LET(SqliteStatement find,
              writer_.prepare("SELECT overall, niche, audience, engagement, budget, scoring FROM scores "
                              "WHERE campaign=? AND creator=?"));
  CDX_TRY_LET(const bool found, find.put(campaign).put(creator).step());
  if (!found) {
    CDX_TRY_LET(SqliteStatement insert,
                writer_.prepare("INSERT INTO scores(campaign, creator, overall, niche, audience, engagement, "
                                "budget, scoring, at) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)"));
    insert.put(campaign).put(creator);
    put_values(insert, score, scoring);
    return insert.run();
  }
  const bool same = same_values(find, score, scoring);
  find.reset();  // the row it stands on is about to change
  if (same) {
    CDX_TRY_LET(SqliteStatement renew,
                writer_.prepare("UPDATE scores SET at=? WHERE campaign=? AND creator=?"));
    return renew.put(milliseconds_of(score.at)).put(campaign).put(creator).run();
  }
  CDX_TRY(keep_former(campaign, creator));
  CDX_TRY_LET(SqliteStatement replace,
              writer_.prepare("UPDATE scores SET overall=?, niche=?, audience=?, engagement=?, budget=?, "
                              "scoring=?, at=? WHERE campaign=? AND creator=?"));
  put_values(replace, score, scoring);
  return replace.put(campaign).put(creator).run();
}

}  // namespace cdx
