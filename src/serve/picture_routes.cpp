#include "serve/api.h"
#include "serve/routes.h"

namespace cdx::serve {
namespace {

// A red square.
#define CDX_EXAMPLE_PICTURE                                                                               \
  "data:image/"                                                                                           \
  "png;base64,iVBORw0KGgoAAAANSUhEUgAAABAAAAAQCAIAAACQkWg2AAAAFklEQVR42mM4ISdHEmIY1TCqYfhqAADkYgQQ6ZuA8Q" \
  "AAAABJRU5ErkJggg=="
const std::vector<Example> picture_examples{
    {"words",
     R"({"text": "a red dress on a beach", "filter": {"field": "platform", "in": ["tiktok"]}, "limit": 5})"},
    {"like this", R"({"image": ")" CDX_EXAMPLE_PICTURE R"(", "min_similarity": -0.5, "explain": true})"},
    {"like this, less that",
     R"({"text": "red", "image": ")" CDX_EXAMPLE_PICTURE R"(", "minus": {"text": "blue"},)"
     R"( "weights": {"text": 0.5, "image": 1, "minus": 0.3, "picture": 0.8}, "q": "dance", "facets": ["platform"]})"}};
const std::vector<Example> picture_form_examples{
    {"a file", R"({"query": {"limit": 3}, "image": ")" CDX_EXAMPLE_PICTURE R"("})"}};
const std::vector<Example> upload_examples{
    {"a table",
     R"({"file": "platform,handle,followers,bio\nyoutube,newcomer,1200,slow bread\n", "source": "newsletter"})"},
    {"a picture",
     R"({"file": ")" CDX_EXAMPLE_PICTURE R"(", "creator_id": "cr_0000000000001", "caption": "red"})"}};
const std::vector<Example> ingest_examples{
    {"records",
     R"({"records": [{"platform": "tiktok", "handle": "ingested", "followers": 900}], "basis": "consent"})"},
    {"a list", R"([{"platform": "youtube", "handle": "another", "followers": 40}])"},
    {"a picture", R"({"pictures": [{"creator_id": "cr_0000000000001", "image": ")" CDX_EXAMPLE_PICTURE
                  R"(", "role": "content"}]})"}};
#undef CDX_EXAMPLE_PICTURE
const Parameter sha256_parameter{
    "sha256", "path", R"({"type":"string"})", "Of the picture's file, as a hit names it", {}};

}  // namespace

std::vector<Route> picture_routes() {
  return {
      {.method = "POST",
       .path = "/v1/images/search",
       .operation = "searchPictures",
       .summary = "Creators by what their pictures show: words, examples, and what they are to be unlike",
       .handler = &Api::search_pictures,
       .answer = "Answer",
       .media_type = json_type,
       .errors = {403, 404, 410, 413, 415, 504},
       .body = "PictureSearchBody",
       .examples = picture_examples,
       .form = "PictureSearchForm",
       .form_examples = picture_form_examples},
      {.method = "GET",
       .path = "/v1/images/{sha256}/thumbnail",
       .operation = "getThumbnail",
       .summary = "A known picture, at most 256 pixels on its longer side",
       .handler = &Api::thumbnail,
       .media_type = "image/jpeg",
       .errors = {404, 504},
       .parameters = {sha256_parameter}},
      {.method = "POST",
       .path = "/upload",
       .operation = "upload",
       .summary = "Takes in tables of creators, and pictures of one",
       .handler = &Api::upload,
       .answer = "Taken",
       .media_type = json_type,
       .errors = {403, 413, 415, 504},
       .form = "UploadForm",
       .form_examples = upload_examples,
       .writes = true},
      {.method = "POST",
       .path = "/ingest",
       .operation = "ingest",
       .summary = "Takes in records, pictures and their vectors",
       .handler = &Api::ingest,
       .answer = "Taken",
       .media_type = json_type,
       .errors = {403, 413, 415, 504},
       .body = "IngestBody",
       .examples = ingest_examples,
       .raw_body = "application/x-ndjson",
       .writes = true},
  };
}

}  // namespace cdx::serve
