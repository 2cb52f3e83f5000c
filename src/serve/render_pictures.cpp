// Pictures in answers: what is known of them, and where to see them.
#include <algorithm>

#include "serve/render.h"

namespace cdx::serve {
namespace {

// All but the braces. `known`: null for a picture that the profile no longer tells of.
void write_fields(JsonWriter& out, const Digest& sha256, const KnownPicture* known, bool thumbnails) {
  const auto name_of_file = hex(sha256);
  const KnownPicture nothing;
  const auto& shown = known == nullptr ? nothing : *known;
  out.key("sha256").value(name_of_file);
  write_text(out, "thumbnail", thumbnails ? "/v1/images/" + name_of_file + "/thumbnail" : std::string());
  write_text(out, "account", known == nullptr ? std::string() : shown.account.text());
  write_text(out, "role", known == nullptr ? std::string_view{} : name(shown.role));
  write_url(out, "url", shown.url);
  write_text(out, "caption", shown.caption);
  const auto side = [&](std::uint32_t pixels) {
    return pixels == 0 ? std::nullopt : std::optional(static_cast<double>(pixels));
  };
  write_number(out, "width", side(shown.width));
  write_number(out, "height", side(shown.height));
}

// Six hex digits a colour; absent where the colours are not known.
void write_blur(JsonWriter& out, const Digest& sha256, const PictureAnswer& pictures) {
  const auto found = pictures.colours.find(sha256);
  if (found == pictures.colours.end()) return write_text(out, "blur", {});
  const auto& bytes = found->second;
  write_text(out, "blur", hex(std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size())));
}

}  // namespace

void write_pictures(JsonWriter& out, const Profile& profile, std::size_t most, bool thumbnails) {
  out.key("pictures").array([&] {
    for (std::size_t i = 0; i < std::min(most, profile.pictures.size()); ++i)
      out.object([&] { write_fields(out, profile.pictures[i].sha256, &profile.pictures[i], thumbnails); });
  });
}

void write_matched_pictures(JsonWriter& out, const Hit& hit, std::size_t number, const Rendering& with) {
  const auto& copies = with.pictures->copy_of;
  out.key("pictures").array([&] {
    for (std::size_t i = 0; i < hit.pictures.size(); ++i) {
      const auto& matched = hit.pictures[i];
      const auto& all = hit.profile.pictures;
      const auto known = std::find_if(all.begin(), all.end(), [&](const KnownPicture& picture) {
        return picture.sha256 == matched.sha256;
      });
      const auto copy =
          number < copies.size() && i < copies[number].size() ? copies[number][i] : std::nullopt;
      out.object([&] {
        write_fields(out, matched.sha256, known == all.end() ? nullptr : &*known, with.thumbnails);
        out.key("similarity").value(matched.similarity);
        write_blur(out, matched.sha256, *with.pictures);
        write_text(out, "duplicate_of", copy ? hex(*copy) : std::string());
      });
    }
  });
}

}  // namespace cdx::serve
