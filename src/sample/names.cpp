#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "sample/person.h"
#include "sample/sample.h"

namespace cdx {

struct SampleNames::Parts {
  sample::World world;
  sample::Recipe recipe;
};

Result<SampleNames> SampleNames::open(std::uint64_t creators, std::uint64_t seed) {
  if (creators < 1 || creators > sample_creators_limit)
    return fail(ErrorKind::invalid,
                fmt::format("{} creators asked for; 1 to {} are possible", creators, sample_creators_limit));
  CDX_TRY_LET(auto world, sample::load_world());
  auto parts = std::make_shared<Parts>();
  parts->world = std::move(world);
  parts->recipe = {&parts->world, seed, creators};
  SampleNames out;
  out.parts_ = std::move(parts);
  return out;
}

SampleName SampleNames::of(std::uint64_t index) const {
  const auto person = sample::make_person(parts_->recipe, index);
  SampleName out;
  out.name = person.last.empty() ? person.first : person.first + ' ' + person.last;
  out.plain_name = person.plain_name;
  for (const auto& handle : person.handles)
    if (!handle.empty() && std::find(out.handles.begin(), out.handles.end(), handle) == out.handles.end())
      out.handles.push_back(handle);
  out.followers = std::floor(std::exp2(person.size));
  return out;
}

}  // namespace cdx
