#include "embed/openvino/graph_parts.h"

namespace cdx::graph {

Out whole_numbers(const std::vector<std::int64_t>& values) {
  return make<op::v0::Constant>(ov::element::i64, ov::Shape{values.size()}, values);
}
Out whole_number(std::int64_t value) { return make<op::v0::Constant>(ov::element::i64, ov::Shape{}, value); }

Result<Out> Layers::any_tensor(const std::string& name, const std::vector<std::size_t>& shape) const {
  CDX_TRY_LET(const TensorView view, weights_.get(name, shape));
  ov::element::Type type = ov::element::f32;
  if (view.type == "F16") type = ov::element::f16;
  if (view.type == "BF16") type = ov::element::bf16;
  if (view.type != "F32" && type == ov::element::f32)
    return fail(ErrorKind::unsupported, "tensor \"" + name + "\" is of type " + view.type + ", not a float");
  const Out constant =
      make<op::v0::Constant>(type, ov::Shape(shape), static_cast<const void*>(view.bytes.data()));
  return type == ov::element::f32 ? constant : make<op::v0::Convert>(constant, ov::element::f32);
}

Result<Out> Layers::norm(const Out& x, const std::string& name, std::size_t hidden) const {
  CDX_TRY_LET(const Out scale, tensor(name + ".weight", {hidden}));
  CDX_TRY_LET(const Out shift, tensor(name + ".bias", {hidden}));
  const Out unit =
      make<op::v6::MVN>(x, whole_numbers({-1}), true, norm_epsilon_, op::MVNEpsMode::INSIDE_SQRT);
  return make<op::v1::Add>(make<op::v1::Multiply>(unit, scale), shift);
}

Result<Out> Layers::dense(const Out& x, const std::string& name, std::size_t from, std::size_t to) const {
  CDX_TRY_LET(const Out weight, tensor(name + ".weight", {to, from}));
  CDX_TRY_LET(const Out bias, tensor(name + ".bias", {to}));
  return make<op::v1::Add>(make<op::v0::MatMul>(x, weight, false, true), bias);
}

Result<Out> Layers::heads_of(const Out& x, const std::string& name, std::size_t hidden,
                             std::size_t heads) const {
  CDX_TRY_LET(const Out all, dense(x, name, hidden, hidden));
  const Out split = make<op::v1::Reshape>(all, whole_numbers({0, 0, whole(heads), -1}), true);
  return make<op::v1::Transpose>(split, whole_numbers({0, 2, 1, 3}));
}

Out Layers::joined(const Out& heads, std::size_t hidden) {
  return make<op::v1::Reshape>(make<op::v1::Transpose>(heads, whole_numbers({0, 2, 1, 3})),
                               whole_numbers({0, 0, whole(hidden)}), true);
}

}  // namespace cdx::graph
