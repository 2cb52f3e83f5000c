#include "embed/hashing/hashing_embedder.h"

#include <cmath>
#include <map>

#include "base/hash.h"
#include "embed/meter.h"
#include "text/tokens.h"

namespace cdx {
namespace {

constexpr std::uint64_t seed =
    0x63726561746f7201;  // part of the space: another seed needs another preprocessing

class HashingEmbedder final : public EmbeddingProvider {
 public:
  explicit HashingEmbedder(std::size_t dimension) {
    card_.name = "hashing-" + std::to_string(dimension);
    card_.dimension = dimension;
  }

  const ModelCard& model() const override { return card_; }

  Result<Matrix> embed(const Call& call, std::span<const std::string_view> texts, TextRole role) override {
    const EmbedMeter meter;
    Matrix out{card_.dimension, std::vector<float>(texts.size() * card_.dimension)};
    for (std::size_t i = 0; i < texts.size(); ++i) {
      CDX_TRY(call.check());
      fill(texts[i], out.row(i));
    }
    meter.done(texts.size(), 0, role);
    return out;
  }

 private:
  static void add(std::string_view term, double weight, std::span<float> row) {
    const std::uint64_t hash = hash64(term, seed);
    const float sign = (hash >> 63) != 0 ? -1.0F : 1.0F;
    row[static_cast<std::size_t>(hash % row.size())] += sign * static_cast<float>(weight);
  }

  static void fill(std::string_view text, std::span<float> row) {
    std::map<std::string, double> counts;
    for (text::Token& token : text::analyse(text)) counts[std::move(token.term)] += 1;
    for (const auto& [term, count] : counts) add(term, 1 + std::log(count), row);
    // Words may cancel each other out; such a text is like one without words.
    if (!make_unit(row)) {
      std::fill(row.begin(), row.end(), 0.0F);
      add("", 1, row);
    }
  }

  ModelCard card_;
};

}  // namespace

Result<std::unique_ptr<EmbeddingProvider>> open_hashing_embedder(const HashingOptions& options) {
  if (options.dimension < 8 || options.dimension > 65536) {
    return fail(ErrorKind::invalid, "hashing embedder: dimension " + std::to_string(options.dimension) +
                                        " is not between 8 and 65536");
  }
  return std::make_unique<HashingEmbedder>(options.dimension);
}

}  // namespace cdx
