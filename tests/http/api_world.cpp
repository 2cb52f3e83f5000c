#include "http/api_world.h"

#include <gtest/gtest.h>

#include "embed/hashing/hashing_embedder.h"
#include "search/schema.h"
#include "store/memory/memory_store.h"
#include "support/made_up_pictures.h"

namespace cdx::test {
namespace {

constexpr std::size_t dimension = 64;
constexpr std::size_t creators = 30;

// A scene in shades of one colour.
image::Picture tinted(std::uint32_t seed, std::size_t colour) {
  const bool large = seed <= 5;
  auto out = large ? scene(seed, 320, 240) : scene(seed, 120, 90);
  for (std::size_t i = 0; i < out.rgb.size(); ++i)
    if (i % 3 != colour) out.rgb[i] = static_cast<std::uint8_t>(out.rgb[i] / 4);
  return out;
}

// Every second creator's; empty for the others.
std::vector<std::string> make_files() {
  std::vector<std::string> out(creators);
  for (std::size_t i = 0; i < creators; i += 2)
    out[i] = encode_png(tinted(static_cast<std::uint32_t>(i + 1), i % 3));
  out[6] = encode_jpeg(image::resize(tinted(1, 0), 160, 120, image::Filter::bicubic));
  out[12] = out[0];
  return out;
}

constexpr Time start{std::chrono::sys_days{std::chrono::year(2026) / 11 / 21}};

template <class T>
T must(Result<T> result) {
  EXPECT_TRUE(result) << (result ? "" : result.error().message);
  return *std::move(result);
}

Profile creator_of(std::size_t number) {
  const bool dancer = number % 3 == 0;
  const auto handle = number == 0 ? "anadances" : "creator" + std::to_string(number);
  Profile profile;
  Account account;
  account.platform = number % 2 == 0 ? Platform::tiktok : Platform::youtube;
  account.id = account_id(account.platform, handle);
  account.user_id = handle;
  const auto origin =
      account.origin({"file:test.csv", start, start + std::chrono::days(30), "consent", "CC0-1.0", 1});
  account.handle = Sourced<std::string>{handle, origin};
  account.name =
      Sourced<std::string>{number == 0 ? "Ana Souza" : "Creator Number " + std::to_string(number), origin};
  account.bio =
      Sourced<std::string>{dancer ? "I dance samba <every> day" : "I cook slow food at home", origin};
  account.followers = Sourced<std::int64_t>{static_cast<std::int64_t>(1'000 + number * 500), origin};
  auto& creator = profile.creator;
  creator.id = creator_id(account.id);
  creator.name = account.name->value;
  creator.handle = handle;
  creator.primary_niche = dancer ? "dance" : "food";
  creator.country = dancer ? "BR" : "DE";
  creator.language = dancer ? "pt" : "de";
  creator.total_followers = account.followers->value;
  creator.engagement_rate = 0.01 * static_cast<double>(number);
  creator.last_post_at = start - std::chrono::days(number);
  creator.quality = 0.5;
  creator.links = {{account.id, "first_account", "the first account of this creator", 1.0}};
  ContentItem item;
  item.id = content_id(account.platform, handle + "/1");
  item.account = account.id;
  item.title = dancer ? "Dancing in the street" : "Bread at home";
  item.url = "https://videos.example/" + handle;
  item.published_at = creator.last_post_at;
  item.views = 100;
  item.origin = account.origins[0];
  profile.items = {item};
  profile.accounts = {account};
  return profile;
}

}  // namespace

void ApiWorld::open_pictures(const ApiWorldOptions& options) {
  if (options.takes_data) intake = std::make_unique<IntakeDesk>(IntakeDesk{*store, nullptr, {}});
  if (!options.pictures) return;
  reader = std::make_shared<ColourReader>("colours-1", options.picture_words);
  decoder = image::make_in_process_decoder();
  cache = must(image::PictureCache::open({scratch.file("cache"), std::uint64_t{64} << 20U}));
  keeper = std::make_unique<PictureKeeper>(*store, *decoder, *cache, scratch.file("pictures"), clock);
  spaces = std::make_unique<OneSpace>(reader);
  pictures = std::make_unique<PictureDesk>(PictureDesk{*keeper, *spaces});
}

// Kept, with its vector, as the pipeline would.
void ApiWorld::add_picture(std::size_t number, const Profile& profile) {
  NewPicture picture;
  picture.account = profile.accounts[0].id;
  picture.role = number % 4 == 0 ? PictureRole::profile : PictureRole::content;
  picture.url = "https://pictures.example/" + std::to_string(number) + ".png";
  picture.caption = "picture " + std::to_string(number);
  picture.bytes = files[number];
  picture.origin = profile.accounts[0].origins[0];
  must(keeper->add({}, picture));
  EXPECT_EQ(must(embed_pictures({}, *store, *keeper, *reader, std::span(&picture.account, 1))),
            number == 12 ? 0U : 1U);
}

ApiWorld::ApiWorld(ApiWorldOptions world) : clock(start), store(open_memory_store()) {
  auto options = std::move(world.serve);
  embedder = must(open_hashing_embedder({.dimension = dimension}));
  open_pictures(world);
  backend = must(
      make_embedded_backend(reader ? creator_schema(dimension, reader->space()) : creator_schema(dimension)));
  fill();
  SearcherOptions searching;
  searching.min_score = 0;
  searcher = std::make_unique<Searcher>(*backend, *store, embedder.get(), clock, searching);
  campaigns = make_memory_campaign_store();
  usage = make_memory_usage_store();
  matcher = std::make_unique<Matcher>(*searcher, *store, campaigns.get(), embedder.get(), clock);
  ServiceState service;
  service.figures = [this](const Call& call) -> Result<ServiceFigures> {
    CDX_TRY_LET(const auto counts, store->counts(call));
    ServiceFigures out;
    out.creators = counts.creators;
    out.indexed = backend->view()->size();
    out.embedded_done = 3;
    out.embedded_total = 4;
    out.model = "hashing";
    out.model_ready = true;
    out.pictures = out.pictures_done = counts.pictures;
    out.picture_words = reader && reader->space().reads_words;
    return out;
  };
  service.ready = [this] { return ready.load(); };
  static constexpr std::string_view html = "<!doctype html><title>creatordex</title>";
  static constexpr std::string_view script = "console.log(1)";
  std::vector<PageFile> page{{"/index.html", html, ""}, {"/assets/index-3f2a.js", script, ""}};
  options.http.port = 0;
  options.version = "1.2.3";
  server = must(Server::open({*searcher, *store, clock, std::move(service), std::move(page), matcher.get(),
                              campaigns.get(), usage.get(), pictures.get(), intake.get()},
                             std::move(options)));
}

void ApiWorld::fill() {
  ChangeSet changes;
  std::vector<Profile> profiles;
  for (std::size_t i = 0; i < creators; ++i) {
    const auto& profile = profiles.emplace_back(creator_of(i));
    const auto& account = profile.accounts[0];
    ids.push_back(profile.creator.id);
    for (int day = 0; day < 3; ++day)
      changes.snapshots.push_back({account.id, Metric::followers, clock.now() - std::chrono::days(3 - day),
                                   static_cast<double>(900 + day), 1, account.origins[0]});
    changes.items.push_back(profile.items[0]);
    changes.accounts.push_back({account, profile.creator.id, {}});
    changes.creators.push_back(profile.creator);
  }
  must(store->commit({}, changes));
  files = make_files();
  IndexBatch batch;
  for (std::size_t i = 0; i < creators; ++i) batch.upserts.push_back(document_of(i, profiles[i]));
  batch.reached = must(store->revision({}));
  const auto applied = backend->apply({}, batch);
  EXPECT_TRUE(applied) << applied.error().message;
}

Document ApiWorld::document_of(std::size_t number, const Profile& profile) {
  const auto& account = profile.accounts[0];
  const std::string_view texts[] = {account.bio->value};
  std::map<std::string, std::vector<float>> vectors;
  vectors[vector_field(account.platform, false)] = must(embedder->embed({}, texts, TextRole::passage)).values;
  if (reader && !files[number].empty()) {
    add_picture(number, profile);
    const auto crop = image::clip_crop(must(keeper->decode({}, files[number])));
    vectors[std::string(picture_field)] = must(reader->read_pictures({}, {&crop, 1})).values;
  }
  return to_document(profile, vectors, clock.now(), backend->view()->schema());
}

}  // namespace cdx::test
