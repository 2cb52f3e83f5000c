// Stored bodies from hostile bytes: decoding never crashes, and what it accepts encodes and decodes to the
// same bytes.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "store/sqlite/body.h"

namespace {

using namespace cdx;

void require(bool fine) {
  if (!fine) std::abort();
}

// Comparing bytes, not values, so that a NaN equals itself.
template <class Decode, class Encode>
void round_trip(std::string_view bytes, Decode decode, Encode encode) {
  const auto value = decode(bytes);
  if (!value) {
    require(value.error().kind == ErrorKind::corrupt);
    return;
  }
  std::string first, second;
  encode(first, *value);
  const auto again = decode(first);
  require(again.has_value());
  encode(second, *again);
  require(first == second);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  round_trip(bytes, decode_account, [](std::string& out, const AccountBody& body) {
    encode_account(out, body.account, body.terms);
  });
  round_trip(bytes, decode_creator,
             [](std::string& out, const Creator& creator) { encode_creator(out, creator); });
  round_trip(bytes, decode_item,
             [](std::string& out, const ItemBody& body) { encode_item(out, body.item, body.terms); });
  round_trip(bytes, decode_picture, [](std::string& out, const PictureBody& body) {
    encode_picture(out, body.picture, body.terms);
  });
  round_trip(bytes, decode_keys,
             [](std::string& out, const std::vector<BlockKey>& keys) { encode_keys(out, keys); });
  round_trip(bytes, decode_brief, [](std::string& out, const Brief& brief) { encode_brief(out, brief); });
  round_trip(bytes, decode_question,
             [](std::string& out, const LoggedQuestion& question) { encode_question(out, question); });
  return 0;
}
