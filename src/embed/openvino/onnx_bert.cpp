#include <openvino/core/preprocess/pre_post_process.hpp>
#include <openvino/op/ops.hpp>

#include "embed/openvino/bert_graph.h"

namespace cdx {
namespace {

namespace op = ov::op;

std::shared_ptr<op::v0::Parameter> find_input(const ov::Model& model, const std::string& name) {
  for (const auto& parameter : model.get_parameters()) {
    if (parameter->output(0).get_names().contains(name)) return parameter;
  }
  return nullptr;
}

// The output called last_hidden_state, else the first of three dimensions.
std::optional<ov::Output<ov::Node>> find_token_vectors(const ov::Model& model) {
  std::optional<ov::Output<ov::Node>> found;
  for (const auto& result : model.get_results()) {
    const ov::Output<ov::Node> source = result->input_value(0);
    if (source.get_names().contains("last_hidden_state")) return source;
    const ov::PartialShape& shape = source.get_partial_shape();
    if (!found && shape.rank().is_static() && shape.rank().get_length() == 3) found = source;
  }
  return found;
}

ov::Output<ov::Node> constant(std::int64_t value) {
  return std::make_shared<op::v0::Constant>(ov::element::i64, ov::Shape{}, value);
}

// The same sum that the built graph gives.
std::shared_ptr<op::v0::Result> sum_over_tokens(const ov::Output<ov::Node>& vectors,
                                                const ov::Output<ov::Node>& mask) {
  const auto floats = std::make_shared<op::v0::Convert>(mask, ov::element::f32);
  const auto column = std::make_shared<op::v0::Unsqueeze>(floats, constant(2));
  const auto kept = std::make_shared<op::v1::Multiply>(vectors, column);
  return std::make_shared<op::v0::Result>(std::make_shared<op::v1::ReduceSum>(kept, constant(1), false));
}

// All tokens are of the first kind, so that callers need not say so.
void fix_token_types(ov::Model& model, const ov::Output<ov::Node>& ids) {
  const auto types = find_input(model, "token_type_ids");
  if (!types) return;
  const auto zero = std::make_shared<op::v0::Constant>(types->get_element_type(), ov::Shape{}, 0);
  const auto zeros = std::make_shared<op::v3::Broadcast>(zero, std::make_shared<op::v3::ShapeOf>(ids));
  types->output(0).replace(zeros->output(0));
  model.remove_parameter(types);
}

}  // namespace

Result<std::shared_ptr<ov::Model>> read_onnx_bert(ov::Core& core, const ModelFolder& folder) {
  const std::string path = folder.weights_path();
  std::shared_ptr<ov::Model> model = core.read_model(path);
  const auto ids = find_input(*model, "input_ids");
  const auto mask = find_input(*model, "attention_mask");
  const std::optional<ov::Output<ov::Node>> vectors = find_token_vectors(*model);
  if (!ids || !mask || !vectors) {
    return fail(
        ErrorKind::unsupported,
        path +
            ": needs inputs input_ids and attention_mask and an output of token vectors (last_hidden_state)");
  }
  const ov::Dimension width = vectors->get_partial_shape()[2];
  if (width.is_static() && width.get_length() != static_cast<std::int64_t>(folder.bert.hidden)) {
    return fail(ErrorKind::corrupt, path + ": its vectors have " + std::to_string(width.get_length()) +
                                        " columns, but config.json says " +
                                        std::to_string(folder.bert.hidden));
  }
  const auto sum = sum_over_tokens(*vectors, mask);
  for (const auto& result : ov::ResultVector(model->get_results())) model->remove_result(result);
  model->add_results({sum});
  fix_token_types(*model, ids);
  if (model->get_parameters().size() != 2)
    return fail(ErrorKind::unsupported,
                path + ": has further inputs than input_ids, attention_mask, token_type_ids");

  ov::preprocess::PrePostProcessor types(model);
  types.input("input_ids").tensor().set_element_type(ov::element::i32);
  types.input("attention_mask").tensor().set_element_type(ov::element::f32);
  return types.build();
}

}  // namespace cdx
