// Answers as JSON text, as docs/api.md shapes them: for HTTP and for the command line alike. Pure.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_text.h"
#include "base/time.h"
#include "image/fingerprint.h"
#include "model/model.h"
#include "search/search.h"
#include "serve/serve.h"

namespace cdx::serve {

// What an answer to a picture search says beside its hits.
struct PictureAnswer {
  std::string space;
  double decode_ms = 0, encode_ms = 0, search_ms = 0, compare_ms = 0;
  // By hit and Hit::pictures: the first picture of the answer that it is a copy of.
  std::vector<std::vector<std::optional<Digest>>> copy_of;
  std::map<Digest, image::MeanColours> colours;  // of pictures whose signatures were seen
};

struct Rendering {
  Time now = {};  // decides the activity
  std::string_view request_id;
  double took_ms = 0;
  bool explain = false;
  bool understood = true;
  std::optional<QuestionId> question = {};  // under which it was logged
  bool thumbnails = false;                  // this server has pictures to show
  const PictureAnswer* pictures = nullptr;  // null: pictures were not asked for
};
inline constexpr std::size_t hit_pictures = 4;  // that a hit shows where pictures were not asked for

std::string render_answer(const Answer& answer, const Rendering& with);
std::string render_alias(const Answer& answer, const Rendering& with);
std::string render_creator(const Profile& profile, const std::vector<MetricSnapshot>& snapshots,
                           std::size_t items_shown, const Rendering& with);
std::string render_suggestions(const std::vector<Suggestion>& suggestions, const Understood& understood,
                               const Rendering& with);
std::string render_status(const ServiceFigures& figures, std::uint64_t generation, Revision revision,
                          std::string_view version, const Rendering& with);

// The fields that a hit, a creator's page and the alias share; inside an object.
void write_creator_fields(JsonWriter& out, const Profile& profile, Time now);
void write_account_fields(JsonWriter& out, const Account& account);  // short form
void write_understood(JsonWriter& out, const Understood& understood);
// The newest `most` pictures of a profile under the key "pictures".
void write_pictures(JsonWriter& out, const Profile& profile, std::size_t most, bool thumbnails);
// Those that a picture search found, nearest first.
void write_matched_pictures(JsonWriter& out, const Hit& hit, std::size_t number, const Rendering& with);
void write_explain(JsonWriter& out, const Hit& hit);

// Values that may be missing: null where they are.
void write_text(JsonWriter& out, std::string_view key, std::string_view text);
void write_number(JsonWriter& out, std::string_view key, std::optional<double> number);
void write_time(JsonWriter& out, std::string_view key, std::optional<Time> time);
// Only http and https addresses are passed on: what strangers wrote may be "javascript:".
void write_url(JsonWriter& out, std::string_view key, std::string_view url);
bool is_web_address(std::string_view url);

// Where the account is seen on its platform; empty when that cannot be said.
std::string account_url(const Account& account);

}  // namespace cdx::serve
