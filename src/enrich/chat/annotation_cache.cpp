#include "enrich/chat/annotation_cache.h"

#include <map>
#include <mutex>
#include <nlohmann/json.hpp>

#include "base/hash.h"
#include "base/json_text.h"
#include "base/log.h"
#include "base/metrics.h"
#include "enrich/chat/creator_text.h"

namespace cdx::enrich {
namespace {

using nlohmann::json;

class MemoryAnnotationCache final : public AnnotationCache {
 public:
  Result<std::vector<std::optional<Annotation>>> find(const Call& call,
                                                      std::span<const std::string> keys) override {
    CDX_TRY(call.check());
    const std::lock_guard lock(mutex_);
    std::vector<std::optional<Annotation>> out;
    for (const auto& key : keys) {
      const auto found = kept_.find(key);
      out.push_back(found == kept_.end() ? std::nullopt : std::optional(found->second.annotation));
    }
    return out;
  }
  Status keep(const Call& call, Time at, std::span<const CachedAnnotation> annotations) override {
    CDX_TRY(call.check());
    const std::lock_guard lock(mutex_);
    for (const auto& one : annotations) kept_[one.key] = {one.creator, at, one.annotation};
    return {};
  }
  Status forget(const Call& call, std::span<const CreatorId> creators) override {
    CDX_TRY(call.check());
    const std::lock_guard lock(mutex_);
    for (const auto creator : creators)
      std::erase_if(kept_, [&](const auto& entry) { return entry.second.creator == creator; });
    return {};
  }
  Status forget_before(const Call& call, Time at) override {
    CDX_TRY(call.check());
    const std::lock_guard lock(mutex_);
    std::erase_if(kept_, [&](const auto& entry) { return entry.second.at < at; });
    return {};
  }

 private:
  struct Entry {
    CreatorId creator;
    Time at;
    Annotation annotation;
  };
  std::mutex mutex_;
  std::map<std::string, Entry> kept_;
};

class CachedAnnotator final : public Annotator {
 public:
  CachedAnnotator(std::unique_ptr<Annotator> inner, AnnotationCache& cache, const Clock& clock)
      : inner_(std::move(inner)), cache_(cache), clock_(clock) {}

  std::string version() const override { return inner_->version(); }
  std::size_t batch() const override { return inner_->batch(); }

  Result<std::vector<Result<Annotation>>> annotate(const Call& call,
                                                   std::span<const AnnotatorInput> inputs) override {
    CDX_TRY(call.check());
    std::vector<std::string> keys;
    for (const auto& input : inputs) keys.push_back(key_of(*input.profile));
    auto known = cache_.find(call, keys);
    if (!known) {
      CDX_TRY(call.check());
      failed(known.error());
      known = std::vector<std::optional<Annotation>>(inputs.size());
    }
    std::vector<AnnotatorInput> asked;
    for (std::size_t i = 0; i < inputs.size(); ++i)
      if (!(*known)[i]) asked.push_back(inputs[i]);
    count("hit", inputs.size() - asked.size());
    count("miss", asked.size());
    std::vector<Result<Annotation>> fresh;
    if (!asked.empty()) {
      CDX_TRY_LET(fresh, inner_->annotate(call, asked));
    }
    std::vector<Result<Annotation>> out;
    std::vector<CachedAnnotation> kept;
    for (std::size_t i = 0, next = 0; i < inputs.size(); ++i) {
      if ((*known)[i]) {
        out.emplace_back(*std::move((*known)[i]));
        continue;
      }
      out.push_back(std::move(fresh[next++]));
      if (out.back()) kept.push_back({keys[i], inputs[i].profile->creator.id, *out.back()});
    }
    if (const auto done = cache_.keep(call, clock_.now(), kept); !done) failed(done.error());
    return out;
  }

 private:
  std::string key_of(const Profile& profile) const {
    return hex(sha256(inner_->version() + '\n' + chat::as_json(chat::creator_text(profile, {}))));
  }
  static void count(const char* outcome, std::size_t by) {
    metrics::count("creatordex_annotate_cache_total",
                   "Creators looked for among kept annotations, by outcome.", {{"outcome", outcome}},
                   static_cast<double>(by));
  }
  static void failed(const Error& error) {
    metrics::count("creatordex_annotate_cache_failures_total",
                   "Kept annotations that could not be read or written.");
    log::warning("annotation cache failed", {{"reason", error.message}});
  }

  std::unique_ptr<Annotator> inner_;
  AnnotationCache& cache_;
  const Clock& clock_;
};

bool read_judgement(const json& from, Judgement& to) {
  if (!from.is_object() || !from.contains("evidence") || !from["evidence"].is_array()) return false;
  if (!from.contains("confidence") || !from["confidence"].is_number()) return false;
  for (const auto* name : {"subject", "value"})
    if (!from.contains(name) || !from[name].is_string()) return false;
  to.subject = from["subject"].get<std::string>();
  to.value = from["value"].get<std::string>();
  to.confidence = from["confidence"].get<double>();
  for (const auto& one : from["evidence"]) {
    if (!one.is_array() || one.size() != 2 || !one[0].is_string() || !one[1].is_string()) return false;
    to.evidence.push_back({one[0].get<std::string>(), one[1].get<std::string>()});
  }
  return true;
}

}  // namespace

std::string annotation_json(const Annotation& annotation) {
  JsonWriter out;
  out.object([&] {
    out.key("summary").value(annotation.summary);
    out.key("judgements").array([&] {
      for (const auto& one : annotation.judgements)
        out.object([&] {
          out.key("subject").value(one.subject).key("value").value(one.value);
          out.key("confidence").value(one.confidence);
          out.key("evidence").array([&] {
            for (const auto& evidence : one.evidence)
              out.array([&] { out.value(evidence.field).value(evidence.phrase); });
          });
        });
    });
  });
  return out.take();
}

std::optional<Annotation> read_annotation(const std::string& text) {
  const auto root = json::parse(text, nullptr, false);
  if (!root.is_object() || !root.contains("summary") || !root["summary"].is_string()) return {};
  if (!root.contains("judgements") || !root["judgements"].is_array()) return {};
  Annotation out;
  out.summary = root["summary"].get<std::string>();
  for (const auto& one : root["judgements"])
    if (!read_judgement(one, out.judgements.emplace_back())) return {};
  return out;
}

std::unique_ptr<AnnotationCache> make_memory_annotation_cache() {
  return std::make_unique<MemoryAnnotationCache>();
}

std::unique_ptr<Annotator> make_cached_annotator(std::unique_ptr<Annotator> inner, AnnotationCache& cache,
                                                 const Clock& clock) {
  return std::make_unique<CachedAnnotator>(std::move(inner), cache, clock);
}

}  // namespace cdx::enrich
