// Handles: how one person's name turns into a slightly different one on each platform.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sample/person.h"

namespace cdx::sample {

// Letters and digits of a name, for handles.
std::string text_slug(std::string_view name);

// Parts that the handles of a person are joined from.
std::vector<std::string> personal_stem(const World& world, Rng& rng, const Person& person,
                                       const std::string& first, const std::string& last);
std::vector<std::string> brand_stem(Rng& rng, const Person& brand);
std::vector<std::string> fan_stem(Rng& rng, const Person& fan, const Person& idol);

// Obeys the platform's letters and length (15 on X, 30 elsewhere).
std::string make_handle(std::uint64_t seed, const Person& person, std::size_t platform);
// Nearly the idol's.
std::string impostor_handle(Rng& rng, std::string_view idol, std::size_t platform);

}  // namespace cdx::sample
