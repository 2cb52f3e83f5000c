#include "index/record.h"

#include <cstring>

namespace cdx::engine {
namespace {

constexpr std::uint32_t record_version = 1;

class Writer {
 public:
  template <class T>
  void number(T value) {
    out.append(reinterpret_cast<const char*>(&value), sizeof(value));
  }
  void count(std::size_t value) { number(static_cast<std::uint32_t>(value)); }
  void text(std::string_view value) {
    count(value.size());
    out.append(value);
  }
  template <class T>
  void array(std::span<const T> values) {
    count(values.size());
    out.append(reinterpret_cast<const char*>(values.data()), values.size_bytes());
  }

  std::string out;
};

class Reader {
 public:
  explicit Reader(std::span<const std::byte> bytes) : bytes_(bytes) {}

  template <class T>
  T number() {
    T out{};
    if (take(sizeof(T))) std::memcpy(&out, taken_, sizeof(T));
    return out;
  }
  std::string text() {
    const auto size = number<std::uint32_t>();
    if (!take(size)) return {};
    return {reinterpret_cast<const char*>(taken_), size};
  }
  template <class T>
  std::vector<T> array() {
    const auto size = number<std::uint32_t>();
    if (!take(size * sizeof(T))) return {};
    std::vector<T> out(size);
    if (size > 0) std::memcpy(out.data(), taken_, size * sizeof(T));
    return out;
  }
  // How many elements follow; each takes at least a byte, which bounds what a hostile count can ask for.
  std::size_t count() {
    const auto out = number<std::uint32_t>();
    sound_ = sound_ && out <= bytes_.size();
    return sound_ ? out : 0;
  }
  bool at_end() const { return sound_ && bytes_.empty(); }
  bool sound() const { return sound_; }

 private:
  bool take(std::size_t size) {
    sound_ = sound_ && size <= bytes_.size();
    if (!sound_) return false;
    taken_ = bytes_.data();
    bytes_ = bytes_.subspan(size);
    return true;
  }

  std::span<const std::byte> bytes_;
  const std::byte* taken_ = nullptr;
  bool sound_ = true;
};

void write_document(const Document& document, Writer& to) {
  to.number(document.id);
  to.count(document.texts.size());
  for (const auto& text : document.texts) to.text(text);
  to.count(document.keywords.size());
  for (const auto& values : document.keywords) {
    to.count(values.size());
    for (const auto& value : values) to.text(value);
  }
  to.array(std::span(document.numbers));
  to.count(document.vectors.size());
  for (const auto& vector : document.vectors) to.array(std::span(vector));
}

Document read_document(Reader& from) {
  Document out;
  out.id = from.number<std::uint64_t>();
  for (auto left = from.count(); left > 0 && from.sound(); --left) out.texts.push_back(from.text());
  for (auto left = from.count(); left > 0 && from.sound(); --left) {
    auto& values = out.keywords.emplace_back();
    for (auto more = from.count(); more > 0 && from.sound(); --more) values.push_back(from.text());
  }
  out.numbers = from.array<double>();
  for (auto left = from.count(); left > 0 && from.sound(); --left) out.vectors.push_back(from.array<float>());
  return out;
}

}  // namespace

std::string encode_record(std::span<const Document* const> upserts, std::span<const std::uint64_t> removals,
                          Revision reached) {
  Writer to;
  to.number(record_version);
  to.number(reached.value);
  to.array(removals);
  to.count(upserts.size());
  for (const auto* document : upserts) write_document(*document, to);
  return std::move(to.out);
}

Result<IndexBatch> decode_record(std::span<const std::byte> bytes) {
  Reader from(bytes);
  const auto version = from.number<std::uint32_t>();
  if (from.sound() && version > record_version)
    return fail(ErrorKind::unsupported, "a record of the log was written by a newer program");
  IndexBatch out;
  out.reached.value = from.number<std::uint64_t>();
  out.removals = from.array<std::uint64_t>();
  for (auto left = from.count(); left > 0 && from.sound(); --left) out.upserts.push_back(read_document(from));
  if (!from.at_end() || version == 0) return fail(ErrorKind::corrupt, "a record of the log cannot be read");
  return out;
}

}  // namespace cdx::engine
