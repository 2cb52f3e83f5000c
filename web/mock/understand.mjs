// A small stand-in for reading filters from words.
import { niches } from "./data.mjs";

const platforms = { tiktok: "TikTok", instagram: "Instagram", youtube: "YouTube", twitch: "Twitch" };
const countries = { brazil: "BR", germany: "DE", india: "IN", france: "FR", mexico: "MX", japan: "JP", italy: "IT", spain: "ES", nigeria: "NG", netherlands: "NL", indonesia: "ID", "united states": "US", "united kingdom": "GB" };
const names = new Intl.DisplayNames(["en"], { type: "region" });
const scale = { k: 1e3, m: 1e6 };
const short = (n) => (n >= 1e6 ? `${n / 1e6}M` : n >= 1e3 ? `${n / 1e3}k` : `${n}`);

export function understand(q, ignore = []) {
  const chips = [];
  let rest = q;
  const take = (pattern, make) => {
    for (const match of q.matchAll(new RegExp(pattern, "gi"))) {
      const made = make(match);
      if (!made) continue;
      const begin = Buffer.byteLength(q.slice(0, match.index));
      rest = rest.replace(match[0], " ");
      if (ignore.includes(made.id)) continue;
      chips.push({ negated: false, soft: false, effect: null, begin, end: begin + Buffer.byteLength(match[0]), ...made });
    }
  };
  take("\\bnot ([a-z]+)\\b", ([, word]) =>
    niches[word]
      ? { id: `not:niche=${word}`, label: `not: ${niches[word][0].toLowerCase()}`, field: "niche", negated: true, soft: true, effect: "weighed in meaning and words: 3 left out, 12 pushed down", filter: { not: { field: "niche", in: [word] } } }
      : { id: `not:${word}`, label: `not: ${word}`, field: "words", negated: true, words: word });
  take("(?:\\bon )?\\b(tiktok|instagram|youtube|twitch)\\b", ([, word]) => {
    const key = word.toLowerCase();
    return { id: `platform=${key}`, label: `platform: ${platforms[key]}`, field: "platform", filter: { field: "platform", in: [key] } };
  });
  take(`\\b(?:from|in) (${Object.keys(countries).join("|")})\\b`, ([, word]) => {
    const code = countries[word.toLowerCase()];
    return { id: `country=${code}`, label: `country: ${names.of(code)}`, field: "country", filter: { field: "country", in: [code] } };
  });
  take("\\bwith (\\d+(?:\\.\\d+)?)(k|m)\\+ followers\\b|\\b(\\d+(?:\\.\\d+)?)(k|m)\\+ followers\\b", (m) => {
    const n = Number(m[1] ?? m[3]) * scale[(m[2] ?? m[4]).toLowerCase()];
    return { id: `followers>=${n}`, label: `followers ≥ ${short(n)}`, field: "followers", filter: { field: "followers", gte: n } };
  });
  take("\\bunder (\\d+(?:\\.\\d+)?)(k|m) followers\\b", (m) => {
    const n = Number(m[1]) * scale[m[2].toLowerCase()];
    return { id: `followers<${n}`, label: `followers < ${short(n)}`, field: "followers", filter: { field: "followers", lt: n } };
  });
  take("\\b(?:with )?over (\\d+(?:\\.\\d+)?)% engagement\\b", ([, n]) => {
    const rate = Number(n) / 100;
    return { id: `engagement_rate>${rate}`, label: `engagement > ${n}%`, field: "engagement_rate", filter: { field: "engagement_rate", gt: rate } };
  });
  chips.sort((a, b) => a.begin - b.begin);
  rest = rest.replace(/\b(creators?|influencers?|with)\b/gi, " ").replace(/\s+/g, " ").trim();
  return { rest, chips };
}
