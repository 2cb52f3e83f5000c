#include <algorithm>
#include <map>
#include <mutex>
#include <set>
#include <shared_mutex>
#include <tuple>

#include "store/check.h"
#include "store/memory/memory_store.h"

namespace cdx {
namespace {

using Writing = std::unique_lock<std::shared_mutex>;
using Reading = std::shared_lock<std::shared_mutex>;

struct InTime {
  bool operator()(const LoggedChoice& a, const LoggedChoice& b) const {
    return std::tie(a.at, a.creator, a.action) < std::tie(b.at, b.creator, b.action);
  }
};
struct QuestionRow {
  std::uint64_t order = 0;  // of first entry
  LoggedQuestion question;
  std::set<LoggedChoice, InTime> choices;
};

class MemoryUsageStore final : public UsageStore {
 public:
  Status log_questions(const Call& call, std::span<const LoggedQuestion> questions) override {
    CDX_TRY(call.check());
    CDX_TRY(check(questions));
    const Writing lock(mutex_);
    for (const auto& question : questions) {
      const auto [row, fresh] = questions_.try_emplace(question.id);
      if (fresh)
        row->second.order = ++entries_;
      else
        asked_.erase({row->second.question.at, row->second.order});
      row->second.question = question;
      asked_[{question.at, row->second.order}] = question.id;
    }
    return {};
  }

  Status log_choices(const Call& call, std::span<const LoggedChoice> choices) override {
    CDX_TRY(call.check());
    const Writing lock(mutex_);
    for (const auto& choice : choices) {
      if (questions_.contains(choice.question)) continue;
      return fail(ErrorKind::not_found, "choice of " + choice.creator.text() + ": the question " +
                                            choice.question.text() + " is not kept");
    }
    for (const auto& choice : choices) questions_.at(choice.question).choices.insert(choice);
    return {};
  }

  Result<std::vector<LoggedQuestion>> questions(const Call& call, Time since,
                                                std::size_t max) const override {
    CDX_TRY(call.check());
    const Reading lock(mutex_);
    std::vector<LoggedQuestion> found;
    if (max == 0) return found;
    for (auto asked = asked_.lower_bound({since, 0}); asked != asked_.end(); ++asked) {
      if (found.size() >= max && asked->first.first != found.back().at) break;
      found.push_back(questions_.at(asked->second).question);
    }
    return found;
  }

  Result<std::vector<LoggedChoice>> choices(const Call& call,
                                            std::span<const QuestionId> ids) const override {
    CDX_TRY(call.check());
    const Reading lock(mutex_);
    std::vector<LoggedChoice> found;
    for (const auto id : ids) {
      const auto row = questions_.find(id);
      if (row == questions_.end()) continue;
      found.insert(found.end(), row->second.choices.begin(), row->second.choices.end());
    }
    return found;
  }

  Result<std::size_t> forget_questions(const Call& call, Time before) override {
    CDX_TRY(call.check());
    const Writing lock(mutex_);
    std::size_t forgotten = 0;
    while (!asked_.empty() && asked_.begin()->first.first < before) {
      questions_.erase(asked_.begin()->second);
      asked_.erase(asked_.begin());
      ++forgotten;
    }
    return forgotten;
  }

  Status audit(const Call& call, const AuditEntry& entry) override {
    CDX_TRY(call.check());
    const Writing lock(mutex_);
    audits_.push_back(entry);
    return {};
  }

  Result<std::vector<AuditEntry>> audits(const Call& call, std::size_t max) const override {
    CDX_TRY(call.check());
    const Reading lock(mutex_);
    const auto count = static_cast<std::ptrdiff_t>(std::min(max, audits_.size()));
    return std::vector<AuditEntry>(audits_.rbegin(), audits_.rbegin() + count);
  }

  Status put_profile(const Call& call, const NamedProfile& profile, const AuditEntry& entry) override {
    CDX_TRY(call.check());
    CDX_TRY(check(profile));
    const Writing lock(mutex_);
    profiles_[{profile.kind, profile.name}] = profile;
    audits_.push_back(entry);
    return {};
  }

  Result<std::vector<NamedProfile>> profiles(const Call& call, std::string_view kind) const override {
    CDX_TRY(call.check());
    const Reading lock(mutex_);
    std::vector<NamedProfile> found;
    for (auto row = profiles_.lower_bound({std::string(kind), ""});
         row != profiles_.end() && row->first.first == kind; ++row) {
      found.push_back(row->second);
    }
    return found;
  }

  Result<Active> active_profile(const Call& call, std::string_view kind) const override {
    CDX_TRY(call.check());
    const Reading lock(mutex_);
    const auto row = active_.find(kind);
    return row == active_.end() ? Active() : row->second;
  }

  Status switch_profile(const Call& call, std::string_view kind, std::string_view name,
                        const AuditEntry& entry) override {
    CDX_TRY(call.check());
    const Writing lock(mutex_);
    if (!name.empty() && !profiles_.contains({std::string(kind), std::string(name)})) {
      return fail(ErrorKind::not_found,
                  "no " + std::string(kind) + " profile is called \"" + std::string(name) + "\"");
    }
    auto& active = active_[std::string(kind)];
    if (active.name != name) active = {std::string(name), active.name};
    audits_.push_back(entry);
    return {};
  }

 private:
  mutable std::shared_mutex mutex_;
  std::map<QuestionId, QuestionRow> questions_;
  std::map<std::pair<Time, std::uint64_t>, QuestionId> asked_;
  std::vector<AuditEntry> audits_;
  std::map<std::pair<std::string, std::string>, NamedProfile> profiles_;  // by kind and name
  std::map<std::string, Active, std::less<>> active_;
  std::uint64_t entries_ = 0;
};

}  // namespace

std::unique_ptr<UsageStore> make_memory_usage_store() { return std::make_unique<MemoryUsageStore>(); }

}  // namespace cdx
