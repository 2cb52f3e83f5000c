#include "serve/intake.h"

#include <algorithm>
#include <cmath>

#include "normalize/normalize.h"
#include "source/source.h"

namespace cdx::serve {
namespace {

// What is not the client's fault is told without its inside; the log has it.
TakenAs outcome_of(const Error& error) {
  return error.kind == ErrorKind::timed_out || error.kind == ErrorKind::cancelled ||
                 error.kind == ErrorKind::unavailable || error.kind == ErrorKind::rate_limited
             ? TakenAs::not_reached
             : TakenAs::refused;
}

void settle(Taken& taken, const Error& error) {
  taken.as = outcome_of(error);
  const bool ours = error.kind == ErrorKind::internal || error.kind == ErrorKind::corrupt;
  taken.reason = ours ? "the server met a condition it did not expect" : error.message;
}

TakenAs outcome_of(const ImportReport& report) {
  if (report.quarantined > 0) return report.quarantined == report.rows ? TakenAs::refused : TakenAs::partly;
  return report.imported > 0 ? TakenAs::accepted : TakenAs::unchanged;
}

std::string spaces_text(const PictureReader* reader) {
  return reader == nullptr ? "no space of pictures is in use" : "the space in use is " + reader->space().name;
}

}  // namespace

std::string_view name(TakenAs as) {
  switch (as) {
    case TakenAs::accepted:
      return "accepted";
    case TakenAs::partly:
      return "partly";
    case TakenAs::unchanged:
      return "unchanged";
    case TakenAs::refused:
      return "refused";
    case TakenAs::not_reached:
      break;
  }
  return "not_reached";
}

Taken Intake::data(const Call& call, std::string name, std::string_view bytes, const IntakeTerms& terms) {
  Taken out{std::move(name), "data", TakenAs::refused, {}, {}, {}};
  ImportReport report;
  const auto done = import(call, out.name, bytes, terms, report);
  if (report.rows > 0 || done) out.rows = report;
  if (!done)
    settle(out, done.error());
  else
    out.as = outcome_of(report);
  if (out.as == TakenAs::refused && out.reason.empty()) out.reason = "every row is in quarantine";
  return out;
}

Status Intake::import(const Call& call, const std::string& name, std::string_view bytes,
                      const IntakeTerms& terms, ImportReport& report) {
  const std::unique_lock lock(
      importing_, std::min(call.deadline, std::chrono::steady_clock::now() + std::chrono::hours(1)));
  if (!lock) return fail(ErrorKind::timed_out, "other data was being taken in");
  CDX_TRY(call.check());
  FileSourceOptions options;
  options.path = name;
  options.bytes = bytes;
  options.terms = terms.origin;
  options.temporary_dir = desk_.temporary_dir;
  options.choose_mapping = [&](const TableHead& head) -> Result<std::string> {
    CDX_TRY_LET(const auto mapping,
                normalize::map_columns(head.columns, head.samples, {terms.platform, name, {}}));
    return normalize::to_json(mapping);
  };
  CDX_TRY_LET(const auto source, open_file_source(options));
  return import_source(call, *source, desk_.store, clock_, report, {}, desk_.fakes);
}

Taken Intake::picture(const Call& call, std::string name, NewPicture picture) {
  Taken out{std::move(name), "picture", TakenAs::refused, {}, {}, {}};
  if (pictures_ == nullptr) {
    out.reason = "this server keeps no pictures (image_model is none)";
    return out;
  }
  auto kept = pictures_->keeper.add(call, picture);
  if (!kept) {
    settle(out, kept.error());
  } else {
    out.as = TakenAs::accepted;
    out.picture = *std::move(kept);
  }
  return out;
}

Taken Intake::embedding(const Call& call, std::string name, AccountId account, const Digest& sha256,
                        std::string_view space, std::vector<float> values) {
  Taken out{std::move(name), "embedding", TakenAs::refused, {}, {}, {}};
  const auto done = keep(call, account, sha256, space, values);
  if (!done)
    settle(out, done.error());
  else
    out.as = TakenAs::accepted;
  return out;
}

Status Intake::keep(const Call& call, AccountId account, const Digest& sha256, std::string_view space,
                    std::vector<float>& values) {
  std::shared_ptr<PictureReader> reader;
  if (pictures_ != nullptr) {
    auto found = pictures_->spaces.reader(call, space);
    if (found) {
      reader = *std::move(found);
    } else if (found.error().kind != ErrorKind::not_found) {
      return tl::unexpected<Error>(found.error());
    } else {
      CDX_TRY_LET(reader, pictures_->spaces.wanted(call));
    }
  }
  if (reader == nullptr || reader->space().name != space)
    return fail(ErrorKind::invalid,
                "the space " + std::string(space) + " is not known here; " + spaces_text(reader.get()));
  if (values.size() != reader->space().dimension)
    return fail(ErrorKind::invalid, "a vector of " + std::string(space) + " has " +
                                        std::to_string(reader->space().dimension) + " values, not " +
                                        std::to_string(values.size()));
  double square = 0;
  for (const float value : values) square += static_cast<double>(value) * static_cast<double>(value);
  if (!std::isfinite(square) || std::abs(std::sqrt(square) - 1) > 1e-3)
    return fail(ErrorKind::invalid, "a vector must be finite and of length 1 (within 0.001)");
  CDX_TRY_LET(const auto known, desk_.store.pictures(call, {&account, 1}));
  if (std::none_of(known.begin(), known.end(), [&](const auto& one) { return one.sha256 == sha256; }))
    return fail(ErrorKind::not_found, "the creator has no picture " + hex(sha256) + "; send it first");
  for (float& value : values) value = static_cast<float>(static_cast<double>(value) / std::sqrt(square));
  const KeptVector kept{{reader->space().id, vector_key(sha256)}, std::move(values)};
  return desk_.store.keep_vectors(call, {&kept, 1});
}

Result<AccountId> Intake::account_of(const Call& call, std::string_view creator,
                                     std::string_view account) const {
  if (creator.empty() && account.empty())
    return fail(ErrorKind::invalid, "a picture is kept with a creator: say whose it is (creator_id)");
  const auto wanted = account.empty() ? std::nullopt : AccountId::parse(account);
  if (!account.empty()) {
    if (!wanted) return fail(ErrorKind::not_found, "there is no account " + std::string(account));
    CDX_TRY_LET(const auto found, desk_.store.accounts(call, {&*wanted, 1}));
    if (found.empty()) return fail(ErrorKind::not_found, "there is no account " + std::string(account));
    if (!creator.empty() && found.front().creator.text() != creator)
      return fail(ErrorKind::invalid,
                  "the account " + std::string(account) + " is not of the creator " + std::string(creator));
    return *wanted;
  }
  const auto id = CreatorId::parse(creator);
  if (!id) return fail(ErrorKind::not_found, "there is no creator " + std::string(creator));
  CDX_TRY_LET(const auto found, desk_.store.creators(call, {&*id, 1}));
  if (found.empty() || found.front().links.empty())
    return fail(ErrorKind::not_found, "there is no creator " + std::string(creator));
  return found.front().links.front().account;
}

}  // namespace cdx::serve
