// Pictures of creators, as they are known; their bytes lie elsewhere. Part of model/model.h.
#pragma once

#include <string>
#include <string_view>

#include "base/hash.h"
#include "model/ids.h"
#include "model/provenance.h"

namespace cdx {

enum class PictureRole : std::uint8_t { profile, content, uploaded };
std::string_view name(PictureRole role);                // "profile", "content", "uploaded"
PictureRole parse_picture_role(std::string_view text);  // unknown words: uploaded

// One file that an account shows. The same bytes at two accounts are two KnownPictures.
struct KnownPicture {
  AccountId account;
  Digest sha256{};  // of the file's bytes: with the account, the identity
  PictureRole role = PictureRole::uploaded;
  std::string url;      // where it was found; empty: handed in
  std::string caption;  // in the account's words; may be empty
  std::string format;   // "jpeg", "png", …
  std::uint32_t width = 0, height = 0;
  std::uint64_t bytes = 0;
  std::uint32_t fingerprint_version = 0;  // of what made `signature`
  std::string signature;  // what near-duplicates are found by (image/fingerprint.h); see Store
  Provenance origin;      // where from, when, until when
  friend bool operator==(const KnownPicture&, const KnownPicture&) = default;
};

struct PictureKey {
  AccountId account;
  Digest sha256{};
  friend auto operator<=>(const PictureKey&, const PictureKey&) = default;
};

// Under this the vectors of a picture are kept (VectorKey::text).
std::uint64_t vector_key(const Digest& sha256);

}  // namespace cdx
