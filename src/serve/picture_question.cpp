#include "serve/picture_question.h"

#include <chrono>
#include <cmath>

#include "base/hash.h"
#include "serve/object_reader.h"

namespace cdx::serve {
namespace {

using Steady = std::chrono::steady_clock;

// Pictures cost a hundred times as much as words: few at a time, so that nobody waits for many.
constexpr std::size_t words_at_once = 32, pictures_at_once = 4;

double since_ms(Steady::time_point start) {
  return std::chrono::duration<double, std::milli>(Steady::now() - start).count();
}

std::string key_of(const PictureReader& reader, std::string_view what) {
  return reader.space().name + '\0' + std::string(what);
}

Result<Matrix> read_words(const Call& call, PictureReader& reader, std::span<const std::string> texts) {
  const std::vector<std::string_view> views(texts.begin(), texts.end());
  return reader.read_texts(call, views);
}

Result<Matrix> read_crops(const Call& call, PictureReader& reader, std::span<const image::Picture> crops) {
  return reader.read_pictures(call, crops);
}

// Words of a space that reads none: said before anything is computed, with what helps.
void refuse_words(const PictureBody& body, Faults& faults) {
  constexpr std::string_view why =
      "cannot be compared with pictures: no model that reads both is in use. `creatordex model pull "
      "clip-vit-base-patch32` and `creatordex model switch clip-vit-base-patch32` bring one. Until then "
      "pictures are found by an example (image), and creators by words (q)";
  if (!body.text.empty()) faults.add("/text", "words_not_read", why);
  if (!body.minus_text.empty()) faults.add("/minus/text", "words_not_read", why);
}

}  // namespace

std::optional<std::vector<float>> mix(std::span<const Ingredient> ingredients) {
  std::vector<double> sum;
  double went_in = 0;
  for (const auto& [row, weight] : ingredients) {
    if (row.empty()) continue;
    sum.resize(std::max(sum.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) sum[i] += weight * static_cast<double>(row[i]);
    went_in += std::abs(weight);
  }
  double square = 0;
  for (const double value : sum) square += value * value;
  const double length = std::sqrt(square);
  if (!(length > 1e-3 * went_in)) return {};  // NaN too
  std::vector<float> out;
  out.reserve(sum.size());
  for (const double value : sum) out.push_back(static_cast<float>(value / length));
  return out;
}

std::uint64_t mark_of(const PictureBody& body, std::string_view space) {
  std::string all(space);
  for (const auto* text : {&body.text, &body.minus_text}) all.append(1, '\0').append(*text);
  const auto add = [&](const std::string& bytes, const std::optional<Digest>& known) {
    all.append(1, '\0');
    if (known || !bytes.empty()) all.append(hex(known ? *known : sha256(bytes)));
  };
  add(body.image, body.picture);
  add(body.minus_image, body.minus_picture);
  for (const double weight : {body.text_weight, body.image_weight, body.minus_weight})
    all.append(1, '\0').append(number_text(weight));
  return std::max<std::uint64_t>(hash64(all), 1);
}

PictureQuestions::PictureQuestions(PictureDesk& desk)
    : desk_(desk),
      words_(read_words, {"words", words_at_once}),
      pictures_(read_crops, {"pictures", pictures_at_once}) {}

Result<PictureQuestions::Vector> PictureQuestions::words(const Call& call,
                                                         const std::shared_ptr<PictureReader>& reader,
                                                         const std::string& text) {
  const auto key = key_of(*reader, text);
  if (auto known = words_.known(key)) return *std::move(known);
  return words_.row(call, key, reader, text);
}

// The crop of a picture that is kept, or of bytes; absent with a fault where there is none.
Result<std::optional<image::Picture>> PictureQuestions::crop(const Call& call, const Example& example,
                                                             Faults& faults) {
  if (example.known) {
    auto kept = desk_.keeper.crop(call, *example.known);
    if (kept) return std::optional(*std::move(kept));
    if (kept.error().kind != ErrorKind::not_found) return tl::unexpected<Error>(kept.error());
    faults.add(example.pointer + "/picture", "unknown_value", "is no picture that is kept here");
    return std::optional<image::Picture>();
  }
  const auto decoded = desk_.keeper.decode(call, example.bytes);
  if (decoded) return std::optional(image::clip_crop(*decoded));
  if (decoded.error().kind != ErrorKind::invalid && decoded.error().kind != ErrorKind::unsupported)
    return tl::unexpected<Error>(decoded.error());
  faults.add(example.pointer + "/image", "not_a_picture", "gives no picture: " + decoded.error().message);
  return std::optional<image::Picture>();
}

Result<PictureQuestions::Vector> PictureQuestions::picture(const Call& call,
                                                           const std::shared_ptr<PictureReader>& reader,
                                                           const Example& example, Faults& faults,
                                                           Took& took) {
  const auto key = key_of(*reader, hex(example.known ? *example.known : sha256(example.bytes)));
  if (auto known = pictures_.known(key)) return *std::move(known);
  const auto start = Steady::now();
  auto cropped = crop(call, example, faults);
  took.decode_ms += since_ms(start);
  if (!cropped) return tl::unexpected<Error>(cropped.error());
  if (!*cropped) return Vector{};
  return pictures_.row(call, key, reader, **std::move(cropped));
}

Result<std::optional<PictureQuestion>> PictureQuestions::ask(const Call& call, std::string_view space,
                                                             const PictureBody& body, Faults& faults,
                                                             Took& took) {
  CDX_TRY_LET(const auto reader, desk_.spaces.reader(call, space));
  if (!reader->space().reads_words) refuse_words(body, faults);
  if (!faults.none()) return std::optional<PictureQuestion>();
  const auto start = Steady::now();
  Vector text, image, minus_text, minus_image;
  if (!body.text.empty()) {
    CDX_TRY_LET(text, words(call, reader, body.text));
  }
  if (!body.minus_text.empty()) {
    CDX_TRY_LET(minus_text, words(call, reader, body.minus_text));
  }
  if (body.has_image()) {
    CDX_TRY_LET(image, picture(call, reader, {body.image, body.picture, ""}, faults, took));
  }
  if (body.has_minus_image()) {
    CDX_TRY_LET(minus_image,
                picture(call, reader, {body.minus_image, body.minus_picture, "/minus"}, faults, took));
  }
  took.encode_ms = since_ms(start) - took.decode_ms;
  if (!faults.none()) return std::optional<PictureQuestion>();

  std::vector<Ingredient> ingredients{{text, body.text_weight}, {image, body.image_weight}};
  const bool minus = !minus_text.empty() || !minus_image.empty();
  const Ingredient unwanted[] = {{minus_text, 1}, {minus_image, 1}};
  const auto unlike = minus ? mix(unwanted) : std::optional<Vector>();
  if (minus && !unlike)
    faults.add("/minus", "cancels_out", "has a text and an image that cancel each other out");
  if (unlike) ingredients.push_back({*unlike, -body.minus_weight});
  auto vector = mix(ingredients);
  if (!vector && faults.none())
    faults.add("", "cancels_out", "asks for what it does not want: text, image and minus leave nothing");
  if (!faults.none()) return std::optional<PictureQuestion>();
  return std::optional(PictureQuestion{*std::move(vector), std::string(space), body.of_words(),
                                       body.picture_weight, body.min_similarity, mark_of(body, space)});
}

}  // namespace cdx::serve
