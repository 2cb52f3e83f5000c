#include "embed/openvino/bert_graph.h"

#include "embed/openvino/graph_parts.h"

namespace cdx {
namespace {

using namespace graph;

Out real(float value) { return make<op::v0::Constant>(ov::element::f32, ov::Shape{1}, value); }

// Sum over tokens of vectors (texts x tokens x hidden) where the mask (texts x tokens) is 1.
Out masked_sum(const Out& vectors, const Out& mask) {
  const Out column = make<op::v0::Unsqueeze>(mask, whole_number(2));
  return make<op::v1::ReduceSum>(make<op::v1::Multiply>(vectors, column), whole_number(1), false);
}

class BertBuilder {
 public:
  BertBuilder(const BertSettings& settings, std::size_t pieces, const Safetensors& weights)
      : settings_(settings),
        pieces_(pieces),
        hidden_(settings.hidden),
        layers_(weights, weights.has("bert.embeddings.word_embeddings.weight") ? "bert." : "",
                settings.norm_epsilon) {}

  Result<std::shared_ptr<ov::Model>> build() {
    const auto ids = std::make_shared<op::v0::Parameter>(ov::element::i32, ov::PartialShape{-1, -1});
    const auto mask = std::make_shared<op::v0::Parameter>(ov::element::f32, ov::PartialShape{-1, -1});
    ids->output(0).set_names({"input_ids"});
    mask->output(0).set_names({"attention_mask"});
    // A large negative number before the softmax makes a padded token's share exactly zero.
    const Out absent = make<op::v1::Subtract>(real(1), mask);
    bias_ = make<op::v0::Unsqueeze>(make<op::v1::Multiply>(absent, real(-1e9F)), whole_numbers({1, 2}));

    CDX_TRY_LET(Out state, embeddings(ids));
    for (std::size_t layer = 0; layer < settings_.layers; ++layer) {
      CDX_TRY_LET(state, encoder_layer(state, "encoder.layer." + std::to_string(layer) + "."));
    }
    const auto result = std::make_shared<op::v0::Result>(masked_sum(state, mask));
    return std::make_shared<ov::Model>(ov::ResultVector{result}, ov::ParameterVector{ids, mask}, "bert");
  }

 private:
  Result<Out> embeddings(const Out& ids) {
    CDX_TRY_LET(const Out words, layers_.tensor("embeddings.word_embeddings.weight", {pieces_, hidden_}));
    CDX_TRY_LET(const Out places,
                layers_.tensor("embeddings.position_embeddings.weight", {settings_.positions, hidden_}));
    CDX_TRY_LET(const TensorView types, layers_.view("embeddings.token_type_embeddings.weight"));
    CDX_TRY_LET(const Out kinds, layers_.tensor("embeddings.token_type_embeddings.weight",
                                                {types.shape.empty() ? 1 : types.shape[0], hidden_}));
    const Out first_kind = make<op::v8::Gather>(kinds, whole_numbers({0}), whole_number(0));
    const Out tokens = make<op::v8::Gather>(make<op::v3::ShapeOf>(ids), whole_numbers({1}), whole_number(0));
    const Out used =
        make<op::v8::Slice>(places, whole_numbers({0}), tokens, whole_numbers({1}), whole_numbers({0}));
    const Out found = make<op::v8::Gather>(words, ids, whole_number(0));
    return norm(make<op::v1::Add>(found, make<op::v1::Add>(used, first_kind)), "embeddings.LayerNorm");
  }

  Result<Out> norm(const Out& x, const std::string& name) { return layers_.norm(x, name, hidden_); }
  Result<Out> heads_of(const Out& x, const std::string& name) {
    return layers_.heads_of(x, name, hidden_, settings_.heads);
  }

  Result<Out> attention(const Out& x, const std::string& name) {
    CDX_TRY_LET(const Out query, heads_of(x, name + "self.query"));
    CDX_TRY_LET(const Out key, heads_of(x, name + "self.key"));
    CDX_TRY_LET(const Out value, heads_of(x, name + "self.value"));
    const Out mixed = make<op::v13::ScaledDotProductAttention>(query, key, value, bias_, false);
    CDX_TRY_LET(const Out projected,
                layers_.dense(Layers::joined(mixed, hidden_), name + "output.dense", hidden_, hidden_));
    return norm(make<op::v1::Add>(projected, x), name + "output.LayerNorm");
  }

  Result<Out> encoder_layer(const Out& x, const std::string& name) {
    CDX_TRY_LET(const Out attended, attention(x, name + "attention."));
    CDX_TRY_LET(const TensorView wide, layers_.view(name + "intermediate.dense.weight"));
    const std::size_t middle = wide.shape.empty() ? 0 : wide.shape[0];
    CDX_TRY_LET(const Out up, layers_.dense(attended, name + "intermediate.dense", hidden_, middle));
    const Out bent = make<op::v7::Gelu>(
        up, settings_.gelu_by_tanh ? op::GeluApproximationMode::TANH : op::GeluApproximationMode::ERF);
    CDX_TRY_LET(const Out down, layers_.dense(bent, name + "output.dense", middle, hidden_));
    return norm(make<op::v1::Add>(down, attended), name + "output.LayerNorm");
  }

  const BertSettings& settings_;
  std::size_t pieces_, hidden_;
  Layers layers_;
  Out bias_;
};

}  // namespace

Result<std::shared_ptr<ov::Model>> build_bert(const BertSettings& settings, std::size_t pieces,
                                              const Safetensors& weights) {
  return BertBuilder(settings, pieces, weights).build();
}

}  // namespace cdx
