#include <openvino/core/preprocess/pre_post_process.hpp>
#include <openvino/op/ops.hpp>

#include "embed/openvino/clip_graph.h"

namespace cdx {
namespace {

namespace op = ov::op;

std::shared_ptr<op::v0::Parameter> find_input(const ov::Model& model, const std::string& name) {
  for (const auto& parameter : model.get_parameters()) {
    if (parameter->output(0).get_names().contains(name)) return parameter;
  }
  return nullptr;
}

// Leaves one output, called `name`; false when there is none.
bool keep_output(ov::Model& model, const std::string& name) {
  std::shared_ptr<op::v0::Result> kept;
  for (const auto& result : model.get_results()) {
    if (result->input_value(0).get_names().contains(name)) kept = result;
  }
  if (!kept) return false;
  for (const auto& result : ov::ResultVector(model.get_results())) {
    if (result != kept) model.remove_result(result);
  }
  return true;
}

bool is_table(const ov::Model& model) {
  const ov::PartialShape shape = model.output(0).get_partial_shape();
  return shape.rank().is_dynamic() || shape.rank().get_length() == 2;
}

}  // namespace

Result<std::shared_ptr<ov::Model>> read_clip_vision_onnx(ov::Core& core, const std::string& path) {
  std::shared_ptr<ov::Model> model = core.read_model(path);
  if (!find_input(*model, "pixel_values") || model->get_parameters().size() != 1 ||
      !keep_output(*model, "image_embeds") || !is_table(*model))
    return fail(ErrorKind::unsupported,
                path + ": needs the one input pixel_values and an output image_embeds of two dimensions");
  ov::preprocess::PrePostProcessor types(model);
  types.input("pixel_values").tensor().set_element_type(ov::element::f32);
  types.output().tensor().set_element_type(ov::element::f32);
  return types.build();
}

Result<std::shared_ptr<ov::Model>> read_clip_text_onnx(ov::Core& core, const std::string& path) {
  std::shared_ptr<ov::Model> model = core.read_model(path);
  const auto ids = find_input(*model, "input_ids");
  if (!ids || !keep_output(*model, "text_embeds") || !is_table(*model))
    return fail(ErrorKind::unsupported, path + ": needs an input input_ids and an output text_embeds");
  // All tokens count: attention is causal, so that what follows the end token changes nothing.
  if (const auto mask = find_input(*model, "attention_mask")) {
    const auto one = std::make_shared<op::v0::Constant>(mask->get_element_type(), ov::Shape{}, 1);
    const auto ones = std::make_shared<op::v3::Broadcast>(one, std::make_shared<op::v3::ShapeOf>(ids));
    mask->output(0).replace(ones->output(0));
    model->remove_parameter(mask);
  }
  if (model->get_parameters().size() != 1)
    return fail(ErrorKind::unsupported, path + ": has further inputs than input_ids and attention_mask");
  ov::preprocess::PrePostProcessor types(model);
  types.input("input_ids").tensor().set_element_type(ov::element::i32);
  types.output().tensor().set_element_type(ov::element::f32);
  return types.build();
}

}  // namespace cdx
