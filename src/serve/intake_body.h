// Bodies of POST /upload and POST /ingest. Private to serve; pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "io/http/multipart.h"
#include "serve/faults.h"
#include "serve/intake.h"

namespace cdx::serve {

// Whose a picture is, and what is said of it.
struct PictureLabel {
  std::string creator, account;  // ids as sent; either may be empty
  PictureRole role = PictureRole::uploaded;
  std::string url, caption;
};

struct UploadBody {
  PictureLabel label;  // of every picture
  IntakeTerms terms;
  std::vector<http::Part> files;  // at least one; they borrow from the body
};

struct SentEmbedding {
  std::string at;                // where it stands: "/embeddings/0"
  std::string creator, account;  // ids as sent
  std::optional<Digest> sha256;  // absent: of the picture it came with
  std::string space;
  std::vector<float> values;
};
struct SentPicture {
  std::string at;
  PictureLabel label;
  std::string bytes;
  std::optional<SentEmbedding> embedding;
};
struct IngestBody {
  IntakeTerms terms;
  std::string_view records;  // JSON lines or an array; borrows from the body; empty: none
  std::vector<SentPicture> pictures;
  std::vector<SentEmbedding> embeddings;
};

// What they give counts only when `faults` has none. `now` is when the data was taken.
UploadBody read_upload(std::string_view content_type, std::string_view body, Time now, Faults& faults);
// A JSON object, or an array of records.
IngestBody read_ingest(std::string_view body, Time now, Faults& faults);
// JSON lines, with what is declared of them after the "?".
IngestBody read_ingest_lines(std::string_view query, std::string_view body, Time now, Faults& faults);

}  // namespace cdx::serve
