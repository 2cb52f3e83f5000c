#include "store/check.h"
#include "store/sqlite/body.h"
#include "store/sqlite/rows.h"
#include "store/sqlite/score_writer.h"
#include "store/sqlite/store_file.h"

namespace cdx {
namespace {

// Columns: id, created_at, updated_at, body.
Result<Campaign> campaign_of(const SqliteDatabase& reader, const SqliteStatement& row) {
  const CampaignId id{unsigned_id(row.integer(0))};
  auto brief = decode_brief(row.blob(3));
  if (!brief) {
    return fail(brief.error().kind, reader.path() + ": campaign " + id.text() + ": " + brief.error().message);
  }
  return Campaign{id, *std::move(brief), time_of(row.integer(1)), time_of(row.integer(2))};
}

// Columns: creator, match, niche, audience, engagement, budget, at, profile, formula, model.
Result<MatchScore> score_of(const SqliteDatabase& reader, const SqliteStatement& row, CampaignId campaign) {
  MatchScore score;
  score.campaign = campaign;
  score.creator = {unsigned_id(row.integer(0))};
  if (row.is_null(7)) {
    return fail(ErrorKind::corrupt, reader.path() + ": the score of " + score.creator.text() + " for " +
                                        campaign.text() + " names a scoring that is not there");
  }
  int column = 0;
  for (double* part : {&score.match, &score.niche, &score.audience, &score.engagement, &score.budget}) {
    *part = row.real(++column);
  }
  score.at = time_of(row.integer(6));
  score.profile = row.text(7);
  score.formula = static_cast<std::uint32_t>(row.integer(8));
  score.model = row.text(9);
  return score;
}

Result<std::vector<MatchScore>> scores_of(const SqliteDatabase& reader, SqliteStatement& rows,
                                          CampaignId campaign) {
  std::vector<MatchScore> found;
  for (;;) {
    CDX_TRY_LET(const bool row, rows.step());
    if (!row) return found;
    CDX_TRY_LET(MatchScore score, score_of(reader, rows, campaign));
    found.push_back(std::move(score));
  }
}

// The places are found in the index alone, so that skipping reads no row.
constexpr std::string_view page_of_scores =
    "SELECT creator, overall, niche, audience, engagement, budget, at, profile, formula, model FROM "
    "(SELECT creator AS listed FROM scores WHERE campaign=?1 "
    "ORDER BY overall DESC, creator < 0, creator LIMIT ?2 OFFSET ?3) "
    "JOIN scores ON campaign=?1 AND creator=listed LEFT JOIN scorings ON number=scoring "
    "ORDER BY overall DESC, creator < 0, creator";

class SqliteCampaignStore final : public CampaignStore {
 public:
  SqliteCampaignStore(StoreHandles handles, std::chrono::milliseconds patience)
      : file_(std::move(handles), patience) {}

  Status put_campaign(const Call& call, const Campaign& campaign) override {
    CDX_TRY(check(campaign));
    std::string body;
    encode_brief(body, campaign.brief);
    return file_.write(call, [&](SqliteDatabase& writer) -> Status {
      CDX_TRY_LET(SqliteStatement put,
                  writer.prepare("INSERT INTO campaigns(id, created_at, updated_at, body) VALUES(?, ?, ?, ?) "
                                 "ON CONFLICT(id) DO UPDATE SET updated_at=excluded.updated_at, "
                                 "body=excluded.body"));
      put.put(signed_id(campaign.id.value)).put(milliseconds_of(campaign.created_at));
      return put.put(milliseconds_of(campaign.updated_at)).put_blob(body).run();
    });
  }

  Result<std::optional<Campaign>> campaign(const Call& call, CampaignId id) const override {
    return file_.read(call, [&](SqliteDatabase& reader) -> Result<std::optional<Campaign>> {
      CDX_TRY_LET(SqliteStatement select,
                  reader.prepare("SELECT id, created_at, updated_at, body FROM campaigns WHERE id=?"));
      CDX_TRY_LET(const bool row, select.put(signed_id(id.value)).step());
      if (!row) return std::optional<Campaign>();
      CDX_TRY_LET(Campaign found, campaign_of(reader, select));
      return std::optional(std::move(found));
    });
  }

  Result<std::vector<Campaign>> campaigns(const Call& call, std::size_t skip,
                                          std::size_t max) const override {
    return file_.read(call, [&](SqliteDatabase& reader) -> Result<std::vector<Campaign>> {
      CDX_TRY_LET(SqliteStatement select,
                  reader.prepare("SELECT id, created_at, updated_at, body FROM campaigns "
                                 "ORDER BY created_at DESC, id < 0, id LIMIT ? OFFSET ?"));
      select.put(bounded(max)).put(bounded(skip));
      std::vector<Campaign> found;
      for (;;) {
        CDX_TRY_LET(const bool row, select.step());
        if (!row) return found;
        CDX_TRY_LET(Campaign campaign, campaign_of(reader, select));
        found.push_back(std::move(campaign));
      }
    });
  }

  Status remove_campaign(const Call& call, CampaignId id) override {
    return file_.write(call, [&](SqliteDatabase& writer) -> Status {
      for (const std::string_view sql :
           {"DELETE FROM score_history WHERE campaign=?", "DELETE FROM scores WHERE campaign=?",
            "DELETE FROM campaigns WHERE id=?"}) {
        CDX_TRY_LET(SqliteStatement drop, writer.prepare(sql));
        CDX_TRY(drop.put(signed_id(id.value)).run());
      }
      return {};
    });
  }

  Status put_scores(const Call& call, std::span<const MatchScore> scores) override {
    CDX_TRY(check(scores));
    const auto ordered = scores_in_order(scores);
    return file_.write(call, [&](SqliteDatabase& writer) { return ScoreWriter(writer, call).put(ordered); });
  }

  Status replace_scores(const Call& call, CampaignId campaign, std::span<const MatchScore> scores) override {
    CDX_TRY(check(campaign, scores));
    const auto ordered = scores_in_order(scores);
    return file_.write(call, [&](SqliteDatabase& writer) -> Status {
      ScoreWriter rows(writer, call);
      CDX_TRY(rows.find_campaign(campaign));
      CDX_TRY(rows.put(ordered));
      return rows.retire_others(campaign, ordered);
    });
  }

  Result<ScorePage> scores(const Call& call, CampaignId id, std::size_t skip,
                           std::size_t max) const override {
    return file_.read(call, [&](SqliteDatabase& reader) -> Result<ScorePage> {
      ScorePage page;
      CDX_TRY_LET(SqliteStatement count, reader.prepare("SELECT count(*) FROM scores WHERE campaign=?"));
      CDX_TRY(count.put(signed_id(id.value)).step());
      page.total = unsigned_id(count.integer(0));
      if (page.total <= skip) return page;
      CDX_TRY_LET(SqliteStatement select, reader.prepare(page_of_scores));
      select.put(signed_id(id.value)).put(bounded(max)).put(bounded(skip));
      CDX_TRY_LET(page.scores, scores_of(reader, select, id));
      return page;
    });
  }

  Result<std::vector<MatchScore>> score_history(const Call& call, CampaignId campaign,
                                                CreatorId creator) const override {
    return file_.read(call, [&](SqliteDatabase& reader) -> Result<std::vector<MatchScore>> {
      CDX_TRY_LET(SqliteStatement select,
                  reader.prepare("SELECT creator, overall, niche, audience, engagement, budget, at, profile, "
                                 "formula, model FROM score_history LEFT JOIN scorings ON number=scoring "
                                 "WHERE campaign=? AND creator=? ORDER BY row"));
      select.put(signed_id(campaign.value)).put(signed_id(creator.value));
      return scores_of(reader, select, campaign);
    });
  }

 private:
  StoreFile file_;
};

}  // namespace

Result<std::unique_ptr<CampaignStore>> open_sqlite_campaign_store(const SqliteStoreOptions& options) {
  CDX_TRY_LET(StoreHandles handles, open_store_file(options));
  return std::make_unique<SqliteCampaignStore>(std::move(handles), options.patience);
}

}  // namespace cdx
