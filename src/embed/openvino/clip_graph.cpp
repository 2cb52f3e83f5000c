#include "embed/openvino/clip_graph.h"

#include "embed/openvino/graph_parts.h"

namespace cdx {
namespace {

using namespace graph;

// The transformer that both towers share, and what they need around it.
class TowerBuilder {
 public:
  TowerBuilder(const ClipSettings& settings, const ClipTower& tower, const Safetensors& weights,
               std::string prefix, bool causal)
      : settings_(settings),
        tower_(tower),
        layers_(weights, std::move(prefix), settings.norm_epsilon),
        causal_(causal) {}

  Result<Out> tensor(const std::string& name, const std::vector<std::size_t>& shape) {
    return layers_.tensor(name, shape);
  }
  Result<Out> norm(const Out& x, const std::string& name) { return layers_.norm(x, name, tower_.hidden); }

  Result<Out> layers(Out state) {
    for (std::size_t layer = 0; layer < tower_.layers; ++layer) {
      CDX_TRY_LET(state, encoder_layer(state, "encoder.layers." + std::to_string(layer) + "."));
    }
    return state;
  }

  // To the common space; the projections have no bias and no prefix.
  Result<Out> project(const Out& x, const std::string& name, std::size_t dimension) {
    CDX_TRY_LET(const Out weight, layers_.any_tensor(name, {dimension, tower_.hidden}));
    return make<op::v0::MatMul>(x, weight, false, true);
  }

 private:
  Result<Out> dense(const Out& x, const std::string& name, std::size_t from, std::size_t to) {
    return layers_.dense(x, name, from, to);
  }
  Result<Out> heads_of(const Out& x, const std::string& name) {
    return layers_.heads_of(x, name, tower_.hidden, tower_.heads);
  }

  Result<Out> attention(const Out& x, const std::string& name) {
    CDX_TRY_LET(const Out query, heads_of(x, name + "q_proj"));
    CDX_TRY_LET(const Out key, heads_of(x, name + "k_proj"));
    CDX_TRY_LET(const Out value, heads_of(x, name + "v_proj"));
    const Out mixed = make<op::v13::ScaledDotProductAttention>(query, key, value, causal_);
    return dense(Layers::joined(mixed, tower_.hidden), name + "out_proj", tower_.hidden, tower_.hidden);
  }

  Result<Out> encoder_layer(const Out& x, const std::string& name) {
    CDX_TRY_LET(const Out first, norm(x, name + "layer_norm1"));
    CDX_TRY_LET(const Out attended, attention(first, name + "self_attn."));
    const Out middle = make<op::v1::Add>(x, attended);
    CDX_TRY_LET(const Out second, norm(middle, name + "layer_norm2"));
    CDX_TRY_LET(const Out up, dense(second, name + "mlp.fc1", tower_.hidden, tower_.wide));
    CDX_TRY_LET(const Out down, dense(bend(up), name + "mlp.fc2", tower_.wide, tower_.hidden));
    return make<op::v1::Add>(middle, down);
  }

  Out bend(const Out& x) {
    if (!settings_.quick_gelu) return make<op::v7::Gelu>(x, op::GeluApproximationMode::ERF);
    return make<op::v4::Swish>(x, make<op::v0::Constant>(ov::element::f32, ov::Shape{}, 1.702F));
  }

  const ClipSettings& settings_;
  const ClipTower& tower_;
  Layers layers_;
  bool causal_;
};

std::shared_ptr<op::v0::Parameter> input(const char* name, ov::element::Type type,
                                         const ov::PartialShape& shape) {
  auto out = std::make_shared<op::v0::Parameter>(type, shape);
  out->output(0).set_names({name});
  return out;
}

}  // namespace

Result<std::shared_ptr<ov::Model>> build_clip_vision(const ClipShape& shape, const Safetensors& weights) {
  TowerBuilder tower(shape.settings, shape.vision, weights, "vision_model.", false);
  const std::size_t hidden = shape.vision.hidden, across = shape.side / shape.patch;
  const auto pixels =
      input("pixel_values", ov::element::f32, ov::PartialShape{-1, 3, whole(shape.side), whole(shape.side)});
  CDX_TRY_LET(const Out kernel,
              tower.tensor("embeddings.patch_embedding.weight", {hidden, 3, shape.patch, shape.patch}));
  CDX_TRY_LET(const Out first, tower.tensor("embeddings.class_embedding", {hidden}));
  CDX_TRY_LET(const Out places,
              tower.tensor("embeddings.position_embedding.weight", {across * across + 1, hidden}));
  const Out patches =
      make<op::v1::Convolution>(pixels, kernel, ov::Strides{shape.patch, shape.patch},
                                ov::CoordinateDiff{0, 0}, ov::CoordinateDiff{0, 0}, ov::Strides{1, 1});
  const Out rows = make<op::v1::Transpose>(make<op::v1::Reshape>(patches, whole_numbers({0, 0, -1}), true),
                                           whole_numbers({0, 2, 1}));
  const Out count = make<op::v8::Gather>(make<op::v3::ShapeOf>(pixels), whole_numbers({0}), whole_number(0));
  const Out wanted = make<op::v0::Concat>(ov::OutputVector{count, whole_numbers({1, whole(hidden)})}, 0);
  const Out firsts = make<op::v3::Broadcast>(first, wanted);
  Out state = make<op::v1::Add>(make<op::v0::Concat>(ov::OutputVector{firsts, rows}, 1), places);
  CDX_TRY_LET(state, tower.norm(state, "pre_layrnorm"));  // the published weights spell it so
  CDX_TRY_LET(state, tower.layers(state));
  const Out pooled = make<op::v8::Gather>(state, whole_number(0), whole_number(1));
  CDX_TRY_LET(const Out normed, tower.norm(pooled, "post_layernorm"));
  CDX_TRY_LET(const Out out, tower.project(normed, "visual_projection.weight", shape.dimension));
  return std::make_shared<ov::Model>(ov::ResultVector{std::make_shared<op::v0::Result>(out)},
                                     ov::ParameterVector{pixels}, "clip_vision");
}

Result<std::shared_ptr<ov::Model>> build_clip_text(const ClipShape& shape, const Safetensors& weights) {
  TowerBuilder tower(shape.settings, shape.text, weights, "text_model.", true);
  const std::size_t hidden = shape.text.hidden;
  const auto ids = input("input_ids", ov::element::i32, ov::PartialShape{-1, -1});
  const auto ends = input("ends", ov::element::i32, ov::PartialShape{-1});
  CDX_TRY_LET(const Out words, tower.tensor("embeddings.token_embedding.weight", {shape.pieces, hidden}));
  CDX_TRY_LET(const Out places,
              tower.tensor("embeddings.position_embedding.weight", {shape.positions, hidden}));
  const Out tokens = make<op::v8::Gather>(make<op::v3::ShapeOf>(ids), whole_numbers({1}), whole_number(0));
  const Out used =
      make<op::v8::Slice>(places, whole_numbers({0}), tokens, whole_numbers({1}), whole_numbers({0}));
  Out state = make<op::v1::Add>(make<op::v8::Gather>(words, ids, whole_number(0)), used);
  CDX_TRY_LET(state, tower.layers(state));
  CDX_TRY_LET(state, tower.norm(state, "final_layer_norm"));
  const Out column = make<op::v0::Unsqueeze>(ends, whole_number(1));
  const Out found = make<op::v8::Gather>(state, column, whole_number(1), 1);
  const Out pooled = make<op::v0::Squeeze>(found, whole_numbers({1}));
  CDX_TRY_LET(const Out out, tower.project(pooled, "text_projection.weight", shape.dimension));
  return std::make_shared<ov::Model>(ov::ResultVector{std::make_shared<op::v0::Result>(out)},
                                     ov::ParameterVector{ids, ends}, "clip_text");
}

}  // namespace cdx
