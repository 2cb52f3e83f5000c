// The same pictures at several creators: shared, or stolen. Part of pipeline/pipeline.h.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/call.h"
#include "image/image.h"
#include "store/store.h"

namespace cdx {

struct ReportedPicture {
  KnownPicture picture;  // without its signature
  CreatorId creator;
  std::string creator_name;
  Platform platform = Platform::other;
  std::string handle;  // of the account
};

// Pictures that are one, directly or through others.
struct SamePictures {
  struct Link {  // positions in `pictures`
    std::size_t first = 0, second = 0;
    image::Sameness sameness = image::Sameness::near;
    double edges = 0;  // share of the edges that agree, in [0,1]; 1 for the same bytes
  };
  std::vector<ReportedPicture> pictures;  // what was known first comes first: who had it, as far as known
  std::vector<Link> links;
};

struct PictureReport {
  std::size_t pictures = 0, creators = 0;  // looked at
  std::size_t unreadable = 0;              // fingerprinted by another version of this program: left out
  std::vector<SamePictures> groups;        // those over the most creators first
};

// Compares all signatures that are kept. Memory: about 2 KB a picture.
Result<PictureReport> report_same_pictures(const Call& call, const Store& store,
                                           const image::DuplicateOptions& options = {});

}  // namespace cdx
