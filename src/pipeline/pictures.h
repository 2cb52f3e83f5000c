// Keeps the pictures of accounts: decoded in a sandbox, fingerprinted, made small, put into a space. Part of
// pipeline/pipeline.h.
//
// A picture's file lies in the folder under its SHA-256; what is known of it is in the store, committed with
// its account's creator, so that the index hears of it; thumbnails and crops are a cache that may forget.
// Promises: thread-safe; repeating is safe; bytes that give no picture are told as such and change nothing; a
// file is there, whole, before the store knows of it, so that a kill leaves at most a file nobody names,
// which a later add takes up.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/call.h"
#include "base/time.h"
#include "image/image.h"
#include "pipeline/picture_space.h"
#include "store/store.h"

namespace cdx {

struct NewPicture {
  AccountId account;
  PictureRole role = PictureRole::uploaded;
  std::string url, caption;
  std::string bytes;  // of the file
  Provenance origin;  // a time that is not set becomes now
};

// Borrows what it is given.
class PictureKeeper {
 public:
  // `folder` gets files/ab/abcd….EXT, as fetch/fetch.h names them; it is made where it is missing.
  PictureKeeper(Store& store, image::Decoder& decoder, image::PictureCache& cache, std::string folder,
                const Clock& clock);

  // Decodes, fingerprints, keeps the file, commits. `invalid` with the decoder's reason for bytes that give
  // no picture, `unsupported` for formats that are not read, `not_found` for an unknown account. What the
  // account shows already stays as it is, but for an address, caption and role it had not. A picture of a
  // profile or of content takes the place of the one that was found at its address before.
  Result<KnownPicture> add(const Call& call, const NewPicture& picture);
  // Many: decoded at the same time, committed together. One answer each, in their order; an error of the
  // whole when nothing can go on.
  Result<std::vector<Result<KnownPicture>>> add_all(const Call& call, std::span<const NewPicture> pictures);
  // A JPEG for people, at most 256 on its longer side. `not_found` when the file is gone too.
  Result<std::string> thumbnail(const Call& call, const Digest& sha256);
  // The 224 x 224 that models read.
  Result<image::Picture> crop(const Call& call, const Digest& sha256);
  // The file itself, as it came. `corrupt` when its bytes are not those that were kept.
  Result<std::string> file(const Call& call, const Digest& sha256) const;
  // Of bytes that are kept nowhere: for questions.
  Result<image::Picture> decode(const Call& call, std::string_view bytes);

 private:
  struct Made {  // of a picture's pixels
    std::string thumbnail;
    image::Picture crop;
  };
  Result<Made> make_small(const Digest& sha256, const image::Picture& picture);
  Result<Made> make_small_again(const Call& call, const Digest& sha256);
  Result<KnownPicture> take_in(const Call& call, const NewPicture& picture);
  Status keep_file(const Digest& sha256, image::Format format, std::string_view bytes);
  Status commit(const Call& call, std::vector<Result<KnownPicture>>& pictures);

  Store& store_;
  image::Decoder& decoder_;
  image::PictureCache& cache_;
  std::string folder_;
  const Clock& clock_;
};

// The file of a picture below a keeper's folder, by its name alone; absent where there is none.
std::optional<std::string> find_picture_file(const std::string& folder, const Digest& sha256);

// How the file of such a picture ends: "jpg", "png", …; empty for what is not decoded.
std::string file_ending(image::Format format);

// What a known picture is found again by; absent where another version of this program fingerprinted it.
std::optional<image::Fingerprint> fingerprint_of(const KnownPicture& picture);

struct EmbeddedPictures {
  std::size_t embedded = 0;  // had no vector and have one now
  std::vector<Digest> lost;  // gave no picture any more: their files are gone or damaged
};
// Puts those pictures that have no vector into the reader's space and keeps the vectors.
Result<EmbeddedPictures> embed_pictures(const Call& call, Store& store, PictureKeeper& keeper,
                                        PictureReader& reader, std::span<const Digest> pictures);
// The same for every picture of these accounts; says how many had none. A picture whose file is gone is
// passed over.
Result<std::size_t> embed_pictures(const Call& call, Store& store, PictureKeeper& keeper,
                                   PictureReader& reader, std::span<const AccountId> accounts);

// The offline role "embed": looks at everything that changed after `since`, and returns the revision it has
// seen everything up to. `progress` is told how many pictures got a vector. What was kept before an error
// stays kept.
Result<Revision> embed_missing_pictures(const Call& call, Store& store, PictureKeeper& keeper,
                                        PictureReader& reader, Revision since,
                                        const std::function<void(std::size_t)>& progress = {});

}  // namespace cdx
