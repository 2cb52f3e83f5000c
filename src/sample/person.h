// Who is behind accounts: people, brands, fans, impostors, namesakes, agencies. Each is made from its index
// alone.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "sample/world.h"

namespace cdx::sample {

// What the whole set has in common.
struct Recipe {
  const World* world = nullptr;
  std::uint64_t seed = 1;
  std::uint64_t count = 0;
};

enum class Kind : std::uint8_t { genuine, brand, fan, impostor, namesake, agency };
std::string_view name(Kind kind);

// How followers came: `inorganic` is a planted purchase.
enum class Curve : std::uint8_t { steady, emerging, viral, declining, inorganic };

enum class Linking : std::uint8_t { none, from_main, reciprocal };

struct Person {
  std::uint64_t index = 0;
  std::uint64_t about = 0;  // whom a fan, impostor or namesake resembles; otherwise itself
  Kind kind = Kind::genuine;
  const Country* country = nullptr;
  const Tongue* tongue = nullptr;
  const City* city = nullptr;
  std::uint16_t subject = 0;
  std::uint16_t second = 0;  // the same as subject: none
  Style style = Style::educational;
  Curve curve = Curve::steady;
  Linking linking = Linking::none;
  bool female = false;
  bool lower_case = false;                            // writes captions without capitals
  std::string first, last;                            // as shown; a brand's whole name is `first`
  std::string plain_name;                             // in Latin letters
  std::vector<std::string> stem;                      // parts of the handles
  std::array<std::string, sample_platforms> handles;  // empty: not there
  std::size_t main = 0;                               // the platform with most followers
  double size = 0;                                    // log2 of its followers

  bool on(std::size_t platform) const { return !handles[platform].empty(); }
};

Kind kind_of(const Recipe& recipe, std::uint64_t index);
Person make_person(const Recipe& recipe, std::uint64_t index);

// An agency looks after some of the creators in its own hundred.
inline constexpr std::uint64_t agency_every = 100;
bool managed(const Recipe& recipe, std::uint64_t index);
inline std::uint64_t agency_of(std::uint64_t index) {
  return index - index % agency_every + agency_every - 1;
}

std::string person_id(std::uint64_t index);  // "p0000042"
std::string profile_url(std::size_t platform, std::string_view handle);

}  // namespace cdx::sample
