// GET /v1/analytics as JSON text. Private to serve; pure.
#pragma once

#include <string>

#include "serve/render.h"
#include "serve/search_figures.h"

namespace cdx::serve {

struct IndexFigures {
  std::uint64_t generation = 0;
  Revision revision;
  std::uint64_t creators = 0;
  std::string picture_space;  // empty: it holds no pictures
};

std::string render_analytics(const SearchFigures::Report& searches, const ServiceFigures& service,
                             const IndexFigures& index, const Rendering& with);

}  // namespace cdx::serve
