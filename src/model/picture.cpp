#include "model/picture.h"

namespace cdx {

std::string_view name(PictureRole role) {
  switch (role) {
    case PictureRole::profile:
      return "profile";
    case PictureRole::content:
      return "content";
    case PictureRole::uploaded:
      break;
  }
  return "uploaded";
}

PictureRole parse_picture_role(std::string_view text) {
  for (const auto role : {PictureRole::profile, PictureRole::content})
    if (text == name(role)) return role;
  return PictureRole::uploaded;
}

std::uint64_t vector_key(const Digest& sha256) {
  return hash64({reinterpret_cast<const char*>(sha256.data()), sha256.size()});
}

}  // namespace cdx
