// A creator's vectors as far as they are known, and what is missing. Seen by the follower's sources only.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "base/call.h"
#include "pipeline/passages.h"
#include "search/schema.h"
#include "store/store.h"

namespace cdx {

// How many vector fields of a creator have a text, and how many of those their vector; the same of pictures.
struct Coverage {
  std::size_t passages = 0, done = 0;
  std::size_t pictures = 0, pictures_done = 0;
};

struct KnownVectors {
  TextVectors texts;
  TextVectors pictures;  // by vector_key of the picture
};

struct Meaning {
  std::map<std::string, std::vector<float>> fields;
  Coverage coverage;
  bool bio_missing = false, content_missing = false;
  std::vector<Digest> pictures_missing;
};

bool is_bio(const Passage& passage);

// `picture_dimension` 0: the index has no place for pictures.
Meaning meaning_of(const Profile& profile, const KnownVectors& vectors, std::size_t most_items,
                   std::size_t picture_dimension);

// The vectors of pictures kept under this space.
Result<TextVectors> kept_picture_vectors(const Call& call, const Store& store, std::uint64_t space,
                                         std::span<const Profile> profiles);

}  // namespace cdx
