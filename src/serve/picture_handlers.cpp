// What the routes of pictures do.
#include <chrono>

#include "search/schema.h"
#include "serve/api.h"
#include "serve/page.h"
#include "serve/picture_body.h"
#include "serve/problem.h"
#include "serve/render.h"

namespace cdx::serve {
namespace {

using Steady = std::chrono::steady_clock;

double since_ms(Steady::time_point start) {
  return std::chrono::duration<double, std::milli>(Steady::now() - start).count();
}

SearchKind kind_of(const PictureBody& body) {
  if (body.mixed()) return SearchKind::picture_mixed;
  return body.has_image() ? SearchKind::picture_example : SearchKind::picture_words;
}

}  // namespace

http::Response Api::no_pictures(const Exchange& exchange) const {
  return failed(exchange,
                {ErrorKind::not_found,
                 "This server has no pictures to search: image_model is none, or its index was built "
                 "without them.",
                 {}});
}

http::Response Api::search_pictures(const Exchange& exchange) const {
  if (picture_questions_ == nullptr) return no_pictures(exchange);
  const auto type = exchange.request.header("content-type");
  if (auto refused = wrong_form_or_body(exchange)) return *std::move(refused);
  const auto start = Steady::now();
  const auto& call = exchange.request.call;
  Faults faults;
  const auto in_use = ranking_in_use_.weights(call);
  auto body =
      read_picture_body(type, exchange.request.body, {schema_, in_use.value_or(options_.weights)}, faults);
  if (!faults.none()) return faulty(exchange, faults);
  const std::string space(picture_space_of(searcher_.backend().view()->schema()));
  if (space.empty()) return no_pictures(exchange);

  PictureAnswer about;
  about.space = space;
  PictureQuestions::Took took;
  auto question = picture_questions_->ask(call, space, body, faults, took);
  if (!faults.none()) return faulty(exchange, faults);
  const auto kind = kind_of(body);
  if (!question) {
    note_search(kind, name(question.error().kind), false, Steady::now() - start);
    return failed(exchange, question.error());
  }
  auto query = std::move(body.query);
  query.picture = *std::move(question);
  if (!query.weights) query.weights = in_use;

  const auto searching = Steady::now();
  if (usage_log_) query.considered = usage_log_->candidates();
  auto answer = searcher_.search(call, query);
  // Another picture space may have taken its place since the question was made: then it is made anew in that.
  if (!answer && answer.error().kind == ErrorKind::conflict && query.cursor.empty()) {
    about.space = picture_space_of(searcher_.backend().view()->schema());
    if (about.space.empty()) return no_pictures(exchange);
    auto again = picture_questions_->ask(call, about.space, body, faults, took);
    if (!faults.none()) return faulty(exchange, faults);
    if (again && *again) {
      query.picture = *std::move(again);
      answer = searcher_.search(call, query);
    }
  }
  if (!answer) {
    note_search(kind, query, answer, Steady::now() - start);
    return failed(exchange, answer.error());
  }
  about.search_ms = since_ms(searching);
  const auto comparing = Steady::now();
  const auto shown = shown_pictures(*answer);
  if (const auto copies = same_pictures_.copies(call, shown))
    about.copy_of = by_hit(*answer, *copies);
  else
    answer->degraded.emplace_back("pictures: copies were not looked for");
  about.colours = same_pictures_.colours(shown);
  about.compare_ms = since_ms(comparing);
  about.decode_ms = took.decode_ms;
  about.encode_ms = took.encode_ms;
  const auto whole = Steady::now() - start;
  note_search(kind, query, answer, whole);

  auto with = rendering(exchange);
  with.took_ms = std::chrono::duration<double, std::milli>(whole).count();
  with.explain = query.explain;
  with.pictures = &about;
  if (usage_log_) with.question = usage_log_->note(query, *answer);
  return {200, "application/json", {}, render_answer(*answer, with)};
}

http::Response Api::thumbnail(const Exchange& exchange) const {
  Faults faults;
  Parameters(exchange.request.query, faults).refuse_others();
  if (!faults.none()) return faulty(exchange, faults);
  const auto unknown = [&] {
    return failed(exchange, {ErrorKind::not_found, "There is no picture of this SHA-256.", {}});
  };
  const auto sha256 = parse_digest(exchange.in_path.front());
  if (pictures_ == nullptr || !sha256) return unknown();
  auto jpeg = pictures_->keeper.thumbnail(exchange.request.call, *sha256);
  if (!jpeg && jpeg.error().kind == ErrorKind::not_found) return unknown();
  if (!jpeg) return failed(exchange, jpeg.error());
  // Private: pictures of people are to be forgotten by shared caches when they are erased here.
  const auto etag =
      '"' + exchange.in_path.front() + "-" + std::to_string(image::clip_preprocessing_version) + '"';
  http::Response response{
      200, "image/jpeg", {{"ETag", etag}, {"Cache-Control", "private, max-age=31536000, immutable"}}, {}};
  if (etag_matches(exchange.request.header("if-none-match"), etag)) {
    response.status = 304;
    response.media_type.clear();
  } else {
    response.body = *std::move(jpeg);
  }
  return response;
}

}  // namespace cdx::serve
