// The pieces that several bodies are made of. Seen by the sources of body.h only.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/model.h"
#include "store/sqlite/bytes.h"

namespace cdx {

inline void put(ByteWriter& out, const std::string& value) { out.text(value); }
inline void put(ByteWriter& out, std::int64_t value) { out.integer(value); }
inline void put(ByteWriter& out, double value) { out.real(value); }
inline void put(ByteWriter& out, bool value) { out.byte(value ? 1 : 0); }
inline void put(ByteWriter& out, Time value) { out.integer(value.time_since_epoch().count()); }
inline void put(ByteWriter& out, const std::vector<std::string>& values) {
  out.count(values.size());
  for (const auto& value : values) out.text(value);
}
inline void put(ByteWriter& out, const Credibility& credibility) {
  for (const double value : {credibility.value, credibility.low, credibility.high}) out.real(value);
}

inline void take(ByteReader& in, std::string& value) { value = in.text(); }
inline void take(ByteReader& in, std::int64_t& value) { value = in.integer(); }
inline void take(ByteReader& in, double& value) { value = in.real(); }
inline void take(ByteReader& in, bool& value) { value = in.byte() != 0; }
inline void take(ByteReader& in, Time& value) { value = Time(std::chrono::milliseconds(in.integer())); }
inline void take(ByteReader& in, std::vector<std::string>& values) {
  const auto count = in.elements();
  values.reserve(count);
  for (std::size_t i = 0; i < count && in.ok(); ++i) values.emplace_back(in.text());
}
inline void take(ByteReader& in, Credibility& credibility) {
  for (double* value : {&credibility.value, &credibility.low, &credibility.high}) *value = in.real();
}

template <class T>
void put_optional(ByteWriter& out, const std::optional<T>& value) {
  out.byte(value ? 1 : 0);
  if (value) put(out, *value);
}
template <class T>
void take_optional(ByteReader& in, std::optional<T>& value) {
  if (in.byte() != 0) take(in, value.emplace());
}

inline void put_origin(ByteWriter& out, const Provenance& origin, std::int64_t terms) {
  out.integer(terms);
  put(out, origin.fetched_at);
  put_optional(out, origin.expires_at);
}
inline void take_origin(ByteReader& in, Provenance& origin, std::int64_t& terms) {
  terms = in.integer();
  take(in, origin.fetched_at);
  take_optional(in, origin.expires_at);
}

inline bool take_version(ByteReader& in, std::uint8_t wanted) {
  if (in.byte() != wanted) in.refuse();
  return in.ok();
}

inline tl::unexpected<Error> damaged_body(std::string_view what) {
  return fail(ErrorKind::corrupt, "the stored " + std::string(what) +
                                      " cannot be read: its bytes are damaged, or a " +
                                      "newer creatordex wrote them");
}

}  // namespace cdx
