// Records, accounts, content and creators. Part of model/model.h.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "base/hash.h"
#include "model/ids.h"
#include "model/picture.h"
#include "model/provenance.h"

namespace cdx {

// One record exactly as it arrived. Its identity is the hash of layout and body: equal bytes are the same
// record.
struct RawRecord {
  std::string source;  // as in Provenance::source
  std::string key;     // place within the source: "row 17", "line 3", an API id
  std::string
      layout;  // how to read `body`: a JSON object with format, columns and mapping; empty for API bodies
  std::string body;  // verbatim bytes
  Provenance terms;  // where from, when, until when, on what basis
};
Digest content_hash(const RawRecord& record);

// One presence on one platform. Rates are fractions (0.05 is 5 %), prices US dollars, counts whole numbers.
struct Account {
  AccountId id;
  Platform platform = Platform::other;
  std::string user_id;  // the platform's own id; where a source has none, the folded handle
  std::vector<Provenance> origins;

  Field<std::string> handle;  // without "@"
  Field<std::string> name;
  Field<std::string> bio;
  Field<std::string> image_url;
  Field<std::string> website;
  Field<std::string> country;  // ISO 3166-1 alpha-2, upper case
  Field<std::string> city;
  Field<std::string> language;                 // ISO 639-1, lower case
  Field<std::vector<std::string>> categories;  // in the source's words
  Field<std::int64_t> followers;
  Field<std::int64_t> following;
  Field<std::int64_t> content_count;
  Field<std::int64_t> total_views;
  Field<double> engagement_rate;  // fraction, as stated by the source
  Field<double> average_views;
  Field<double> average_likes;
  Field<double> average_comments;
  Field<double> average_shares;
  Field<double> price_usd;  // asked for one collaboration
  Field<bool> verified;
  Field<Time> created_at;
  Field<Time> last_post_at;
  Field<std::vector<std::string>> links;  // outward links the owner published, canonical URLs

  // Adds the origin if it is new; its index goes into each Sourced value that comes from it.
  std::uint16_t origin(const Provenance& provenance);
  friend bool operator==(const Account&, const Account&) = default;
};

// Takes over every field that `update` has from an origin at least as recent as ours; keeps the others.
void merge_account(Account& into, const Account& update);

enum class ContentType : std::uint8_t { video, short_video, post, story, live, other };
std::string_view name(ContentType type);  // "video", "short", "post", "story", "live", "other"
ContentType parse_content_type(std::string_view text);

struct ContentItem {
  ContentId id;
  AccountId account;
  ContentType type = ContentType::other;
  std::string title;  // title or caption
  std::string description;
  std::string url;
  std::string image_url;  // its picture or preview; empty: none known
  std::optional<Time> published_at;
  std::optional<std::int64_t> views;
  std::optional<std::int64_t> likes;
  std::optional<std::int64_t> comments;
  Provenance origin;
  friend bool operator==(const ContentItem&, const ContentItem&) = default;
};

enum class Metric : std::uint8_t { followers, total_views, content_count, average_views, average_likes };
std::string_view name(Metric metric);

struct MetricSnapshot {
  AccountId account;
  Metric metric = Metric::followers;
  Time at = {};
  double value = 0;
  std::uint32_t definition = 1;  // version of the platform's definition of this metric
  Provenance origin;
  friend bool operator==(const MetricSnapshot&, const MetricSnapshot&) = default;
};

// Accounts with an equal key are compared by the resolve room.
struct BlockKey {
  std::string kind;   // "profile": the account itself, or one it links to
  std::string value;  // "instagram/anadances"
  friend auto operator<=>(const BlockKey&, const BlockKey&) = default;
};

// Why an account belongs to a creator.
struct Link {
  AccountId account;
  std::string rule;      // "first_account", "declared_key", "reciprocal_link", …
  std::string evidence;  // in words
  double score = 1;      // probability
  friend bool operator==(const Link&, const Link&) = default;
};

// A phrase that decided a derived value.
struct Evidence {
  std::string field;  // "bio", "content", "category"
  std::string phrase;
  friend bool operator==(const Evidence&, const Evidence&) = default;
};

// One thing said of a creator by a rule or model that reads it. `value` is a key of the vocabulary.
struct Judgement {
  std::string subject;  // "niche", "secondary_niche", "style", "language", "risk"
  std::string value;
  double confidence = 0;           // [0,1], calibrated as docs/scoring.md says
  std::vector<Evidence> evidence;  // the phrases and posts that decided it
  friend bool operator==(const Judgement&, const Judgement&) = default;
};

// Who judged last, when, and from what.
struct Judged {
  std::string by;  // versioned name of the annotator: "words 12", "chat:small-model prompt 2"; empty: nobody
  Time at = {};
  std::uint64_t input = 0;  // hash of what was read
  friend bool operator==(const Judged&, const Judged&) = default;
};

// A step in a follower history that does not fit the rest of it.
struct Spike {
  AccountId account;
  Metric metric = Metric::followers;
  Time at = {};
  double change =
      0;  // what the step gained (or lost, below 0) beyond what was expected, as a fraction of the level
  double score = 0;  // robust deviations from the expected; docs/scoring.md has the threshold
  friend bool operator==(const Spike&, const Spike&) = default;
};

// How believable the followers are, from what is public; absent parts were not known.
struct Credibility {
  double value = 0;          // [0,1]
  double low = 0, high = 1;  // band: the less is known, the wider
  friend bool operator==(const Credibility&, const Credibility&) = default;
};

// How a creator was paid for what it said of a brand, the strongest last.
enum class CollaborationKind : std::uint8_t { gifted, affiliate, paid };
std::string_view name(CollaborationKind kind);  // "gifted", "affiliate", "paid"

// What a creator's own posts disclose about its work with a brand.
struct Collaboration {
  std::string brand;  // letters and digits, folded: "nike"; empty: the posts name nobody
  std::string name;   // as written first: "Nike"
  CollaborationKind kind = CollaborationKind::paid;  // the strongest
  std::uint32_t posts = 0;
  std::optional<Time> first, last;  // of the posts whose time is known
  double confidence = 0;            // [0,1], of the surest post
  std::vector<Evidence> evidence;   // of the newest post that is of this kind
  ContentId post;                   // that one
  friend bool operator==(const Collaboration&, const Collaboration&) = default;
};

// One person or brand, over all platforms. Everything but `id`, `links` and `erased` is derived and may be
// recomputed.
struct Creator {
  CreatorId id;
  std::vector<Link> links;
  std::string name;
  std::string handle;
  std::string image_url;
  std::string primary_niche;  // key of the taxonomy; empty: uncertain
  std::vector<std::string> secondary_niches;
  std::string style;               // "educational", "entertainment", …; empty: uncertain
  std::vector<std::string> risks;  // keys of vocab::risks(), the surest first
  std::string language;            // ISO 639-1; empty: unknown
  std::string country;             // ISO 3166-1 alpha-2; empty: unknown
  std::string summary;
  std::int64_t total_followers = 0;       // sum over accounts that state it
  std::optional<double> engagement_rate;  // fraction, follower-weighted mean of the accounts'
  std::optional<double> growth_rate_30d;  // fraction of followers gained in 30 days, from snapshots
  std::optional<double> growth_trend;  // growth of the last 30 days less that of the 60 before, per 30 days
  std::optional<double> emerging;      // [0,1]: growing fast and steadily from a small base
  std::optional<double> views_per_follower;
  std::optional<double> posts_per_week;
  std::optional<Credibility> credibility;
  std::vector<Spike> spikes;                  // newest first
  std::vector<Collaboration> collaborations;  // newest first
  std::optional<double> sponsored_share;      // of the newest posts, those said to be paid for
  std::optional<double> price_usd;            // lowest asked
  std::optional<Time> last_post_at;
  bool verified = false;
  double quality = 0;                 // [0,1]; its parts are recomputed by enrich::quality
  std::optional<Time> expires_at;     // the strictest of its inputs
  std::uint32_t rules_version = 0;    // of the rules that derived the above
  std::vector<Judgement> judgements;  // behind niches, style, language and risks
  Judged judged;
  Revision revision;  // set by the store
  friend bool operator==(const Creator&, const Creator&) = default;
};

// The first of this subject; null where nothing is judged.
const Judgement* judgement(const Creator& creator, std::string_view subject);

// A creator with what is needed to show, embed or index it.
struct Profile {
  Creator creator;
  std::vector<Account> accounts;   // in the order of creator.links
  std::vector<ContentItem> items;  // newest first, bounded by the caller
  // Newest first, at most max_profile_pictures, without their signatures.
  std::vector<KnownPicture> pictures = {};
};
inline constexpr std::size_t max_profile_pictures = 50;

}  // namespace cdx
