#include "embed/openvino/openvino_embedder.h"

#include <cstring>
#include <openvino/openvino.hpp>

#include "base/guard.h"
#include "base/hash.h"
#include "embed/meter.h"
#include "embed/openvino/batches.h"
#include "embed/openvino/bert_graph.h"
#include "embed/openvino/model_folder.h"
#include "embed/openvino/request_pool.h"
#include "io/file.h"

namespace cdx {
namespace {

constexpr std::size_t longest_vocabulary = std::size_t{64} << 20;  // bytes
constexpr std::uint32_t preprocessing = 1;  // raise it whenever tokens, windows or pooling change

class OpenVinoEmbedder final : public EmbeddingProvider {
 public:
  OpenVinoEmbedder(OpenVinoOptions options, ModelCard card, WordPiece pieces, ov::Core core,
                   ov::CompiledModel network)
      : options_(std::move(options)),
        card_(std::move(card)),
        pieces_(std::move(pieces)),
        core_(std::move(core)),
        network_(std::move(network)),
        requests_(network_, options_.streams) {}

  const ModelCard& model() const override { return card_; }

  Result<Matrix> embed(const Call& call, std::span<const std::string_view> texts, TextRole role) override {
    const EmbedMeter meter;
    std::vector<std::vector<PieceId>> ids(texts.size());
    for (std::size_t i = 0; i < texts.size(); ++i) {
      CDX_TRY(call.check());
      ids[i] = pieces_.encode(texts[i]);
    }
    std::vector<Window> windows;
    for (std::size_t i = 0; i < texts.size(); ++i) {
      for (const std::span<const PieceId> run : split_windows(ids[i], card_.longest_input - 2, pieces_))
        windows.push_back({i, run});
    }
    const auto is_long = [&](const std::vector<PieceId>& one) {
      return one.size() > card_.longest_input - 2;
    };
    const auto long_texts = static_cast<std::size_t>(std::count_if(ids.begin(), ids.end(), is_long));

    Matrix out{card_.dimension, std::vector<float>(texts.size() * card_.dimension)};
    for (const std::vector<Window>& batch :
         plan_batches(std::move(windows), options_.batch, options_.batch_tokens)) {
      CDX_TRY(add_sums(call, batch, role, out));
    }
    // The sum over all tokens of a text points where their mean points; only the length differs.
    for (std::size_t i = 0; i < texts.size(); ++i) {
      if (!make_unit(out.row(i)))
        return fail(ErrorKind::corrupt, card_.name + ": the model gave a vector without direction");
    }
    meter.done(texts.size(), long_texts, role);
    return out;
  }

 private:
  // Adds the sums of the token vectors of each window to its text's row.
  Status add_sums(const Call& call, std::span<const Window> batch, TextRole role, Matrix& out) {
    CDX_TRY(call.check());
    BatchInput input = lay_out(batch, pieces_);
    CDX_TRY_LET(RequestPool::Loan request, requests_.borrow(call, role));
    return guard("inference with " + card_.name, ErrorKind::unavailable, [&]() -> Status {
      const ov::Shape shape{input.rows, input.tokens};
      (*request).set_input_tensor(0, ov::Tensor(ov::element::i32, shape, input.ids.data()));
      (*request).set_input_tensor(1, ov::Tensor(ov::element::f32, shape, input.mask.data()));
      (*request).infer();
      const ov::Tensor sums = (*request).get_output_tensor();
      if (sums.get_shape() != ov::Shape{batch.size(), card_.dimension})
        return fail(ErrorKind::corrupt, card_.name + ": the model answered in an unexpected shape");
      const float* value = sums.data<const float>();
      for (const Window& window : batch) {
        for (float& sum : out.row(window.text)) sum += *value++;
      }
      EmbedMeter::batch_done(input.rows * input.tokens, role);
      return {};
    });
  }

  OpenVinoOptions options_;
  ModelCard card_;
  WordPiece pieces_;
  ov::Core core_;
  ov::CompiledModel network_;
  RequestPool requests_;
};

Status check_options(const OpenVinoOptions& options) {
  const auto within = [](const char* name, std::size_t value, std::size_t least, std::size_t most) -> Status {
    if (value >= least && value <= most) return {};
    return fail(ErrorKind::invalid, std::string("OpenVINO embedder: ") + name + " is " +
                                        std::to_string(value) + ", must be from " + std::to_string(least) +
                                        " to " + std::to_string(most));
  };
  CDX_TRY(within("threads", options.threads, 0, 1024));
  CDX_TRY(within("streams", options.streams, 1, 1024));
  CDX_TRY(within("batch", options.batch, 1, 4096));
  CDX_TRY(within("batch_tokens", options.batch_tokens, 1, std::size_t{1} << 20));
  return within("longest_input", options.longest_input, 4, 65536);
}

ov::CompiledModel compile(ov::Core& core, const std::shared_ptr<ov::Model>& model,
                          const OpenVinoOptions& options) {
  ov::AnyMap settings{ov::num_streams(static_cast<std::int32_t>(options.streams)),
                      ov::hint::inference_precision(ov::element::f32), ov::hint::enable_cpu_pinning(false)};
  if (options.threads > 0)
    settings.insert(ov::inference_num_threads(static_cast<std::int32_t>(options.threads)));
  return core.compile_model(model, "CPU", settings);
}

Result<std::unique_ptr<EmbeddingProvider>> open_folder(const OpenVinoOptions& options,
                                                       const ModelFolder& folder) {
  CDX_TRY_LET(const std::string vocabulary, read_file(folder.path("vocab.txt"), longest_vocabulary));
  CDX_TRY_LET(WordPiece pieces, WordPiece::parse(vocabulary, folder.path("vocab.txt")));
  CDX_TRY_LET(const MappedFile weights, MappedFile::open(folder.weights_path()));
  ModelCard card;
  card.name = folder.name;
  card.weights_sha256 = hex(sha256(weights.bytes()));
  card.vocabulary_sha256 = hex(sha256(vocabulary));
  card.dimension = folder.bert.hidden;
  card.longest_input = std::min(options.longest_input, folder.longest_input);
  card.preprocessing = preprocessing;

  return guard(
      folder.weights_path(), ErrorKind::corrupt, [&]() -> Result<std::unique_ptr<EmbeddingProvider>> {
        ov::Core core;
        std::shared_ptr<ov::Model> model;
        if (folder.onnx) {
          CDX_TRY_LET(model, read_onnx_bert(core, folder));
        } else {
          CDX_TRY_LET(const Safetensors tensors, Safetensors::parse(weights.bytes(), folder.weights_path()));
          CDX_TRY_LET(model, build_bert(folder.bert, pieces.size(), tensors));
        }
        ov::CompiledModel network = compile(core, model, options);
        return std::make_unique<OpenVinoEmbedder>(options, std::move(card), std::move(pieces),
                                                  std::move(core), std::move(network));
      });
}

}  // namespace

Result<std::unique_ptr<EmbeddingProvider>> open_openvino_embedder(const OpenVinoOptions& options) {
  CDX_TRY(check_options(options));
  CDX_TRY_LET(const ModelFolder folder, read_model_folder(options.model_dir));
  return open_folder(options, folder);
}

}  // namespace cdx
