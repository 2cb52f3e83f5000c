#include "embed/openvino/openvino_clip.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>
#include <openvino/openvino.hpp>
#include <optional>

#include "base/guard.h"
#include "base/hash.h"
#include "base/metrics.h"
#include "embed/meter.h"
#include "embed/openvino/clip_graph.h"
#include "embed/openvino/request_pool.h"
#include "io/file.h"

namespace cdx {
namespace {

constexpr std::uint32_t preprocessing =
    1;  // raise it whenever tokens, pooling or batching change what comes out
constexpr std::size_t usual_side = 224;  // where a model leaves it open
constexpr std::string_view blank = "{}";

// Both networks and what is known of them.
struct Towers {
  ov::Core core;
  ov::CompiledModel vision, text;
  std::size_t side = 0;
  std::size_t dimension = 0;
  std::size_t text_tokens = 0;  // 0: any number
  bool wants_ends = false;      // the text tower is told where the end token is
};

std::string filled(const std::string& prompt, std::string_view text) {
  const std::size_t at = prompt.find(blank);
  return prompt.substr(0, at) + std::string(text) + prompt.substr(at + blank.size());
}

class OpenVinoClip final : public PictureEmbedder {
 public:
  OpenVinoClip(OpenVinoClipOptions options, ModelCard card, text::ClipTokens tokens, Towers towers)
      : options_(std::move(options)),
        card_(std::move(card)),
        tokens_(std::move(tokens)),
        towers_(std::move(towers)),
        vision_requests_(towers_.vision, options_.streams),
        text_requests_(towers_.text, options_.streams) {}

  const ModelCard& model() const override { return card_; }
  std::size_t picture_side() const override { return towers_.side; }

  Result<Matrix> embed_pictures(const Call& call, std::span<const PictureInput> pictures) override {
    const auto start = std::chrono::steady_clock::now();
    for (std::size_t i = 0; i < pictures.size(); ++i) CDX_TRY(check_picture(pictures[i], i));
    Matrix out{card_.dimension, std::vector<float>(pictures.size() * card_.dimension)};
    for (std::size_t begin = 0; begin < pictures.size(); begin += options_.batch) {
      const std::size_t count = std::min(options_.batch, pictures.size() - begin);
      CDX_TRY(compute_pictures(call, pictures.subspan(begin, count), begin, out));
    }
    done("picture", pictures.size(), start);
    return out;
  }

  Result<Matrix> embed_texts(const Call& call, std::span<const std::string_view> texts,
                             TextRole role) override {
    const auto start = std::chrono::steady_clock::now();
    std::vector<text::ClipIds> prompts;
    prompts.reserve(texts.size() * options_.templates.size());
    std::size_t truncated = 0;
    for (const std::string_view text : texts) {
      bool cut = false;
      for (const std::string& prompt : options_.templates) {
        CDX_TRY(call.check());
        prompts.push_back(tokens_.encode(filled(prompt, text), card_.longest_input));
        cut = cut || prompts.back().truncated;
      }
      truncated += cut ? 1 : 0;
    }
    CDX_TRY_LET(const Matrix all, compute_prompts(call, prompts, role));
    Matrix out{card_.dimension, std::vector<float>(texts.size() * card_.dimension)};
    for (std::size_t i = 0; i < all.rows(); ++i) {
      const auto sum = out.row(i / options_.templates.size());
      std::transform(sum.begin(), sum.end(), all.row(i).begin(), sum.begin(), std::plus<>());
    }
    for (std::size_t i = 0; i < texts.size(); ++i) CDX_TRY(scale(out.row(i)));
    done("text", texts.size(), start);
    metrics::count("creatordex_clip_truncated_texts_total", "Texts longer than CLIP's text tower reads, cut.",
                   {}, static_cast<double>(truncated));
    return out;
  }

 private:
  Status check_picture(PictureInput picture, std::size_t number) const {
    const std::size_t wanted = 3 * towers_.side * towers_.side;
    const auto place = card_.name + ": picture " + std::to_string(number);
    if (picture.size() != wanted)
      return fail(ErrorKind::invalid, place + " has " + std::to_string(picture.size()) +
                                          " values instead of " + std::to_string(wanted));
    if (!std::all_of(picture.begin(), picture.end(), [](float value) { return std::isfinite(value); }))
      return fail(ErrorKind::invalid, place + " has a value that is no finite number");
    return {};
  }

  Status compute_pictures(const Call& call, std::span<const PictureInput> batch, std::size_t first,
                          Matrix& out) {
    CDX_TRY(call.check());
    CDX_TRY_LET(RequestPool::Loan request, vision_requests_.borrow(call, TextRole::passage));
    return guard("inference with " + card_.name, ErrorKind::unavailable, [&]() -> Status {
      ov::Tensor pixels(ov::element::f32, ov::Shape{batch.size(), 3, towers_.side, towers_.side});
      float* at = pixels.data<float>();
      for (const PictureInput picture : batch) at = std::copy(picture.begin(), picture.end(), at);
      (*request).set_input_tensor(0, pixels);
      (*request).infer();
      std::vector<std::size_t> rows(batch.size());
      std::iota(rows.begin(), rows.end(), first);
      return take((*request).get_output_tensor(), rows, out);
    });
  }

  // Prompts of like length together: the tower is causal, so that padding behind the end changes nothing.
  Result<Matrix> compute_prompts(const Call& call, const std::vector<text::ClipIds>& prompts, TextRole role) {
    Matrix out{card_.dimension, std::vector<float>(prompts.size() * card_.dimension)};
    std::vector<std::size_t> order(prompts.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      return prompts[a].ids.size() < prompts[b].ids.size();
    });
    for (std::size_t begin = 0; begin < order.size(); begin += options_.batch) {
      const auto rows = std::span(order).subspan(begin, std::min(options_.batch, order.size() - begin));
      CDX_TRY(compute_batch(call, prompts, rows, role, out));
    }
    return out;
  }

  Status compute_batch(const Call& call, const std::vector<text::ClipIds>& prompts,
                       std::span<const std::size_t> rows, TextRole role, Matrix& out) {
    CDX_TRY(call.check());
    const std::size_t longest = prompts[rows.back()].ids.size();
    const std::size_t tokens = towers_.text_tokens > 0 ? towers_.text_tokens : longest;
    std::vector<std::int32_t> ids(rows.size() * tokens, 0), ends(rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const auto& one = prompts[rows[i]].ids;
      std::copy(one.begin(), one.end(), ids.begin() + static_cast<std::ptrdiff_t>(i * tokens));
      ends[i] = static_cast<std::int32_t>(first_end(one));
    }
    CDX_TRY_LET(RequestPool::Loan request, text_requests_.borrow(call, role));
    return guard("inference with " + card_.name, ErrorKind::unavailable, [&]() -> Status {
      (*request).set_input_tensor(0,
                                  ov::Tensor(ov::element::i32, ov::Shape{rows.size(), tokens}, ids.data()));
      if (towers_.wants_ends)
        (*request).set_input_tensor(1, ov::Tensor(ov::element::i32, ov::Shape{rows.size()}, ends.data()));
      (*request).infer();
      return take((*request).get_output_tensor(), rows, out);
    });
  }

  // The reference pools at the first end token, also at one that is written out in the text.
  std::size_t first_end(const std::vector<std::int32_t>& ids) const {
    return static_cast<std::size_t>(std::find(ids.begin(), ids.end(), tokens_.end()) - ids.begin());
  }

  Status take(const ov::Tensor& answer, std::span<const std::size_t> rows, Matrix& out) const {
    if (answer.get_shape() != ov::Shape{rows.size(), card_.dimension})
      return fail(ErrorKind::corrupt, card_.name + ": the model answered in an unexpected shape");
    const float* value = answer.data<const float>();
    for (const std::size_t row : rows) {
      std::copy_n(value, card_.dimension, out.row(row).begin());
      value += card_.dimension;
      CDX_TRY(scale(out.row(row)));
    }
    return {};
  }

  Status scale(std::span<float> row) const {
    if (make_unit(row)) return {};
    return fail(ErrorKind::corrupt, card_.name + ": the model gave a vector without direction");
  }

  static void done(const char* tower, std::size_t count, std::chrono::steady_clock::time_point start) {
    const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - start;
    metrics::count("creatordex_clip_vectors_total", "Pictures and texts turned into vectors by CLIP.",
                   {{"tower", tower}}, static_cast<double>(count));
    metrics::observe_seconds("creatordex_clip_duration_seconds", "Time of one call to CLIP.",
                             {{"tower", tower}}, spent.count());
  }

  OpenVinoClipOptions options_;
  ModelCard card_;
  text::ClipTokens tokens_;
  Towers towers_;
  RequestPool vision_requests_, text_requests_;
};

Status check_options(const OpenVinoClipOptions& options) {
  const auto within = [](const char* name, std::size_t value, std::size_t least, std::size_t most) -> Status {
    if (value >= least && value <= most) return {};
    return fail(ErrorKind::invalid, std::string("CLIP: ") + name + " is " + std::to_string(value) +
                                        ", must be from " + std::to_string(least) + " to " +
                                        std::to_string(most));
  };
  CDX_TRY(within("threads", options.threads, 0, 1024));
  CDX_TRY(within("streams", options.streams, 1, 1024));
  CDX_TRY(within("batch", options.batch, 1, 1024));
  CDX_TRY(within("number of templates", options.templates.size(), 1, 256));
  for (const std::string& prompt : options.templates) {
    const std::size_t at = prompt.find(blank);
    if (at == std::string::npos || prompt.find(blank, at + 1) != std::string::npos)
      return fail(ErrorKind::invalid, "CLIP: template \"" + prompt + "\" must have {} once");
  }
  return {};
}

ov::CompiledModel compile(ov::Core& core, const std::shared_ptr<ov::Model>& model,
                          const OpenVinoClipOptions& options) {
  ov::AnyMap settings{ov::hint::inference_precision(ov::element::f32)};
  if (options.device == "CPU") {
    settings.insert(ov::num_streams(static_cast<std::int32_t>(options.streams)));
    settings.insert(ov::hint::enable_cpu_pinning(false));
    if (options.threads > 0)
      settings.insert(ov::inference_num_threads(static_cast<std::int32_t>(options.threads)));
  }
  return core.compile_model(model, options.device, settings);
}

Status check_device(const ov::Core& core, const std::string& device) {
  const auto there = core.get_available_devices();
  if (std::find(there.begin(), there.end(), device) != there.end()) return {};
  std::string known;
  for (const std::string& one : there) known += (known.empty() ? "" : ", ") + one;
  return fail(ErrorKind::unsupported,
              "CLIP: no device \"" + device + "\" for inference here; there is " + known);
}

std::optional<std::size_t> fixed(const ov::PartialShape& shape, std::ptrdiff_t axis) {
  if (shape.rank().is_dynamic() || axis >= shape.rank().get_length() || shape[axis].is_dynamic())
    return std::nullopt;
  return static_cast<std::size_t>(shape[axis].get_length());
}

Result<Towers> open_onnx(const OpenVinoClipOptions& options, const ClipFolder& folder, Towers out) {
  CDX_TRY_LET(const auto vision, read_clip_vision_onnx(out.core, folder.path("vision_model.onnx")));
  CDX_TRY_LET(const auto text, read_clip_text_onnx(out.core, folder.path("text_model.onnx")));
  out.side = fixed(vision->input(0).get_partial_shape(), 2).value_or(usual_side);
  out.text_tokens = fixed(text->input(0).get_partial_shape(), 1).value_or(0);
  const auto one = fixed(vision->output(0).get_partial_shape(), 1);
  const auto other = fixed(text->output(0).get_partial_shape(), 1);
  if (!one || one != other)
    return fail(ErrorKind::corrupt, folder.folder + ": the towers do not say one dimension for both");
  if (out.text_tokens > text::clip_longest)
    return fail(ErrorKind::unsupported, folder.path("text_model.onnx") + ": reads " +
                                            std::to_string(out.text_tokens) +
                                            " tokens; at most 77 are given");
  out.dimension = *one;
  out.vision = compile(out.core, vision, options);
  out.text = compile(out.core, text, options);
  return out;
}

Result<Towers> open_safetensors(const OpenVinoClipOptions& options, const ClipFolder& folder,
                                std::string_view bytes, std::size_t pieces, Towers out) {
  const std::string place = folder.path("model.safetensors");
  CDX_TRY_LET(const Safetensors weights, Safetensors::parse(bytes, place));
  CDX_TRY_LET(const ClipShape shape, read_clip_shape(weights, folder.settings));
  if (shape.pieces != pieces || shape.positions != text::clip_longest)
    return fail(ErrorKind::corrupt, place + ": the text tower knows " + std::to_string(shape.pieces) +
                                        " pieces at " + std::to_string(shape.positions) +
                                        " places; CLIP's table has " + std::to_string(pieces) + " and 77");
  out.side = shape.side;
  out.dimension = shape.dimension;
  out.wants_ends = true;
  {  // one tower after the other, so that the copies of both are not held at once
    CDX_TRY_LET(const auto vision, build_clip_vision(shape, weights));
    out.vision = compile(out.core, vision, options);
  }
  CDX_TRY_LET(const auto text, build_clip_text(shape, weights));
  out.text = compile(out.core, text, options);
  return out;
}

}  // namespace

Result<std::unique_ptr<PictureEmbedder>> open_openvino_clip(const OpenVinoClipOptions& options) {
  CDX_TRY(check_options(options));
  CDX_TRY_LET(const ClipFolder folder, read_clip_folder(options.model_dir));
  CDX_TRY_LET(text::ClipTokens tokens, text::ClipTokens::parse(folder.merges, folder.merges_path));
  ModelCard card;
  card.name = folder.name;
  card.vocabulary_sha256 = hex(sha256(folder.merges));
  card.longest_input = text::clip_longest;
  card.preprocessing = preprocessing;
  return guard(folder.folder, ErrorKind::corrupt, [&]() -> Result<std::unique_ptr<PictureEmbedder>> {
    Towers towers;
    CDX_TRY(check_device(towers.core, options.device));
    if (folder.onnx) {
      CDX_TRY_LET(const MappedFile vision, MappedFile::open(folder.path("vision_model.onnx")));
      CDX_TRY_LET(const MappedFile text, MappedFile::open(folder.path("text_model.onnx")));
      card.weights_sha256 = hex(sha256(hex(sha256(vision.bytes())) + hex(sha256(text.bytes()))));
      CDX_TRY_LET(towers, open_onnx(options, folder, std::move(towers)));
    } else {
      CDX_TRY_LET(const MappedFile weights, MappedFile::open(folder.path("model.safetensors")));
      card.weights_sha256 = hex(sha256(weights.bytes()));
      CDX_TRY_LET(towers,
                  open_safetensors(options, folder, weights.bytes(), tokens.size(), std::move(towers)));
    }
    if (towers.text_tokens > 0) card.longest_input = towers.text_tokens;
    card.dimension = towers.dimension;
    return std::make_unique<OpenVinoClip>(options, std::move(card), std::move(tokens), std::move(towers));
  });
}

}  // namespace cdx
