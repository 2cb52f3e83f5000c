// Which pictures of an answer are copies of one another. Private to serve.
//
// Copies are what the image room calls the same: scaled, packed anew, marked, mirrored. They are looked for
// by perceptual hash and decided on the signatures; hashes and decisions are remembered, within bounds, so
// that an answer costs little once its pictures were seen. Thread-safe. Borrows the store.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "base/call.h"
#include "image/image.h"
#include "search/search.h"
#include "store/store.h"

namespace cdx::serve {

// One picture as it was shown, and an account that has it.
struct ShownPicture {
  Digest sha256{};
  AccountId account;
};

class SamePictures {
 public:
  explicit SamePictures(const Store& store) : store_(store) {}

  // For each picture the first one of the list that it is a copy of; absent for those firsts, and for
  // pictures of which the store has no signature (any more). Equal files are always told. Errors of the
  // store: a caller who can do without answers without.
  Result<std::vector<std::optional<Digest>>> copies(const Call& call, const std::vector<ShownPicture>& shown);
  // Of those that copies() has seen and not forgotten.
  std::map<Digest, image::MeanColours> colours(const std::vector<ShownPicture>& shown) const;

 private:
  struct Hashes {
    image::PerceptualHash plain = 0, mirrored = 0;
    image::MeanColours colours{};
  };
  using Pair = std::pair<Digest, Digest>;
  using Prints = std::map<Digest, image::Fingerprint>;
  struct Near {
    std::size_t first = 0, second = 0;  // numbers among those shown
    Pair pair;
    std::optional<bool> same;
  };

  // The fingerprints of all pictures of these accounts; their hashes are remembered.
  Result<Prints> fetch(const Call& call, const std::vector<AccountId>& accounts);
  std::map<Digest, Hashes> known_hashes(const std::vector<ShownPicture>& shown) const;
  std::vector<Near> near_pairs(const std::vector<ShownPicture>& shown,
                               const std::map<Digest, Hashes>& hashes) const;
  void decide(std::vector<Near>& near, const Prints& prints);
  void remember_hashes(const Prints& prints);

  const Store& store_;
  mutable std::mutex mutex_;
  std::map<Digest, Hashes> hashes_;
  std::map<Pair, bool> decided_;
};

// The pictures of an answer in its order, by hit and Hit::pictures, and what was found of them put back.
std::vector<ShownPicture> shown_pictures(const Answer& answer);
std::vector<std::vector<std::optional<Digest>>> by_hit(const Answer& answer,
                                                       const std::vector<std::optional<Digest>>& all);

}  // namespace cdx::serve
