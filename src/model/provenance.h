// Provenance: where a value came from, under what terms, and until when it may be kept. Part of
// model/model.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/time.h"

namespace cdx {

struct Provenance {
  std::string source;  // "file:youtube_channels.csv", "youtube_api"
  Time fetched_at = {};
  std::optional<Time> expires_at = {};  // absent: no term declared
  std::string basis;                    // lawful basis as declared: "public-list", "consent", "contract"…
  std::string licence;                  // SPDX id or free text; empty: none declared
  std::uint32_t policy_version = 1;
  friend bool operator==(const Provenance&, const Provenance&) = default;
};

// A value with the index of its origin in the owner's `origins` table.
template <class T>
struct Sourced {
  T value{};
  std::uint16_t origin = 0;
  friend bool operator==(const Sourced&, const Sourced&) = default;
};

// Absent, or a value that knows its origin.
template <class T>
using Field = std::optional<Sourced<T>>;

template <class T>
T value_or(const Field<T>& field, T otherwise) {
  return field ? field->value : otherwise;
}

}  // namespace cdx
