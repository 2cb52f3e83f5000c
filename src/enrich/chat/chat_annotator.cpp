#include "enrich/chat/chat_annotator.h"

#include <algorithm>

#include "base/hash.h"
#include "base/metrics.h"
#include "enrich/chat/check.h"
#include "enrich/chat/creator_text.h"
#include "enrich/chat/reply.h"
#include "enrich/chat/terms.h"
#include "text/text.h"
#include "vocab/vocab.h"

namespace cdx::enrich {
namespace {

using chat::Asked;

constexpr unsigned protocol_attempts = 2;          // for answers that came, but break the protocol
constexpr std::size_t repeated_bytes = 16 * 1024;  // of a faulty answer, when the model is told its faults

void count(const char* name, const char* help, const metrics::Labels& labels, double by = 1) {
  metrics::count(name, help, labels, by);
}

void count_creators(const char* outcome, std::size_t by = 1) {
  count("creatordex_annotate_creators_total", "Creators that a chat model was asked to judge, by outcome.",
        {{"outcome", outcome}}, static_cast<double>(by));
}

void count_fault(const char* fault) {
  count("creatordex_annotate_faults_total", "Answers of a chat model that could not be used, by fault.",
        {{"fault", fault}});
}

// A filter or a limit met by these texts, not by every request.
bool is_about_texts(const Error& error) {
  if (error.kind != ErrorKind::invalid) return false;
  const auto said = text::fold(error.message);
  for (const auto* sign : {"content_filter", "content management policy", "content policy", "was filtered",
                           "context length", "context_length", "too many tokens"})
    if (said.find(sign) != std::string::npos) return true;
  return false;
}

class ChatAnnotator final : public Annotator {
 public:
  ChatAnnotator(std::unique_ptr<http::HttpClient> client, ChatOptions options, const std::string& origin,
                SpendLedger* ledger, const Clock& clock)
      : options_(std::move(options)),
        place_("chat at " + origin),
        system_(chat::system_prompt(options_.terms)),
        client_(std::move(client)),
        patient_(*client_, options_.retry),
        ledger_(ledger),
        clock_(clock) {
    // Everything that decides an answer but the creator's texts.
    const auto asked =
        chat::request_body(options_, {}, 1) + system_ + std::to_string(options_.least_confidence);
    version_ = "chat:" + options_.model + "@" + origin.substr(origin.find("//") + 2) + " prompt " +
               std::to_string(chat::prompt_version) + " terms " + hex(sha256(asked)).substr(0, 8);
  }

  std::string version() const override { return version_; }
  std::size_t batch() const override { return options_.batch; }

  Result<std::vector<Result<Annotation>>> annotate(const Call& call,
                                                   std::span<const AnnotatorInput> inputs) override {
    CDX_TRY(call.check());
    std::vector<chat::CreatorText> texts;
    for (const auto& input : inputs) texts.push_back(chat::creator_text(*input.profile, {}));
    // Without any text there is nothing to judge, and nothing is asked.
    Answers answers(inputs.size(), Annotation{});
    std::vector<Asked> together;
    for (std::size_t i = 0; i < texts.size(); ++i) {
      if (texts[i].empty()) continue;
      const Asked one{i, &texts[i]};
      // What spoke to a model once may do so again: it gets no neighbours.
      if (texts[i].orders) {
        count_creators("gives_orders");
        CDX_TRY(ask_for(call, std::span(&one, 1), answers));
      } else {
        together.push_back(one);
      }
    }
    for (std::size_t at = 0; at < together.size(); at += options_.batch)
      CDX_TRY(ask_for(call, std::span(together).subspan(at, std::min(options_.batch, together.size() - at)),
                      answers));
    return answers;
  }

 private:
  using Answers = std::vector<Result<Annotation>>;

  // Numbers begin with 1 and count within one request, so that equal texts make equal requests.
  static std::vector<Asked> numbered(std::span<const Asked> group) {
    std::vector<Asked> out(group.begin(), group.end());
    for (std::size_t i = 0; i < out.size(); ++i) out[i].number = i + 1;
    return out;
  }

  enum class Repair { allowed, used };

  // Fills the answers of the group. An error is for what concerns all.
  Status ask_for(const Call& call, std::span<const Asked> group, Answers& answers,
                 Repair repairing = Repair::allowed) {
    const auto asked = numbered(group);
    std::vector<chat::Message> messages{{"system", system_}, {"user", chat::data_message(asked)}};
    auto reply = ask(call, messages, asked.size());
    if (!reply)
      return is_about_texts(reply.error()) ? refused(call, group, answers, reply.error().message)
                                           : Status(tl::unexpected<Error>(std::move(reply).error()));
    if (reply->refused) return refused(call, group, answers, place_ + ": the model refused");
    if (reply->cut && group.size() > 1) {
      count_fault("cut");
      CDX_TRY(ask_for(call, group.first(group.size() / 2), answers));
      return ask_for(call, group.subspan(group.size() / 2), answers);
    }
    const auto first =
        chat::check_answer(options_.terms, options_.least_confidence, reply->content, asked, asked);
    put(first, group, answers);
    if (first.faults.empty()) return {};
    count_fault(reply->cut ? "cut" : first.readable ? "schema" : "unreadable");
    if (repairing == Repair::allowed) return repair(call, group, first, reply->content, messages, answers);
    for (const auto& [number, fault] : first.faults) set_aside(group[number - 1], answers, fault);
    return {};
  }

  Status repair(const Call& call, std::span<const Asked> group, const chat::Checked& first,
                const std::string& said, std::vector<chat::Message>& messages, Answers& answers) {
    std::vector<Asked> faulty;
    std::vector<std::string> faults;
    const auto asked = numbered(group);
    for (const auto& [number, fault] : first.faults) {
      faulty.push_back(asked[number - 1]);
      if (std::find(faults.begin(), faults.end(), fault) == faults.end()) faults.push_back(fault);
    }
    messages.push_back({"assistant", std::string(text::clip(said, repeated_bytes))});
    messages.push_back({"user", chat::repair_message(faults, faulty)});
    auto reply = ask(call, messages, faulty.size());
    if (!reply && !is_about_texts(reply.error())) return tl::unexpected<Error>(std::move(reply).error());
    const auto content = reply && !reply->refused ? reply->content : std::string();
    const auto second = chat::check_answer(options_.terms, options_.least_confidence, content, faulty, asked);
    put(second, group, answers);
    count_creators("repaired", second.good.size());
    for (const auto& [number, fault] : second.faults) {
      // A neighbour's texts may have spoilt its answer: it gets one more chance without them.
      if (group.size() > 1)
        CDX_TRY(ask_for(call, group.subspan(number - 1, 1), answers, Repair::used));
      else
        set_aside(group[number - 1], answers, fault);
    }
    return {};
  }

  // Whose texts it was, shows when each is asked for alone.
  Status refused(const Call& call, std::span<const Asked> group, Answers& answers, const std::string& why) {
    count_fault("refused");
    if (group.size() == 1) {
      set_aside(group.front(), answers, why);
      return {};
    }
    for (std::size_t i = 0; i < group.size(); ++i) CDX_TRY(ask_for(call, group.subspan(i, 1), answers));
    return {};
  }

  void set_aside(const Asked& one, Answers& answers, const std::string& why) {
    count_creators("set_aside");
    answers[one.number] = fail(
        ErrorKind::invalid, why.starts_with(place_) ? why : place_ + ": unusable after a repair try: " + why);
  }

  static void put(const chat::Checked& checked, std::span<const Asked> group, Answers& answers) {
    for (const auto& [number, annotation] : checked.good) answers[group[number - 1].number] = annotation;
    count_creators("judged", checked.good.size());
  }

  Result<chat::Reply> ask(const Call& call, std::span<const chat::Message> messages, std::size_t creators) {
    http::HttpRequest request{"POST",
                              options_.url,
                              {{"Content-Type", "application/json"}},
                              chat::request_body(options_, messages, creators)};
    if (!options_.api_key.empty())
      request.headers.emplace_back("Authorization", "Bearer " + options_.api_key);
    for (unsigned tries = 1;; ++tries) {
      CDX_TRY(call.check());
      auto response = patient_.send(call, request);
      if (!response) {
        count_request(cdx::name(response.error().kind));
        CDX_TRY(record({1, 0, 0}));
        return tl::unexpected<Error>(std::move(response).error());
      }
      auto reply = chat::read_reply(place_, response->body, request.body.size());
      count_request(reply ? "ok" : "broken");
      CDX_TRY(record(reply ? spend_of(*reply) : Spend{1, request.body.size() / 4, 0}));
      if (reply || tries >= protocol_attempts) return reply;
    }
  }

  Spend spend_of(const chat::Reply& reply) const {
    const auto input = static_cast<double>(reply.tokens_in), output = static_cast<double>(reply.tokens_out);
    const auto tokens = [](const char* direction, double by) {
      count("creatordex_annotate_tokens_total", "Tokens that a chat model read and wrote.",
            {{"direction", direction}}, by);
    };
    tokens("in", input);
    tokens("out", output);
    return {1, reply.tokens_in + reply.tokens_out,
            (input * options_.usd_per_million_input + output * options_.usd_per_million_output) / 1e6};
  }

  // A request that cannot be written down must not be followed by another. It is written down even when the
  // caller has given up by now: it was spent.
  Status record(const Spend& spend) {
    count("creatordex_annotate_cost_usd_total", "Cost of chat requests by the configured prices.", {},
          spend.usd);
    if (ledger_ == nullptr) return {};
    return ledger_->add({}, clock_.now(), spend);
  }

  static void count_request(std::string_view outcome) {
    count("creatordex_annotate_requests_total", "Requests to a chat endpoint, by outcome.",
          {{"outcome", std::string(outcome)}});
  }

  ChatOptions options_;
  std::string place_;
  std::string system_;
  std::string version_;
  std::unique_ptr<http::HttpClient> client_;
  http::RetryingClient patient_;
  SpendLedger* ledger_;
  const Clock& clock_;
};

}  // namespace

ChatTerms vocabulary_terms() {
  ChatTerms out;
  for (const auto& niche : vocab::niches()) {
    if (niche.parent.empty()) out.niches.push_back(niche.key);
    out.secondary_niches.push_back(niche.key);
  }
  for (const auto& style : vocab::styles()) out.styles.push_back(style.key);
  for (const auto& risk : vocab::risks()) out.risks.push_back(risk.key);
  return out;
}

Result<std::unique_ptr<Annotator>> open_chat_annotator(std::unique_ptr<http::HttpClient> client,
                                                       const ChatOptions& options, SpendLedger* ledger,
                                                       const Clock& clock) {
  CDX_TRY_LET(const auto origin, http::origin_of(options.url));
  const auto wrong = [&](const char* what) {
    return fail(ErrorKind::invalid, "chat at " + origin + ": " + what);
  };
  if (options.model.empty()) return wrong("the model has no name");
  if (options.batch == 0) return wrong("a request must take at least one creator");
  const auto& terms = options.terms;
  if (terms.niches.empty() || terms.secondary_niches.empty() || terms.styles.empty() || terms.risks.empty())
    return wrong("niches, styles and risks must not be empty");
  return std::make_unique<ChatAnnotator>(std::move(client), options, origin, ledger, clock);
}

}  // namespace cdx::enrich
