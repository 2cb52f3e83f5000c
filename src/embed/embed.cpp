#include "embed/embed.h"

#include "base/hash.h"

namespace cdx {
namespace {

// Length first, so that no two lists of fields give the same bytes.
void append_field(std::string& out, std::string_view field) {
  out += std::to_string(field.size());
  out += ':';
  out += field;
}

}  // namespace

std::uint64_t ModelCard::space() const {
  std::string text = "creatordex embedding space 1\n";
  append_field(text, name);
  append_field(text, weights_sha256);
  append_field(text, vocabulary_sha256);
  append_field(text, std::to_string(dimension));
  append_field(text, std::to_string(longest_input));
  append_field(text, std::to_string(preprocessing));
  return hash64(text);
}

}  // namespace cdx
