#include "sample/question.h"

#include <algorithm>

#include "base/json_text.h"
#include "model/ids.h"

namespace cdx::sample {
namespace {

bool allowed(const Question& question, const Person& person, std::int64_t followers) {
  if (question.country != nullptr && question.country != person.country) return false;
  if (!question.language.empty() && question.language != person.tongue->language) return false;
  if (question.platform && !person.on(*question.platform)) return false;
  if (question.style && *question.style != person.style) return false;
  if (question.not_subject &&
      (person.subject == *question.not_subject || person.second == *question.not_subject))
    return false;
  return followers >= question.low && followers <= question.high;
}

int topic_grade(const Question& question, const World& world, const Person& person) {
  if (question.subject) {
    const auto wanted = *question.subject;
    if (person.subject == wanted) return 3;
    if (person.second == wanted || world.truth[person.subject] == world.truth[wanted]) return 2;
    return world.niche_of[person.subject] == world.niche_of[wanted] ? 1 : 0;
  }
  if (world.niche_of[person.subject] == *question.niche) return 3;
  return world.niche_of[person.second] == *question.niche ? 1 : 0;
}

std::optional<int> name_grade(const Question& question, const Person& person) {
  if (person.index == *question.person) return 3;
  const bool by_name = question.kind.starts_with("name");
  if (by_name && person.plain_name == question.plain_name && person.kind != Kind::impostor &&
      person.kind != Kind::fan)
    return 1;
  if (person.about == *question.person) return 0;  // fans, impostors: hard negatives
  return {};
}

}  // namespace

std::optional<int> grade(const Question& question, const World& world, const Person& person,
                         std::int64_t total_followers) {
  if (question.person) return name_grade(question, person);
  if (person.kind == Kind::agency || !allowed(question, person, total_followers)) return {};
  int value = topic_grade(question, world, person);
  if (value == 0) return {};
  if (person.kind == Kind::impostor || person.kind == Kind::fan) value = 1;
  if (question.tongue != nullptr && question.tongue->language != person.tongue->language)
    value = std::min(value, 2);
  return value;
}

std::int64_t total_followers(const Recipe& recipe, const Person& person) {
  std::int64_t total = 0;
  for (std::size_t i = 0; i < sample_platforms; ++i) {
    if (!person.on(i)) continue;
    Presence account;
    account.platform = i;
    add_figures(recipe, person, account);
    total += account.followers;
  }
  return total;
}

void append_question(std::string& out, const World& world, const Question& question) {
  JsonWriter json;
  json.object([&] {
    json.key("id").value(question.id).key("text").value(question.text).key("kind").value(question.kind);
    if (question.subject) json.key("niche").value(world.truth[*question.subject]);
    if (question.niche) json.key("topic_group").value(world.niches[*question.niche].label);
    if (question.not_subject) json.key("not").value(world.subjects[*question.not_subject]);
    if (question.style) json.key("style").value(style_names[static_cast<std::size_t>(*question.style)]);
    if (question.platform) json.key("platform").value(name(static_cast<Platform>(*question.platform)));
    if (question.country != nullptr) json.key("country").value(question.country->code);
    if (!question.language.empty()) json.key("language").value(question.language);
    if (question.low > 0) json.key("followers_min").value(question.low);
    if (question.high < std::numeric_limits<std::int64_t>::max())
      json.key("followers_max").value(question.high);
    if (question.person) json.key("person").value(person_id(*question.person));
  });
  out += json.text();
  out += '\n';
}

}  // namespace cdx::sample
