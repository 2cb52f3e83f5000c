#include "embed/remote/embeddings_protocol.h"

#include <simdjson.h>

#include <cmath>
#include <vector>

#include "base/json_text.h"

namespace cdx::remote {
namespace {

namespace dom = simdjson::dom;

tl::unexpected<Error> broken(std::string_view place, const std::string& why) {
  return fail(ErrorKind::unavailable, std::string(place) + ": the answer breaks the protocol: " + why);
}

Status read_row(std::string_view place, dom::element item, std::span<float> row) {
  dom::array values;
  if (item["embedding"].get(values) != simdjson::SUCCESS) return broken(place, "an item without embedding");
  std::size_t column = 0;
  for (const dom::element value : values) {
    double number = 0;
    if (value.get(number) != simdjson::SUCCESS) return broken(place, "a value that is no number");
    // Beyond floats is as little a number as beyond doubles.
    if (!std::isfinite(static_cast<float>(number))) return broken(place, "a value that is not finite");
    if (column < row.size()) row[column] = static_cast<float>(number);
    ++column;
  }
  if (column == row.size()) return {};
  return fail(ErrorKind::invalid, std::string(place) + ": vectors have " + std::to_string(column) +
                                      " columns, but the configured dimension is " +
                                      std::to_string(row.size()));
}

}  // namespace

std::string request_body(std::string_view model, std::span<const std::string> texts,
                         std::optional<std::size_t> dimensions) {
  JsonWriter out;
  out.object([&] {
    out.key("model").value(model);
    out.key("input").array([&] {
      for (const auto& text : texts) out.value(text);
    });
    out.key("encoding_format").value("float");
    if (dimensions) out.key("dimensions").value(std::uint64_t{*dimensions});
  });
  return out.take();
}

Result<Answer> read_answer(std::string_view place, std::string body, std::size_t texts,
                           std::size_t dimension) {
  dom::parser parser;
  dom::element root;
  if (parser.parse(body).get(root) != simdjson::SUCCESS) return broken(place, "it is not JSON");
  dom::array data;
  if (root["data"].get(data) != simdjson::SUCCESS) return broken(place, "there is no list \"data\"");
  if (data.size() != texts)
    return broken(place, std::to_string(data.size()) + " vectors for " + std::to_string(texts) + " texts");
  Answer out{Matrix{dimension, std::vector<float>(texts * dimension)}, 0};
  std::vector<bool> filled(texts, false);
  for (const dom::element item : data) {
    std::uint64_t index = 0;
    if (item["index"].get(index) != simdjson::SUCCESS || index >= texts || filled[index])
      return broken(place, "an index that is missing, too high or there twice");
    filled[index] = true;
    CDX_TRY(read_row(place, item, out.rows.row(index)));
  }
  std::uint64_t tokens = 0;
  if (root["usage"]["total_tokens"].get(tokens) == simdjson::SUCCESS) out.tokens = tokens;
  return out;
}

}  // namespace cdx::remote
