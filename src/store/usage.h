// What was asked, shown and chosen, and who changed which setting. Part of store/store.h.
//
// Twins: in store/sqlite (the same file as the store, on connections of its own) and store/memory. Promises
// and errors as in store.h. Never: query text in clear. A question is kept as a hash of its words, so that
// equal ones can be counted.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/call.h"
#include "model/model.h"

namespace cdx {

inline constexpr std::size_t max_shown_creators = 1'000;  // of one question

// One creator as it was shown or considered.
struct ShownCreator {
  CreatorId creator;
  double score = 0;
  std::vector<float> features;  // in the order of LoggedQuestion::feature_names, or none; may hold NaN
  friend bool operator==(const ShownCreator&, const ShownCreator&) = default;
};

struct LoggedQuestion {
  QuestionId id;
  std::string kind;         // "search", "match", "similar"
  std::uint64_t words = 0;  // hash of the question's words and filters
  std::string profile;      // ranking profile that ordered it
  std::vector<std::string> feature_names;
  // The candidates in the order of their ranking, at most max_shown_creators; seen were `count_seen` of them
  // from `first_seen` on, or all where it is 0.
  std::vector<ShownCreator> shown;
  std::uint32_t first_seen = 0, count_seen = 0;
  Time at = {};
  friend bool operator==(const LoggedQuestion&, const LoggedQuestion&) = default;
};

struct LoggedChoice {
  QuestionId question;
  CreatorId creator;
  std::string action;  // "click", "save", "hide"
  Time at = {};
  friend bool operator==(const LoggedChoice&, const LoggedChoice&) = default;
};

struct AuditEntry {
  Time at = {};
  std::string actor;    // who, as far as known: "cli", "api"
  std::string action;   // "profile.switch", "taxonomy.install"
  std::string subject;  // what: name of the profile, version of the data
  std::string detail;   // JSON: from what, to what, evidence
  friend bool operator==(const AuditEntry&, const AuditEntry&) = default;
};

// A named set of ranking or scoring weights, as JSON, with the evidence it was made from.
struct NamedProfile {
  std::string name;
  std::string kind;      // "ranking", "match"
  std::string settings;  // JSON
  std::string evidence;  // JSON
  Time at = {};
  friend bool operator==(const NamedProfile&, const NamedProfile&) = default;
};

class UsageStore {
 public:
  virtual ~UsageStore() = default;

  // Equal ids replace, the choices made stay. All or nothing. `invalid` for too many creators shown, seen
  // ones that are not among them, a score that is not finite, and features that are not as many as their names.
  virtual Status log_questions(const Call&, std::span<const LoggedQuestion>) = 0;
  // Equal ones are kept once. All or nothing. `not_found` when a question is not kept (never was, or is
  // forgotten).
  virtual Status log_choices(const Call&, std::span<const LoggedChoice>) = 0;
  // Oldest first, those asked at or after `since`: `max` of them and what else was asked in the last one's
  // millisecond, so that asking again from the next millisecond misses none.
  virtual Result<std::vector<LoggedQuestion>> questions(const Call&, Time since, std::size_t max) const = 0;
  // In the order of the ids; of one question by time, creator and action.
  virtual Result<std::vector<LoggedChoice>> choices(const Call&, std::span<const QuestionId>) const = 0;
  // Questions and their choices from before; says how many questions went. In steps: what a failed call had
  // forgotten stays forgotten.
  virtual Result<std::size_t> forget_questions(const Call&, Time before) = 0;

  virtual Status audit(const Call&, const AuditEntry&) = 0;  // appended, never changed
  virtual Result<std::vector<AuditEntry>> audits(const Call&,
                                                 std::size_t max) const = 0;  // the last appended first

  // A later one of the same kind and name replaces. The audit entry is written in the same transaction.
  // `invalid` without a name, which is the built-in profile's.
  virtual Status put_profile(const Call&, const NamedProfile&, const AuditEntry&) = 0;
  // By name.
  virtual Result<std::vector<NamedProfile>> profiles(const Call&, std::string_view kind) const = 0;
  // Which profile of a kind is in use; empty: the built-in one. `previous` is what it was before the last
  // switch.
  struct Active {
    std::string name, previous;
    friend bool operator==(const Active&, const Active&) = default;
  };
  virtual Result<Active> active_profile(const Call&, std::string_view kind) const = 0;
  // `not_found` where no such profile is kept and `name` is not empty. To switch to what is in use leaves
  // `previous` as it is. The audit entry is written in the same transaction, then too.
  virtual Status switch_profile(const Call&, std::string_view kind, std::string_view name,
                                const AuditEntry&) = 0;
};

}  // namespace cdx
