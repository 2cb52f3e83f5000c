#include <fmt/format.h>

#include <algorithm>

#include "app/config.h"
#include "search/search.h"

namespace cdx::app {
namespace {

const RankingWeights weights;  // the defaults are said once, in the search room
std::string shown(double number) { return fmt::format("{}", number); }

}  // namespace

const std::vector<Key>& keys() {
  static const std::vector<Key> all{
      {"data", KeyType::path, "creatordex-data", "folder that holds everything", "a folder"},
      {"store", KeyType::text, "sqlite:creatordex.db", "where the truth is kept; relative to the data folder",
       "sqlite:FILE or memory:"},
      {"search", KeyType::text, "embedded:index", "where the index is kept; relative to the data folder",
       "embedded:FOLDER or memory:"},
      {"embed", KeyType::text, "openvino", "what turns texts into vectors",
       "openvino, openvino:FOLDER, hashing:DIMENSION, https://HOST/v1/embeddings#model=NAME&dimension=N or "
       "none"},
      {"embed_key_variable", KeyType::text, "",
       "environment variable that holds the key of a remote embedding endpoint; empty: it wants none",
       "a name"},
      {"embed_queries", KeyType::flag, "true",
       "send texts of searches to a remote embedding endpoint; false: they are searched by words",
       "true or false"},
      {"embed_threads", KeyType::whole, "0", "threads of the local model; 0: one a core", "0 to 256", 0, 256},
      {"image_model", KeyType::text, "auto",
       "what turns pictures into vectors; auto: what was switched to last, else CLIP where it is installed, "
       "else "
       "layout",
       "auto, layout (colours and shapes), clip, clip:FOLDER, the name of an installed model, or none"},
      {"image_device", KeyType::text, "CPU", "where the model of pictures is computed",
       "a device of OpenVINO"},
      {"image_threads", KeyType::whole, "0", "threads of the model of pictures; 0: one a core", "0 to 256", 0,
       256},
      {"image_templates", KeyType::text, "{}|a photo of {}.",
       "sentences that words are put into before they are compared with pictures; their vectors are averaged",
       "sentences with {} in them, separated by |"},
      {"model_mirror", KeyType::text, "", "where `model pull` fetches from; empty: the publisher",
       "https://HOST, with the publisher's paths"},
      {"annotate", KeyType::text, "words", "what judges niche, style, language and risks of creators",
       "words or chat:https://HOST/v1/chat/completions#model=NAME"},
      {"annotate_key_variable", KeyType::text, "",
       "environment variable that holds the key of the chat endpoint; empty: it wants none", "a name"},
      {"annotate_daily_usd", KeyType::fraction, "1",
       "what chat requests may cost a day (UTC), by the prices given with the endpoint; 0: no limit",
       "0 to 1000000", 0, 1'000'000},
      {"annotate_daily_requests", KeyType::whole, "2000", "chat requests a day (UTC); 0: no limit",
       "0 to 1000000000", 0, 1'000'000'000},
      {"annotate_daily_tokens", KeyType::whole, "0", "tokens of chat requests a day (UTC); 0: no limit",
       "0 to 1000000000000", 0, 1'000'000'000'000},
      {"server.address", KeyType::text, "127.0.0.1", "address to listen on", "an IP address"},
      {"server.port", KeyType::whole, "8000", "port to listen on; 0: any free one", "0 to 65535", 0, 65'535},
      {"server.workers", KeyType::whole, "8", "threads that answer requests", "1 to 256", 1, 256},
      {"server.allowed_hosts", KeyType::text, "", "host names accepted beside localhost, separated by commas",
       "host names"},
      {"server.allow_writes", KeyType::choice, "auto",
       "clients may send data and pictures (/upload, /ingest); auto: only to a server on a loopback address",
       "auto|true|false"},
      {"server.upload_mb", KeyType::whole, "32", "largest body of /upload and /ingest, in MiB", "1 to 256", 1,
       256},
      {"server.index", KeyType::flag, "true", "follow the store and keep the index in step", "true or false"},
      {"server.embed", KeyType::flag, "true",
       "embed what has no vector; false: a separate `creatordex embed` does", "true or false"},
      {"server.enrich", KeyType::flag, "true",
       "judge creators that are new or have changed; false: a separate `creatordex enrich` does",
       "true or false"},
      {"usage.log", KeyType::flag, "true",
       "keep what was shown and chosen, to learn from; never the words that were typed", "true or false"},
      {"usage.candidates", KeyType::whole, "100",
       "candidates of a question that are kept with what they were ranked by, shown or not; 0: those shown",
       "0 to 1000", 0, 1'000},
      {"usage.keep_days", KeyType::whole, "30", "how long that is kept", "1 to 3650", 1, 3'650},
      {"ranking.alpha", KeyType::fraction, shown(weights.alpha), "weight of the words", "0 to 1", 0, 1},
      {"ranking.beta", KeyType::fraction, shown(weights.beta), "weight of the meaning", "0 to 1", 0, 1},
      {"ranking.gamma", KeyType::fraction, shown(weights.gamma), "weight of the quality", "0 to 1", 0, 1},
      {"ranking.saturation", KeyType::fraction, shown(weights.saturation),
       "share of the BM25 limit that gives about half", "0.01 to 1", 0.01, 1},
      {"ranking.cosine_low", KeyType::fraction, shown(weights.cosine_low),
       "cosine that counts as no likeness", "-1 to 1", -1, 1},
      {"ranking.cosine_high", KeyType::fraction, shown(weights.cosine_high),
       "cosine that counts as full likeness", "-1 to 1", -1, 1},
      {"ranking.picture_low", KeyType::fraction, shown(weights.picture_low),
       "cosine of two pictures that counts as hardly any likeness", "-0.99 to 1", -0.99, 1},
      {"ranking.picture_high", KeyType::fraction, shown(weights.picture_high),
       "cosine of two pictures that counts as full likeness", "-0.99 to 1", -0.99, 1},
      {"ranking.picture_words_low", KeyType::fraction, shown(weights.picture_words_low),
       "cosine of words and a picture that counts as hardly any likeness", "-0.99 to 1", -0.99, 1},
      {"ranking.picture_words_high", KeyType::fraction, shown(weights.picture_words_high),
       "cosine of words and a picture that counts as full likeness", "-0.99 to 1", -0.99, 1},
      {"ranking.rrf_k", KeyType::fraction, shown(weights.rrf_k), "constant of reciprocal rank fusion",
       "1 to 1000", 1, 1'000},
      {"ranking.min_score", KeyType::fraction, shown(SearcherOptions{}.min_score),
       "fused score below which a creator is left out", "0 to 1", 0, 1},
      {"ranking.vector_weights", KeyType::text, "",
       "weights of vector fields, such as youtube_bio=1,youtube_content=0.8; 1 where not named",
       "FIELD=WEIGHT,…"},
      {"log.level", KeyType::choice, "info", "least level that is logged", "debug|info|warning|error"},
  };
  return all;
}

std::string environment_name(const Key& key) {
  std::string out = "CREATORDEX_" + key.name;
  std::transform(out.begin(), out.end(), out.begin(), [](unsigned char c) {
    return static_cast<char>(c == '.' ? '_' : c >= 'a' && c <= 'z' ? c - 32 : c);
  });
  return out;
}

}  // namespace cdx::app
