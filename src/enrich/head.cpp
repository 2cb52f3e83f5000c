#include "enrich/head.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "base/hash.h"
#include "enrich/head_features.h"
#include "vocab/vocab.h"

namespace cdx::embedded {
std::string_view enrich_niche_head();
}

namespace cdx::enrich {
namespace {

constexpr std::string_view magic = "cdx niche head 1\n";
constexpr std::size_t most_classes = 500, most_columns = 65'536, most_points = 64;

// Little-endian numbers and texts in order; a reader that runs out of bytes stays failed.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : rest_(bytes) {}
  template <class T>
  T number() {
    T out{};
    if (rest_.size() < sizeof out) {
      bad_ = true;
      return out;
    }
    std::memcpy(&out, rest_.data(), sizeof out);
    rest_.remove_prefix(sizeof out);
    return out;
  }
  template <class T>
  std::vector<T> numbers(std::size_t count) {
    std::vector<T> out;
    if (bad_ || rest_.size() / sizeof(T) < count) {
      bad_ = true;
      return out;
    }
    out.resize(count);
    if (count > 0) std::memcpy(out.data(), rest_.data(), count * sizeof(T));
    rest_.remove_prefix(count * sizeof(T));
    return out;
  }
  std::size_t size(std::size_t most) {
    const auto value = number<std::uint32_t>();
    if (value > most) bad_ = true;
    return bad_ ? 0 : value;
  }
  std::string text() {
    const auto letters = numbers<char>(size(100));
    return {letters.begin(), letters.end()};
  }
  bool good() const { return !bad_; }
  bool done() const { return !bad_ && rest_.empty(); }

 private:
  std::string_view rest_;
  bool bad_ = false;
};

template <class T>
void put(std::string& out, const T& value) {
  out.append(reinterpret_cast<const char*>(&value), sizeof value);
}
template <class T>
void put_all(std::string& out, const std::vector<T>& values) {
  if (!values.empty()) out.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T));
}

bool rising(const std::vector<float>& values) {
  for (std::size_t i = 0; i < values.size(); ++i)
    if (!(values[i] >= 0 && values[i] <= 1) || (i > 0 && values[i] < values[i - 1])) return false;
  return true;
}

}  // namespace

Result<NicheHead> NicheHead::read(std::string_view bytes) {
  const auto damaged = [](const char* what) {
    return fail(ErrorKind::corrupt, std::string("the niche head ") + what);
  };
  if (!bytes.starts_with(magic) || bytes.size() < magic.size() + sizeof(std::uint64_t))
    return damaged("does not begin like one of this version");
  const auto body = bytes.substr(0, bytes.size() - sizeof(std::uint64_t));
  Reader tail(bytes.substr(body.size()));
  if (tail.number<std::uint64_t>() != hash64(body)) return damaged("does not match its checksum");
  Reader in(body.substr(magic.size()));
  NicheHead out;
  out.hash_ = static_cast<std::uint32_t>(hash64(body));
  out.space_ = in.number<std::uint64_t>();
  const auto count = in.size(most_classes);
  for (std::size_t i = 0; i < count && in.good(); ++i) out.classes_.push_back(in.text());
  for (auto& variant : out.variant_) {
    for (auto* block : {&variant.evidence, &variant.words, &variant.meaning}) {
      block->columns = in.size(most_columns);
      block->scales = in.numbers<float>(count);
      block->values = in.numbers<std::int8_t>(count * block->columns);
    }
    variant.bias = in.numbers<float>(count);
    variant.temperature = in.number<float>();
    const auto points = in.size(most_points);
    variant.asked = in.numbers<float>(points);
    variant.right = in.numbers<float>(points);
    if (!in.good()) break;
    if (variant.words.columns != word_buckets || variant.evidence.columns != 2 * count)
      return damaged("has features of another version");
    if (!(variant.temperature > 0) || !rising(variant.asked) || !rising(variant.right))
      return damaged("has a wrong calibration");
  }
  if (!in.done() || count < 2) return damaged("ends too early or too late");
  return out;
}

std::string NicheHead::bytes() const {
  std::string out(magic);
  put(out, space_);
  put(out, static_cast<std::uint32_t>(classes_.size()));
  for (const auto& key : classes_) {
    put(out, static_cast<std::uint32_t>(key.size()));
    out += key;
  }
  for (const auto& variant : variant_) {
    for (const auto* block : {&variant.evidence, &variant.words, &variant.meaning}) {
      put(out, static_cast<std::uint32_t>(block->columns));
      put_all(out, block->scales);
      put_all(out, block->values);
    }
    put_all(out, variant.bias);
    put(out, variant.temperature);
    put(out, static_cast<std::uint32_t>(variant.asked.size()));
    put_all(out, variant.asked);
    put_all(out, variant.right);
  }
  put(out, hash64(out));
  return out;
}

bool NicheHead::reads(const Profile& profile, std::span<const float> meaning, std::uint64_t space) const {
  if (meaning.empty() || space != space_ || meaning.size() != variant_[1].meaning.columns) return false;
  if (!profile.items.empty()) return true;
  bool has_bio = false, has_category = false;
  for (const auto& account : profile.accounts) {
    has_bio |= !value_or(account.bio, std::string()).empty();
    has_category |= !value_or(account.categories, std::vector<std::string>()).empty();
  }
  return has_bio || !has_category;
}

std::vector<NicheProbability> NicheHead::predict(const Profile& profile, std::span<const NicheGuess> guesses,
                                                 std::span<const float> meaning, std::uint64_t space) const {
  const bool with_meaning = reads(profile, meaning, space);
  const auto& variant = variant_[with_meaning ? 1 : 0];
  const auto features = head_features(profile, guesses, classes_);
  std::vector<NicheProbability> out;
  double highest = -1e30;
  for (std::size_t row = 0; row < classes_.size(); ++row) {
    double sum = variant.bias[row];
    for (std::size_t i = 0; i < features.evidence.size(); ++i)
      if (features.evidence[i] != 0) sum += variant.evidence.at(row, i) * features.evidence[i];
    for (const auto& [bucket, value] : features.words) sum += variant.words.at(row, bucket) * value;
    if (with_meaning)
      for (std::size_t i = 0; i < meaning.size(); ++i) sum += variant.meaning.at(row, i) * meaning[i];
    sum /= variant.temperature;
    highest = std::max(highest, sum);
    out.push_back({classes_[row], sum});
  }
  double total = 0;
  for (auto& one : out) total += one.probability = std::exp(one.probability - highest);
  for (auto& one : out) one.probability /= total;
  std::stable_sort(out.begin(), out.end(),
                   [](const auto& a, const auto& b) { return a.probability > b.probability; });
  return out;
}

std::vector<Evidence> NicheHead::evidence(const Profile& profile, std::string_view key,
                                          std::size_t most) const {
  const auto it = std::find(classes_.begin(), classes_.end(), key);
  if (it == classes_.end()) return {};
  const auto row = static_cast<std::size_t>(it - classes_.begin());
  const auto& words = variant_[0].words;
  std::vector<std::pair<float, Evidence>> rated;
  for (auto& word : placed_words(profile)) {
    float mean = 0;
    for (std::size_t i = 0; i < classes_.size(); ++i) mean += words.at(i, word.bucket);
    const float lead = words.at(row, word.bucket) - mean / static_cast<float>(classes_.size());
    if (lead > 0) rated.emplace_back(lead * word.weight, Evidence{std::string(word.field), word.surface});
  }
  std::stable_sort(rated.begin(), rated.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  std::vector<Evidence> out;
  for (auto& [lead, evidence] : rated)
    if (out.size() < most) out.push_back(std::move(evidence));
  return out;
}

double NicheHead::confidence(double probability, bool with_meaning) const {
  const auto& variant = variant_[with_meaning ? 1 : 0];
  const auto& asked = variant.asked;
  if (asked.empty()) return probability;
  const auto wanted = static_cast<float>(probability);
  const auto next =
      static_cast<std::size_t>(std::upper_bound(asked.begin(), asked.end(), wanted) - asked.begin());
  if (next == 0) return variant.right.front();
  if (next == asked.size()) return variant.right.back();
  const float width = asked[next] - asked[next - 1];
  const float part = width > 0 ? (wanted - asked[next - 1]) / width : 0;
  return variant.right[next - 1] + part * (variant.right[next] - variant.right[next - 1]);
}

const NicheHead* built_in_head() {
  static const auto head = [] {
    auto read = NicheHead::read(embedded::enrich_niche_head());
    const bool serves = read && std::any_of(read->classes().begin(), read->classes().end(),
                                            [](const auto& key) { return vocab::niche(key) != nullptr; });
    return serves ? std::optional<NicheHead>(std::move(*read)) : std::nullopt;
  }();
  return head ? &*head : nullptr;
}

}  // namespace cdx::enrich
