// Any bytes as the body of a picture search, of an upload and of an ingest, in every form they may take:
// refused with a place and a reason, or something that keeps the promises of the docs.
#include <cmath>
#include <cstdint>
#include <cstdlib>

#include "search/schema.h"
#include "serve/intake_body.h"
#include "serve/picture_body.h"

namespace {

void require(bool held) {
  if (!held) std::abort();
}

// True when it was taken.
bool taken(const cdx::serve::Faults& faults) {
  for (const auto& fault : faults.list()) {
    require(fault.pointer.empty() || fault.pointer.front() == '/' || fault.pointer.front() == '?');
    require(!fault.code.empty() && !fault.detail.empty());
  }
  return faults.none();
}

bool inside(std::string_view part, std::string_view whole) {
  return part.empty() ||
         (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size());
}

void check_question(std::string_view type, std::string_view bytes) {
  static const cdx::Schema schema = cdx::creator_schema(1);
  static const cdx::RankingWeights weights;
  cdx::serve::Faults faults;
  const auto body = cdx::serve::read_picture_body(type, bytes, {schema, weights}, faults);
  if (!taken(faults)) return;
  require(!body.text.empty() || !body.image.empty());
  require(body.text.size() <= 4'000 && body.image.size() <= cdx::serve::largest_picture);
  require(body.picture_weight >= 0 && body.picture_weight <= 1 && std::abs(body.min_similarity) <= 1);
  require(body.query.limit >= 1 && body.query.limit <= 100);
}

void check_ingest(const cdx::serve::IngestBody& body, std::string_view bytes,
                  const cdx::serve::Faults& faults) {
  if (!taken(faults)) return;
  require(inside(body.records, bytes));
  require(body.pictures.size() <= 256 && body.embeddings.size() <= 1'000);
  for (const auto& picture : body.pictures) require(!picture.bytes.empty() && !picture.at.empty());
  for (const auto& embedding : body.embeddings) require(embedding.sha256 && embedding.values.size() <= 4'096);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::string_view form = "multipart/form-data; boundary=edge";
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  check_question("application/json", bytes);
  check_question(form, bytes);

  cdx::serve::Faults faults;
  const auto upload = cdx::serve::read_upload(form, bytes, cdx::Time{}, faults);
  if (taken(faults)) {
    require(!upload.files.empty());
    for (const auto& file : upload.files) require(file.is_file && inside(file.bytes, bytes));
  }
  cdx::serve::Faults of_json, of_lines;
  check_ingest(cdx::serve::read_ingest(bytes, cdx::Time{}, of_json), bytes, of_json);
  const auto mark = bytes.find('\n');
  const auto query = bytes.substr(0, mark);
  const auto rest = mark == std::string_view::npos ? std::string_view() : bytes.substr(mark + 1);
  check_ingest(cdx::serve::read_ingest_lines(query, rest, cdx::Time{}, of_lines), rest, of_lines);
  return 0;
}
