// What a StoreReader tells of pictures.
#include <cstring>
#include <limits>

#include "store/sqlite/body.h"
#include "store/sqlite/reader.h"
#include "store/sqlite/rows.h"

namespace cdx {

Status StoreReader::add_pictures(std::int64_t account_row, AccountId account, std::size_t max,
                                 bool signatures, std::vector<KnownPicture>& to) const {
  const std::string_view bare =
      "SELECT sha256, body FROM pictures WHERE account=? ORDER BY at DESC, sha256 LIMIT ?";
  const std::string_view whole =
      "SELECT sha256, body, signature FROM pictures WHERE account=? ORDER BY at DESC, sha256 LIMIT ?";
  CDX_TRY_LET(SqliteStatement select, database_.prepare(signatures ? whole : bare));
  select.put(account_row).put(bounded(max));
  for (std::size_t seen = 0;;) {
    CDX_TRY_LET(const bool row, select.step());
    if (!row) return {};
    if (++seen % call_stride == 0) CDX_TRY(call_.check());
    auto body = decode_picture(select.blob(1));
    if (!body) return damaged("picture " + hex(select.blob(0)), std::move(body).error());
    auto& picture = body->picture;
    if (select.blob(0).size() != picture.sha256.size())
      return fail(ErrorKind::corrupt, database_.path() + ": a picture of " + account.text() +
                                          " has a hash of " + std::to_string(select.blob(0).size()) +
                                          " bytes");
    std::memcpy(picture.sha256.data(), select.blob(0).data(), picture.sha256.size());
    picture.account = account;
    if (signatures) picture.signature = select.blob(2);
    CDX_TRY(origins_.take_terms(database_, body->terms, picture.origin));
    to.push_back(std::move(picture));
  }
}

Result<std::vector<KnownPicture>> StoreReader::pictures(std::span<const AccountId> ids) const {
  CDX_TRY_LET(SqliteStatement select, database_.prepare("SELECT row FROM accounts WHERE id=?"));
  std::vector<KnownPicture> found;
  for (const auto id : ids) {
    CDX_TRY(call_.check());
    CDX_TRY_LET(const bool row, select.put(signed_id(id.value)).step());
    if (!row) continue;
    const auto number = select.integer(0);
    select.reset();
    CDX_TRY(add_pictures(number, id, std::numeric_limits<std::size_t>::max(), true, found));
  }
  return found;
}

}  // namespace cdx
