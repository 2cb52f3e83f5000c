// The texts of a creator that are embedded, by vector field. Part of pipeline/pipeline.h; pure.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "model/model.h"

namespace cdx {

// One vector field: the unit mean of its texts' vectors by these weights.
struct Passage {
  std::string field;  // "youtube_bio", "tiktok_content"
  std::vector<std::string> texts;
  std::vector<double> weights;
};

// <platform>_bio: name and bio of each account there. <platform>_content: title and description of its newest
// items
// (`most_items` at most), each weighing 2^(-age / 90 days) * (1 + log10(1 + likes + comments)), age counted
// from the newest of them. Fields without a text are left out; bios come before content.
std::vector<Passage> passages_of(const Profile& profile, std::size_t most_items = 20);

using TextVectors = std::map<std::uint64_t, std::vector<float>>;  // by hash64 of the text

// The field's vector; empty while a text's vector is missing.
std::vector<float> pooled(const Passage& passage, const TextVectors& vectors);

}  // namespace cdx
