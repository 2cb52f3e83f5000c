#include "search/understand_words.h"

#include <algorithm>
#include <array>
#include <string>
#include <unordered_set>

namespace cdx::understanding {
namespace {

// Split once at the first use; look-ups allocate nothing.
class WordSet {
 public:
  explicit WordSet(std::string_view bar_separated) {
    while (!bar_separated.empty()) {
      const auto bar = bar_separated.find('|');
      words_.insert(bar_separated.substr(0, bar));
      bar_separated.remove_prefix(bar == std::string_view::npos ? bar_separated.size() : bar + 1);
    }
  }
  bool has(std::string_view word) const { return words_.contains(word); }

 private:
  std::unordered_set<std::string_view> words_;
};

constexpr std::string_view generic_words =
    "influencer|influencers|creator|creators|channel|channels|account|accounts|profile|profiles|people|"
    "person|persons|"
    "personality|personalities|kol|kols|influenceurs|influenciadores|influenciadoras|creadores|criadores";

constexpr std::string_view agent_words =
    "youtuber|youtubers|blogger|vlogger|streamer|dancer|singer|photographer|chef|chefs|coach|coaches|trainer|"
    "reviewer|"
    "gamer|model|models|artist|teacher|comedian|tiktoker|tiktokers|podcaster|musician|musicians|rapper|"
    "educator|expert|"
    "experts|guru|gurus|moms|mums|dads|poets|djs|doctors|nurses|guys|girls|women|men|couples|couple|families|"
    "celebrities|stars|athletes|athlete|gymnasts|geeks|nerds|foodies|cooks|hosts|duos|bands|instagrammers|"
    "instagramers|"
    "igers|journalist|traveler|entrepreneur|entrepreneurs|developer|designer|designers|illustrator|writer|"
    "author|actor|"
    "actress|actresses|physicians|stylist|barber|farmer|engineer|scientist|analyst|analysts|investor|trader|"
    "baker|"
    "magicians|tweeters|pages|streamers|freestylers|podcasts";

// Plurals in -ers, -ors and the like that are things.
constexpr std::string_view things =
    "numbers|letters|flowers|papers|computers|careers|sneakers|burgers|crackers|trailers|colors|doors|floors|"
    "mirrors|"
    "errors|others|powers|dinners|offers|orders|layers|shoulders|triggers|fingers|covers|servers|beers|"
    "tractors|motors|"
    "sensors|reactors|processors|monitors|indoors|outdoors|headers|posters|stickers|containers|rollers|"
    "members|chargers|"
    "controllers|answers|summers|winters|waters|rivers|wonders|disorders|genders|borders|folders|shelters|"
    "hamsters|"
    "lobsters|monsters|followers|subscribers|matters|chapters|filters|routers|printers|speakers|skyscrapers|"
    "tigers|"
    "spiders|dangers|blockers|boosters|rumors|factors|flavors|errors|behaviors|dinosaurs|hours|headliners|"
    "teasers|"
    "thrillers|slippers|trousers|sweaters|diapers|rulers|markers|planners|helicopters|scooters|boosters|"
    "ladders";

constexpr std::string_view topics =
    "food|foods|cooking|cuisine|cuisines|recipe|recipes|dish|dishes|kitchen|baking|dessert|desserts|snack|"
    "snacks|"
    "restaurant|restaurants|wine|wines|beer|tea|coffee|bread|cheese|chocolate|pastry|pastries|bbq|barbecue|"
    "curry|"
    "breakfast|lunch|dinner|sweets|candy|sauce|salad|soup|pizza|pasta|noodles|rice|spices|whiskey|whisky|"
    "vodka|"
    "language|languages|lesson|lessons|grammar|vocabulary|phrases|words|word|alphabet|pronunciation|"
    "dictionary|slang|"
    "accent|speech|verbs|idioms|history|culture|cultures|literature|mythology|folklore|politics|poetry|"
    "philosophy|"
    "religion|tradition|traditions|music|song|songs|pop|rap|drill|garage|grime|folk|opera|drama|dramas|movie|"
    "movies|"
    "film|films|cinema|serial|serials|series|tv|anime|manga|soap|skincare|law|laws|tax|taxes|army|navy|"
    "military|flag|"
    "constitution|government|economy|election|elections|parliament|monarchy|president|football|soccer|"
    "cricket|rugby|"
    "massage|ballet|medicine|martial|guitar|art|architecture|calligraphy|garden|gardens|furniture|denim|cars|"
    "muscle|"
    "watch|watches|wedding|weddings|hair|embroidery|tattoo|tattoos|products|brands|vibe|vibes|aesthetic|visa|"
    "dream|"
    "citizenship|passport|immigration|style|themed|inspired|empire|revolution|war|wars|accents|names|ocean|"
    "railway|"
    "railways|flu|standoff|bacon|cats|cat|dog|dogs|breed|breeds|horse|horses|shepherd|bulldog|terrier|museum|"
    "museums|market|markets|stereotypes|memes|society|customs|holidays|festival|festivals|people|girls|"
    "school|schools";

// "adjective next": names of things.
constexpr std::string_view pairs =
    "brazilian jiu|brazilian wax|brazilian waxing|brazilian butt|brazilian blowout|brazilian phonk|brazilian "
    "funk|"
    "brazilian zouk|chinese zodiac|chinese new|chinese checkers|chinese crested|japanese knotweed|japanese "
    "garden|"
    "japanese gardening|japanese knife|japanese knives|korean beauty|korean bbq|american dad|american idol|"
    "american horror|american ninja|american pie|american bully|american staffordshire|american "
    "girl|american sign|"
    "american psycho|american indian|american express|american truck|american sniper|american gods|swiss "
    "army|cuban link|"
    "cuban cigars|irish dance|irish dancing|irish setter|irish wolfhound|scottish fold|scottish terrier|"
    "scottish highlands|russian blue|russian roulette|russian doll|persian cat|persian rug|persian "
    "rugs|afghan hound|"
    "danish pastry|dutch oven|dutch angle|dutch pour|dutch bros|thai boxing|thai yoga|greek yogurt|greek "
    "gods|"
    "greek tragedy|egyptian cotton|egyptian gods|british shorthair|british baking|british bake|british "
    "council|"
    "australian shepherd|australian open|australian cattle|french toast|french press|french fries|french "
    "horn|"
    "french manicure|french tips|french kiss|french open|french polynesia|french riviera|french "
    "bulldog|french braid|"
    "french tuck|french onion|german shepherd|german wheel|italian job|italian greyhound|spanish flu|spanish "
    "guitar|"
    "turkish delight|turkish airlines|turkish bath|mexican standoff|canadian bacon|canadian shield|welsh "
    "corgi|"
    "hungarian dance|polish remover|uk drill|uk garage|uk grime|us army|us navy|us open|us history|us dollar|"
    "us stocks|us stock|uk visa|us visa|indian ocean|indian runner|indian classical|bulgarian split|romanian "
    "deadlift|"
    "romanian deadlifts|swedish house|swedish chef|norwegian forest|maltese falcon|burmese python|dominican "
    "republic|"
    "panamanian hat|singaporean math|vietnamese pot|ethiopian airlines|argentine tango|portuguese "
    "man|belgian malinois|"
    "belgian waffles|ukrainian war|south park|usa today|us mint|us open|us marines|us presidents|us "
    "elections";

constexpr std::string_view two_word_topics =
    "street food|street style|street fashion|classical music|classical dance|folk music|folk dance|hip "
    "hop|stand up|"
    "real estate law|civil war|world war|rock music|soap opera|fairy tales|home cooking|house tour|work "
    "culture";

constexpr std::string_view platform_subjects =
    "marketing|growth|seo|automation|ads|ad|algorithm|algorithms|tips|tip|api|shop|monetization|analytics|"
    "studio|"
    "thumbnails|thumbnail|strategy|strategies|views|money|hashtags|hashtag|captions|caption|trend|trends|"
    "trending|kids|"
    "music|premium|filters|filter|reels|stories|template|templates|earnings|bot|bots|downloader|secrets|"
    "hacks|hack|"
    "manager|managers|management|agency|agencies|course|courses|coach|coaches|expert|experts|consultant|"
    "consultants|"
    "strategist|strategists|guru|gurus|specialist|specialists|tutorial|tutorials|success|income|business|"
    "addiction|ban|"
    "compilation|compilations|challenge|challenges|famous|dance|dances|recipe|recipes|growing|editing|editor|"
    "editors|"
    "history|drama|rewind|shorts|sounds|songs|memes|app|downloads|followers|subscribers|statistics|data|"
    "beginners";

bool ends(std::string_view word, std::string_view suffix) {
  return word.size() >= suffix.size() + 3 && word.ends_with(suffix);
}

}  // namespace

bool generic_noun(std::string_view word) {
  static const WordSet set(generic_words);
  return set.has(word);
}

bool agent_noun(std::string_view word) {
  static const WordSet agents(agent_words), not_agents(things);
  if (agents.has(word)) return true;
  static constexpr std::array<std::string_view, 4> suffixes = {"ers", "ors", "ists", "ians"};
  const bool person =
      std::any_of(suffixes.begin(), suffixes.end(), [&](auto suffix) { return ends(word, suffix); });
  return person && !not_agents.has(word);
}

bool topic_after_adjective(std::string_view word) {
  static const WordSet set(topics);
  return set.has(word);
}

bool fixed_name(std::string_view adjective, std::string_view next, std::string_view after_next) {
  static const WordSet names(pairs), topics_of_two(two_word_topics);
  return names.has(std::string(adjective).append(" ").append(next)) ||
         topics_of_two.has(std::string(next).append(" ").append(after_next));
}

bool subject_after_platform(std::string_view word) {
  static const WordSet set(platform_subjects);
  return set.has(word);
}

}  // namespace cdx::understanding
