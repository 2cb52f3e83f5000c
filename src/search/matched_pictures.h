// Which pictures of a creator are near what was asked. Private to the search room.
#pragma once

#include <string>
#include <vector>

#include "search/search.h"

namespace cdx {

// Fills `pictures` of every hit from its profile's pictures and the vectors that the store keeps of them. One
// without a kept vector is left out; equal bytes at two accounts of a creator count once.
Status match_pictures(const Call& call, const Store& store, const PictureQuestion& question,
                      std::vector<Hit>& hits);

// "profile picture and 2 posts look like it"; empty where no picture is known to be near.
std::string describe_pictures(const Hit& hit, const PictureQuestion& question, const RankingWeights& weights);

}  // namespace cdx
