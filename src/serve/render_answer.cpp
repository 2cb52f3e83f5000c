// Search answers, their explanations, suggestions and the status.
#include <algorithm>

#include "serve/render.h"
#include "text/text.h"

namespace cdx::serve {
namespace {

constexpr std::string_view in_content = " in content";

// The terms that scored in content: details read "bm25: danc in content".
std::vector<std::string_view> content_terms(const Hit& hit) {
  constexpr std::string_view prefix = "bm25: ";
  std::vector<std::string_view> out;
  for (const auto& part : hit.parts)
    for (const auto& [detail, value] : part.details) {
      const std::string_view words = detail;
      if (words.starts_with(prefix) && words.ends_with(in_content) &&
          words.size() > prefix.size() + in_content.size())
        out.push_back(words.substr(prefix.size(), words.size() - prefix.size() - in_content.size()));
    }
  return out;
}

bool holds_one(std::string_view words, const std::vector<std::string_view>& terms) {
  const auto tokens = text::analyse(words);
  return std::any_of(tokens.begin(), tokens.end(), [&](const text::Token& token) {
    return std::find(terms.begin(), terms.end(), token.term) != terms.end();
  });
}

void write_details(JsonWriter& out, const ScorePart& part) {
  out.key(part.name).array([&] {
    for (const auto& detail : part.details)
      out.object([&] {
        out.key("name").value(detail.first);
        out.key("value").value(detail.second);
      });
  });
}

void write_parts(JsonWriter& out, const Hit& hit) {
  out.key("parts").array([&] {
    for (const auto& part : hit.parts)
      out.object([&] {
        out.key("name").value(part.name);
        out.key("value").value(part.value);
        out.key("weight").value(part.weight);
        out.key("contribution").value(part.value * part.weight);
      });
  });
}

void write_highlights(JsonWriter& out, const Hit& hit) {
  out.key("highlights").array([&] {
    for (const auto& marked : hit.highlights)
      out.object([&] {
        out.key("field").value(marked.first);
        out.key("html").value(marked.second);
      });
  });
}

void write_hit(JsonWriter& out, const Answer& answer, std::size_t number, const Rendering& with) {
  const auto& hit = answer.hits[number];
  const auto rank = answer.first_rank + number;
  out.object([&] {
    out.key("id").value(hit.id.text());
    out.key("score").value(hit.score);
    out.key("rank").value(static_cast<std::uint64_t>(rank));
    write_creator_fields(out, hit.profile, with.now);
    out.key("accounts").array([&] {
      for (const auto& account : hit.profile.accounts)
        out.object([&] { write_account_fields(out, account); });
    });
    if (with.pictures != nullptr)
      write_matched_pictures(out, hit, number, with);
    else
      write_pictures(out, hit.profile, hit_pictures, with.thumbnails);
    out.key("why").value(hit.why);
    write_parts(out, hit);
    write_highlights(out, hit);
    if (with.explain) write_explain(out, hit);
  });
}

void write_picture_answer(JsonWriter& out, const PictureAnswer& pictures) {
  out.key("picture_space").value(pictures.space);
  out.key("took").object([&] {
    out.key("decode_ms").value(pictures.decode_ms);
    out.key("encode_ms").value(pictures.encode_ms);
    out.key("search_ms").value(pictures.search_ms);
    out.key("compare_ms").value(pictures.compare_ms);
  });
}

void write_facets(JsonWriter& out, const Answer& answer) {
  out.key("facets").array([&] {
    for (const auto& [field, values] : answer.facets)
      out.object([&, &field = field, &values = values] {
        out.key("field").value(field);
        out.key("exact").value(!answer.total_is_lower_bound);
        out.key("values").array([&] {
          for (const auto& count : values)
            out.object([&] {
              out.key("value").value(count.value);
              out.key("count").value(static_cast<std::uint64_t>(count.count));
            });
        });
      });
  });
}

}  // namespace

void write_explain(JsonWriter& out, const Hit& hit) {
  out.key("explain").object([&] {
    // Both are always there, so that readers need not ask.
    for (const auto* always : {"keyword", "semantic"})
      if (std::none_of(hit.parts.begin(), hit.parts.end(),
                       [&](const auto& part) { return part.name == always; }))
        out.key(always).array([] {});
    for (const auto& part : hit.parts)
      if (part.name == "keyword" || part.name == "semantic" || !part.details.empty())
        write_details(out, part);
    const auto terms = content_terms(hit);
    out.key("content").array([&] {
      for (const auto& item : hit.profile.items) {
        if (!holds_one(item.title, terms) && !holds_one(item.description, terms)) continue;
        out.object([&] {
          write_text(out, "title", item.title);
          write_url(out, "url", item.url);
        });
      }
    });
  });
}

std::string render_answer(const Answer& answer, const Rendering& with) {
  JsonWriter out;
  out.object([&] {
    out.key("hits").array([&] {
      for (std::size_t i = 0; i < answer.hits.size(); ++i) write_hit(out, answer, i, with);
    });
    out.key("total").object([&] {
      out.key("value").value(static_cast<std::uint64_t>(answer.total));
      out.key("relation").value(answer.total_is_lower_bound ? "gte" : "eq");
    });
    write_facets(out, answer);
    if (with.understood) write_understood(out, answer.understood);
    write_text(out, "next_cursor", answer.next_cursor);
    out.key("degraded").array([&] {
      for (const auto& note : answer.degraded) out.value(note);
    });
    out.key("plan").value(answer.plan);
    write_text(out, "synonyms", answer.synonyms);
    write_text(out, "question_id", with.question ? with.question->text() : std::string());
    out.key("took_ms").value(with.took_ms);
    if (with.pictures != nullptr) write_picture_answer(out, *with.pictures);
    out.key("index_generation").value(answer.generation);
    out.key("revision").value(answer.revision.value);
    out.key("request_id").value(with.request_id);
  });
  return out.take();
}

std::string render_alias(const Answer& answer, const Rendering& with) {
  JsonWriter out;
  out.object([&] {
    out.key("results").array([&] {
      for (const auto& hit : answer.hits)
        out.object([&] {
          out.key("id").value(hit.id.text());
          out.key("score").value(hit.score);
          out.key("metadata").object([&] {
            write_creator_fields(out, hit.profile, with.now);
            out.key("accounts").array([&] {
              for (const auto& account : hit.profile.accounts)
                out.object([&] { write_account_fields(out, account); });
            });
            out.key("why").value(hit.why);
          });
        });
    });
    out.key("total").value(static_cast<std::uint64_t>(answer.total));
  });
  return out.take();
}

std::string render_suggestions(const std::vector<Suggestion>& suggestions, const Understood& understood,
                               const Rendering& with) {
  JsonWriter out;
  out.object([&] {
    out.key("suggestions").array([&] {
      for (const auto& suggestion : suggestions)
        out.object([&] {
          out.key("kind").value(suggestion.kind);
          out.key("text").value(suggestion.text);
          if (!suggestion.detail.empty()) out.key("detail").value(suggestion.detail);
          if (suggestion.creator) out.key("creator").value(suggestion.creator->text());
        });
    });
    write_understood(out, understood);
    out.key("request_id").value(with.request_id);
  });
  return out.take();
}

std::string render_status(const ServiceFigures& figures, std::uint64_t generation, Revision revision,
                          std::string_view version, const Rendering& with) {
  JsonWriter out;
  out.object([&] {
    out.key("creators").value(figures.creators);
    out.key("indexed").value(figures.indexed);
    out.key("embedded").object([&] {
      out.key("done").value(figures.embedded_done);
      out.key("total").value(figures.embedded_total);
      write_text(out, "model", figures.model);
      out.key("ready").value(figures.model_ready);
    });
    out.key("pictures").object([&] {
      out.key("total").value(figures.pictures);
      out.key("done").value(figures.pictures_done);
      write_text(out, "space", figures.picture_space);
      out.key("reads_words").value(figures.picture_words);
    });
    out.key("takes_data").value(figures.takes_data);
    out.key("revision").value(revision.value);
    out.key("index_generation").value(generation);
    out.key("version").value(version);
    out.key("request_id").value(with.request_id);
  });
  return out.take();
}

}  // namespace cdx::serve
