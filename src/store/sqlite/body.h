// How accounts, creators, items, pictures, briefs and questions lie in the columns named `body` and `keys`;
// docs/formats/store.md has the bytes.
//
// Identities, platforms, signatures and a question's time are columns of their own and not in the bodies; the
// caller sets them. Terms (source, basis, licence, policy version) are numbers of the terms table. Decoding
// accepts any bytes and answers `corrupt`, never worse; what it accepts encodes again.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "store/store.h"

namespace cdx {

using TermsNumber = std::int64_t;

struct AccountBody {
  Account account;                 // origins have times but no terms yet
  std::vector<TermsNumber> terms;  // one per origin
};
struct ItemBody {
  ContentItem item;  // origin has times but no terms yet
  TermsNumber terms = 0;
};

struct PictureBody {
  KnownPicture picture;  // origin has times but no terms yet; no signature
  TermsNumber terms = 0;
};

// Each replaces the contents of `out`, so that one buffer serves a whole batch.
void encode_account(std::string& out, const Account& account, std::span<const TermsNumber> terms);
void encode_creator(std::string& out, const Creator& creator);
void encode_item(std::string& out, const ContentItem& item, TermsNumber terms);
void encode_picture(std::string& out, const KnownPicture& picture, TermsNumber terms);
void encode_keys(std::string& out, std::span<const BlockKey> keys);
void encode_brief(std::string& out, const Brief& brief);
void encode_question(std::string& out, const LoggedQuestion& question);

Result<AccountBody> decode_account(std::string_view body);
Result<Creator> decode_creator(std::string_view body);
Result<ItemBody> decode_item(std::string_view body);
Result<PictureBody> decode_picture(std::string_view body);
Result<std::vector<BlockKey>> decode_keys(std::string_view body);
Result<Brief> decode_brief(std::string_view body);
Result<LoggedQuestion> decode_question(std::string_view body);

}  // namespace cdx
