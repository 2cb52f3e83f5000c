// What the routes that take data in do.
#include "serve/api.h"
#include "serve/intake_body.h"
#include "serve/problem.h"
#include "serve/render.h"

namespace cdx::serve {
namespace {

constexpr const char* json = "application/json";

void write_rows(JsonWriter& out, const ImportReport& rows) {
  out.key("rows").value(rows.rows);
  out.key("imported").value(rows.imported);
  out.key("unchanged").value(rows.unchanged);
  out.key("quarantined").value(rows.quarantined);
  out.key("problems").array([&] {
    for (const auto& one : rows.first_quarantined)
      out.object([&] {
        out.key("place").value(one.key);
        write_text(out, "column", one.column);
        out.key("reason").value(one.reason);
      });
  });
}

void write_taken(JsonWriter& out, const Taken& taken) {
  out.object([&] {
    out.key("name").value(taken.name);
    out.key("kind").value(taken.kind);
    out.key("status").value(name(taken.as));
    write_text(out, "reason", taken.reason);
    if (taken.rows) write_rows(out, *taken.rows);
    if (!taken.picture) return;
    const auto sha256 = hex(taken.picture->sha256);
    out.key("sha256").value(sha256);
    out.key("account").value(taken.picture->account.text());
    out.key("format").value(taken.picture->format);
    write_number(out, "width", static_cast<double>(taken.picture->width));
    write_number(out, "height", static_cast<double>(taken.picture->height));
    out.key("thumbnail").value("/v1/images/" + sha256 + "/thumbnail");
  });
}

std::string render_taken(const std::vector<Taken>& all, std::string_view request_id) {
  std::uint64_t accepted = 0, refused = 0;
  for (const auto& one : all)
    ++(one.as == TakenAs::refused || one.as == TakenAs::not_reached ? refused : accepted);
  JsonWriter out;
  out.object([&] {
    out.key("files").array([&] {
      for (const auto& one : all) write_taken(out, one);
    });
    out.key("accepted").value(accepted);
    out.key("refused").value(refused);
    out.key("request_id").value(request_id);
  });
  return out.take();
}

NewPicture new_picture(const PictureLabel& label, AccountId account, std::string_view bytes,
                       const Provenance& origin) {
  return {account, label.role, label.url, label.caption, std::string(bytes), origin};
}

Taken refused(std::string name, std::string_view kind, const Error& error) {
  return {std::move(name), kind, TakenAs::refused, error.message, {}, {}};
}

}  // namespace

std::optional<http::Response> Api::writes_refused(const Exchange& exchange) const {
  if (intake_ == nullptr)
    return problem_response(
        {403,
         "This server takes no data in: server.allow_writes is false, or it is not set and the "
         "server listens on other than a loopback address.",
         exchange.request.path,
         exchange.id,
         {},
         {}});
  if (asked_by_other_site(exchange.request))
    return problem_response(
        {403, "Pages of other sites may not send data here.", exchange.request.path, exchange.id, {}, {}});
  return {};
}

http::Response Api::upload(const Exchange& exchange) const {
  if (auto refusal = writes_refused(exchange)) return *std::move(refusal);
  const auto type = exchange.request.header("content-type");
  if (!http::is_multipart(type))
    return problem_response(
        {415, "The body must be multipart/form-data.", exchange.request.path, exchange.id, {}, {}});
  Faults faults;
  const auto body = read_upload(type, exchange.request.body, clock_.now(), faults);
  if (!faults.none()) return faulty(exchange, faults);
  const auto& call = exchange.request.call;
  std::vector<Taken> all;
  for (const auto& file : body.files) {
    auto name = file.file_name.empty() ? std::string("file") : file.file_name;
    auto terms = body.terms;
    if (terms.origin.source.empty()) terms.origin.source = "upload:" + name;
    const auto format = image::sniff(file.bytes);
    const bool table =
        format == image::Format::unknown || format == image::Format::html || format == image::Format::pdf;
    if (table) {
      all.push_back(intake_->data(call, std::move(name), file.bytes, terms));
    } else if (const auto account = intake_->account_of(call, body.label.creator, body.label.account);
               !account) {
      all.push_back(refused(std::move(name), "picture", account.error()));
    } else {
      all.push_back(intake_->picture(call, std::move(name),
                                     new_picture(body.label, *account, file.bytes, terms.origin)));
    }
  }
  return {200, json, {}, render_taken(all, exchange.id)};
}

http::Response Api::ingest(const Exchange& exchange) const {
  if (auto refusal = writes_refused(exchange)) return *std::move(refusal);
  const auto type = exchange.request.header("content-type");
  const auto essence = type.substr(0, type.find(';'));
  const bool lines = http::equal_ignoring_case(essence, "application/x-ndjson");
  if (!lines)
    if (auto refusal = wrong_body_type(exchange, "application/json or application/x-ndjson"))
      return *std::move(refusal);
  Faults faults;
  if (!lines) Parameters(exchange.request.query, faults).refuse_others();
  const auto body =
      lines ? read_ingest_lines(exchange.request.query, exchange.request.body, clock_.now(), faults)
            : read_ingest(exchange.request.body, clock_.now(), faults);
  if (!faults.none()) return faulty(exchange, faults);
  auto terms = body.terms;
  if (terms.origin.source.empty()) terms.origin.source = "ingest";
  const auto& call = exchange.request.call;
  std::vector<Taken> all;
  if (!body.records.empty()) all.push_back(intake_->data(call, "records", body.records, terms));
  for (const auto& sent : body.pictures) {
    const auto account = intake_->account_of(call, sent.label.creator, sent.label.account);
    if (!account) {
      all.push_back(refused(sent.at, "picture", account.error()));
      continue;
    }
    all.push_back(
        intake_->picture(call, sent.at, new_picture(sent.label, *account, sent.bytes, terms.origin)));
    if (sent.embedding && all.back().picture)
      all.push_back(intake_->embedding(call, sent.embedding->at, *account, all.back().picture->sha256,
                                       sent.embedding->space, sent.embedding->values));
  }
  for (const auto& sent : body.embeddings) {
    const auto account = intake_->account_of(call, sent.creator, sent.account);
    all.push_back(account ? intake_->embedding(call, sent.at, *account, *sent.sha256, sent.space, sent.values)
                          : refused(sent.at, "embedding", account.error()));
  }
  return {200, json, {}, render_taken(all, exchange.id)};
}

}  // namespace cdx::serve
