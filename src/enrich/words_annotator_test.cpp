#include <gtest/gtest.h>

#include "enrich/annotate.h"
#include "enrich/enrich.h"
#include "enrich/head.h"
#include "enrich/parts.h"
#include "vocab/vocab.h"

namespace cdx::enrich {
namespace {

Profile profile_of(const std::string& name, const std::string& bio,
                   const std::vector<std::string>& titles = {}) {
  Profile profile;
  Account account;
  account.platform = Platform::youtube;
  account.user_id = "u";
  account.id = account_id(account.platform, account.user_id);
  account.origin({});
  account.name = Sourced<std::string>{name, 0};
  account.bio = Sourced<std::string>{bio, 0};
  for (const auto& title : titles) {
    ContentItem item;
    item.account = account.id;
    item.title = title;
    profile.items.push_back(std::move(item));
  }
  profile.accounts.push_back(std::move(account));
  return profile;
}

Annotation annotate(const Profile& profile) {
  const AnnotatorInput input{&profile, {}, 0};
  const auto annotator = make_words_annotator();
  const auto answers = annotator->annotate({}, {&input, 1});
  EXPECT_TRUE(answers && answers->size() == 1 && answers->front());
  return *answers->front();
}

const Judgement* find(const Annotation& annotation, const std::string& subject) {
  for (const auto& one : annotation.judgements)
    if (one.subject == subject) return &one;
  return nullptr;
}

const Profile yoga = profile_of("Yoga with Eva",
                                "Yoga teacher. Vinyasa yoga and pranayama. Step by step tutorials and "
                                "lessons for beginners who want to learn at home",
                                {"How to do a handstand: yoga tutorial", "Vinyasa flow for beginners"});

TEST(WordsAnnotator, JudgesNicheStyleLanguageAndSummary) {
  const auto annotation = annotate(yoga);
  const auto* niche = find(annotation, "niche");
  ASSERT_TRUE(niche);
  EXPECT_EQ(niche->value, "fitness");
  EXPECT_GE(niche->confidence, least_niche_confidence);
  ASSERT_TRUE(find(annotation, "secondary_niche"));
  EXPECT_EQ(find(annotation, "secondary_niche")->value, "fitness/yoga");
  ASSERT_TRUE(find(annotation, "style"));
  EXPECT_EQ(find(annotation, "style")->value, "educational");
  ASSERT_TRUE(find(annotation, "language"));
  EXPECT_EQ(find(annotation, "language")->value, "en");
  EXPECT_EQ(find(annotation, "risk"), nullptr);
  EXPECT_FALSE(annotation.summary.empty());
}

TEST(WordsAnnotator, QuotesEvidenceThatStandsInTheCreatorsOwnWords) {
  for (const auto& judged : annotate(yoga).judgements) {
    EXPECT_FALSE(judged.evidence.empty()) << judged.subject;
    EXPECT_TRUE(judged.confidence > 0 && judged.confidence <= 1) << judged.subject;
    for (const auto& evidence : judged.evidence) {
      const auto& account = yoga.accounts[0];
      std::string text = account.name->value + "\n" + account.bio->value;
      for (const auto& item : yoga.items) text += "\n" + item.title;
      EXPECT_NE(text.find(evidence.phrase), std::string::npos) << judged.subject << ": " << evidence.phrase;
    }
  }
}

TEST(WordsAnnotator, IsUncertainWhereNothingSpeaks) {
  for (const auto& profile :
       {profile_of("", ""), profile_of("Priya Sharma", ""),
        profile_of("Jonas", "Welcome to my channel, please like and subscribe"), Profile{}}) {
    const auto annotation = annotate(profile);
    EXPECT_EQ(find(annotation, "niche"), nullptr);
    EXPECT_EQ(find(annotation, "secondary_niche"), nullptr);
    EXPECT_EQ(find(annotation, "style"), nullptr);
    EXPECT_EQ(find(annotation, "risk"), nullptr);
  }
}

TEST(WordsAnnotator, KeepsToItsOwnLimits) {
  const auto annotation = annotate(profile_of(
      "Everything",
      "Yoga, makeup, bitcoin, recipes, travel vlogs, football, guitar, python, dogs, gardening, novels"));
  std::size_t secondary = 0, niches = 0;
  for (const auto& one : annotation.judgements) {
    secondary += one.subject == "secondary_niche" ? 1U : 0U;
    niches += one.subject == "niche" ? 1U : 0U;
  }
  EXPECT_LE(secondary, 3U);
  EXPECT_LE(niches, 1U);
}

TEST(WordsAnnotator, AnswersEachInputAloneAndInOrder) {
  const auto other = profile_of("Casino Carl", "Online casino streamer. Slots and casino bonus every night");
  const AnnotatorInput inputs[] = {{&yoga, {}, 0}, {nullptr, {}, 0}, {&other, {}, 0}};
  const auto annotator = make_words_annotator();
  const auto answers = annotator->annotate({}, inputs);
  ASSERT_TRUE(answers);
  ASSERT_EQ(answers->size(), 3U);
  EXPECT_EQ((*answers)[0]->judgements, annotate(yoga).judgements) << "equal input, equal answer";
  EXPECT_EQ((*answers)[1].error().kind, ErrorKind::invalid);
  ASSERT_TRUE(find(*(*answers)[2], "risk"));
  EXPECT_EQ(find(*(*answers)[2], "risk")->value, "gambling");
}

TEST(WordsAnnotator, HeedsItsCallAndNamesWhatItsAnswersDependOn) {
  std::stop_source stop;
  stop.request_stop();
  Call call;
  call.stop = stop.get_token();
  const auto annotator = make_words_annotator();
  const AnnotatorInput input{&yoga, {}, 0};
  EXPECT_EQ(annotator->annotate(call, {&input, 1}).error().kind, ErrorKind::cancelled);
  EXPECT_GT(annotator->batch(), 0U);
  EXPECT_NE(annotator->version().find("head"), std::string::npos);
  EXPECT_EQ(annotator->version(), make_words_annotator()->version());
}

TEST(WordsAnnotator, ToleratesHostileText) {
  for (const auto& bio :
       {std::string(200'000, 'a'), std::string("\xFF\xFE\x00 broken", 10),
        std::string("casino ") + std::string(50'000, ' ') + "casino", std::string(20'000, '#')}) {
    const auto annotation = annotate(profile_of(bio, bio, {bio, bio}));
    for (const auto& judged : annotation.judgements) EXPECT_LE(judged.confidence, 1);
  }
}

TEST(ApplyAnnotation, WritesTheFieldsAndTheStamp) {
  Creator creator;
  creator.primary_niche = "cars";
  creator.secondary_niches = {"cars/motorcycles"};
  creator.risks = {"politics"};
  creator.summary = "before";
  creator.language = "pt";
  const Judged stamp{"words 1", Time{std::chrono::hours{1}}, 9};
  Annotation annotation;
  annotation.judgements = {{"niche", "fitness", 0.9, {}},
                           {"secondary_niche", "fitness/yoga", 0.8, {}},
                           {"secondary_niche", "health", 0.2, {}},
                           {"style", "educational", 0.7, {}},
                           {"language", "en", 0.9, {}},
                           {"risk", "gambling", 0.8, {}}};
  annotation.summary = "after";
  apply_annotation(creator, annotation, stamp);
  EXPECT_EQ(creator.primary_niche, "fitness");
  EXPECT_EQ(creator.secondary_niches, (std::vector<std::string>{"fitness/yoga", "health"}));
  EXPECT_EQ(creator.style, "educational");
  EXPECT_EQ(creator.risks, std::vector<std::string>{"gambling"});
  EXPECT_EQ(creator.language, "pt") << "what an account states stays";
  EXPECT_EQ(creator.summary, "after");
  EXPECT_EQ(creator.judgements, annotation.judgements);
  EXPECT_EQ(creator.judged, stamp);
}

TEST(ApplyAnnotation, WhatIsUncertainBecomesEmptyAndAnEmptySummaryKeepsTheOld) {
  Creator creator;
  creator.primary_niche = "cars";
  creator.secondary_niches = {"cars/motorcycles"};
  creator.style = "review";
  creator.risks = {"politics"};
  creator.summary = "before";
  apply_annotation(creator, {}, {"words 1", {}, 1});
  EXPECT_TRUE(creator.primary_niche.empty() && creator.secondary_niches.empty() && creator.style.empty());
  EXPECT_TRUE(creator.risks.empty() && creator.judgements.empty());
  EXPECT_EQ(creator.summary, "before");
  Annotation speaks;
  speaks.judgements = {{"language", "en", 0.9, {}}};
  apply_annotation(creator, speaks, {"words 1", {}, 1});
  EXPECT_EQ(creator.language, "en") << "an empty language is filled";
}

}  // namespace
}  // namespace cdx::enrich
