// A chat annotator and the misbehaving model that it asks, for the tests of this folder.
#pragma once

#include <functional>

#include "enrich/chat/chat_annotator.h"
#include "enrich/chat/test_creators.h"
#include "support/fake_model_server.h"

namespace cdx::enrich::test {

struct ChatWorld {
  static constexpr const char* secret = "sk-test-0123456789";

  cdx::test::FakeModel model;
  ManualClock clock{*parse_time("2026-06-01T08:00:00Z")};
  std::unique_ptr<SpendLedger> ledger = make_memory_ledger();
  std::vector<std::chrono::milliseconds> waits;
  http::ClientOptions client;
  ChatOptions options;

  ChatWorld() {
    options.url = model.chat_url();
    options.model = "small-model";
    options.api_key = secret;
    options.terms = vocabulary_terms();
    options.retry.wait = [this](const Call& call, std::chrono::milliseconds time) {
      waits.push_back(time);
      return call.check();
    };
  }
  std::unique_ptr<Annotator> open() {
    return *open_chat_annotator(*http::open_http_client(client), options, ledger.get(), clock);
  }
  Result<std::vector<Result<Annotation>>> ask(const std::vector<Profile>& profiles, const Call& call = {}) {
    return open()->annotate(call, inputs(profiles));
  }
  std::size_t asked() const { return model.seen().size(); }
};

}  // namespace cdx::enrich::test
