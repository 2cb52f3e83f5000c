// A small stand-in for search: words, filters, facets, order, cursors.
import { niches } from "./data.mjs";
import { understand } from "./understand.mjs";

const fold = (text) => (text ?? "").normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
const stem = (word) => word.replace(/(ing|ers|er|s)$/, "");
const tokens = (text) => fold(text).match(/[\p{L}\p{N}]+/gu) ?? [];
const escape = (text) => text.replace(/[&<>"']/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" })[c]);

export class Invalid extends Error {
  constructor(pointer, code, detail, status = 400) {
    super(detail);
    Object.assign(this, { pointer, code, status });
  }
}

const keyword = {
  platform: (c) => c.accounts.map((one) => one.platform),
  niche: (c) => (c.primary_niche ? [c.primary_niche] : []),
  secondary_niche: (c) => c.secondary_niches,
  country: (c) => (c.country ? [c.country] : []),
  language: (c) => (c.language ? [c.language] : []),
  style: (c) => (c.style ? [c.style] : []),
  activity: (c) => [c.activity],
  follower_band: (c) => (c.follower_band ? [c.follower_band] : []),
  verified: (c) => [String(c.verified)],
  risk: (c) => c.risks,
};
const number = {
  followers: (c) => c.followers,
  engagement_rate: (c) => c.engagement_rate,
  price_usd: (c) => c.price_usd,
  growth_rate_30d: (c) => c.growth_rate_30d,
  last_post_at: (c) => (c.last_post_at ? Date.parse(c.last_post_at) / 1000 : null),
  quality: (c) => c.quality,
  emerging: (c) => c.emerging,
  credibility: (c) => c.credibility?.value ?? null,
  views_per_follower: (c) => c.views_per_follower,
  posts_per_week: (c) => c.posts_per_week,
  growth_trend: (c) => c.growth_trend,
};

function passes(c, f, at = "/filter") {
  if (f.all) return f.all.every((one, i) => passes(c, one, `${at}/all/${i}`));
  if (f.any) return f.any.some((one, i) => passes(c, one, `${at}/any/${i}`));
  if (f.not) return !passes(c, f.not, `${at}/not`);
  if (f.in) {
    if (!keyword[f.field]) throw new Invalid(`${at}/field`, "unknown_field", `there is no keyword field "${f.field}"`);
    return keyword[f.field](c).some((one) => f.in.includes(one));
  }
  if (!number[f.field]) throw new Invalid(`${at}/field`, "unknown_field", `there is no number field "${f.field}"`);
  const value = number[f.field](c);
  if (value === null) return false;
  return !(value < f.gte || value <= f.gt || value > f.lte || value >= f.lt);
}

function mark(text, stems) {
  let hit = false;
  const html = text.replace(/[\p{L}\p{N}\p{M}]+|[^\p{L}\p{N}\p{M}]+/gu, (word) => {
    if (!stems.has(stem(fold(word)))) return escape(word);
    hit = true;
    return `<mark>${escape(word)}</mark>`;
  });
  return hit ? html : null;
}

const fieldsOf = (c) => [["name", c.name, 3], ["handle", c.handle, 2], ["niche", c.niche_label, 2], ["bio", c.bio, 2], ["summary", c.summary, 1], ["content", c.content.map((one) => one.title).join(" "), 1]];

function scoreOf(c, words, mode) {
  let matched = 0;
  const details = [];
  for (const word of words) {
    let best = 0;
    for (const [field, text, weight] of fieldsOf(c)) {
      if (tokens(text).some((one) => stem(one) === word || (field === "name" && one.startsWith(word)))) {
        best = Math.max(best, weight / 3);
        details.push({ name: `bm25: ${word} in ${field}`, value: weight * 1.07 });
      }
    }
    matched += best;
  }
  const k = words.length ? Math.min(1, matched / words.length) : 0;
  const s = words.length ? Math.min(1, k * 0.7 + (c.quality * 7919) % 0.25) : 0;
  const weights = mode === "keyword" ? [0.95, 0, 0.05] : mode === "semantic" ? [0, 0.95, 0.05] : [0.45, 0.5, 0.05];
  const parts = [["keyword", k], ["semantic", s], ["quality", c.quality]].map(([name, value], i) => ({ name, value, weight: weights[i], contribution: value * weights[i] }));
  return { c, k, score: parts.reduce((sum, one) => sum + one.contribution, 0), parts, details };
}

function why(c, words, found) {
  const said = [];
  if (found.length) said.push(`bio speaks of ${found.slice(0, 2).join(" and ")}`);
  if (words.length && c.content.length) said.push(`${1 + (c.content.length >> 1)} of ${c.content.length} posts on ${niches[c.primary_niche]?.[1][0] ?? "it"}`);
  if ((c.engagement_rate ?? 0) > 0.05) said.push("strong engagement");
  if (said.length === 0) said.push(c.niche_label ? `${c.niche_label.toLowerCase()} creator that passes the filters` : "passes the filters");
  return said.join("; ");
}

export function summaryOf(c) {
  const { bio, content, growth, judgements, judged_by, spikes, credibility_parts, quality_parts, definitions, links, expires_at, accounts, ...rest } = c;
  const brief = accounts.map(({ id, platform, handle, url, followers, engagement_rate, fetched_at, expires_at: until, source }) => ({ id, platform, handle, url, followers, engagement_rate, fetched_at, expires_at: until, source }));
  return { ...rest, accounts: brief };
}

function toHit(one, rank, words, stems, body) {
  const { c } = one;
  const highlights = [];
  if (stems.size && body.highlight !== false) {
    const content = c.content.map((item) => item.title).find((title) => mark(title, stems));
    for (const [field, text] of [["name", c.name], ["bio", c.bio], ["content", content], ["summary", c.summary]]) {
      const html = text ? mark(text, stems) : null;
      if (html) highlights.push({ field, html });
    }
  }
  const found = tokens(c.bio).filter((word) => stems.has(stem(word)));
  const hit = { ...summaryOf(c), score: one.score, rank, why: why(c, words, [...new Set(found)]), parts: one.parts, highlights };
  if (body.explain) {
    hit.explain = { keyword: one.details, semantic: [{ name: `${c.accounts[0].platform}_bio`, value: one.parts[1].value }], content: c.content.slice(0, 2).map(({ title, url }) => ({ title, url })) };
  }
  return hit;
}

const allowed = new Set(["q", "filter", "facets", "sort", "mode", "fusion", "limit", "cursor", "explain", "highlight", "understand", "ignore"]);

export function search(creators, body) {
  for (const key of Object.keys(body)) if (!allowed.has(key)) throw new Invalid(`/${key}`, "unknown_field", "is not a field of a search");
  const limit = body.limit ?? 20;
  if (!(Number.isInteger(limit) && limit >= 1 && limit <= 100)) throw new Invalid("/limit", "out_of_range", "must be between 1 and 100");
  const offset = body.cursor ? Number(Buffer.from(body.cursor, "base64url").toString()) : 0;
  if (!Number.isInteger(offset)) throw new Invalid("/cursor", "cursor_expired", "the snapshot behind this cursor is gone", 410);
  const understood = understand(body.q ?? "", body.ignore ?? []);
  const filters = understood.chips.map((chip) => chip.filter).filter(Boolean);
  if (body.filter) filters.push(body.filter);
  const banned = understood.chips.filter((chip) => chip.words).map((chip) => stem(fold(chip.words)));
  const words = [...new Set(tokens(understood.rest).map(stem))];
  let found = creators.filter((c) => filters.every((one) => passes(c, one))).map((c) => scoreOf(c, words, body.mode ?? "hybrid"));
  if (words.length) found = found.filter((one) => one.k > 0.2);
  if (banned.length) found = found.filter(({ c }) => !fieldsOf(c).some(([, text]) => tokens(text).some((one) => banned.includes(stem(one)))));
  const sort = body.sort?.[0];
  const value = (one) => (sort && sort.field !== "score" ? (number[sort.field]?.(one.c) ?? (sort.dir === "asc" ? Infinity : -Infinity)) : one.score);
  const turn = sort?.dir === "asc" ? -1 : 1;
  found.sort((a, b) => (value(b) - value(a)) * turn || (a.c.id < b.c.id ? -1 : 1));
  const facets = (body.facets ?? []).map((field) => {
    if (!keyword[field]) throw new Invalid("/facets", "unknown_field", `there is no keyword field "${field}"`);
    const counts = new Map();
    for (const { c } of found) for (const one of new Set(keyword[field](c))) counts.set(one, (counts.get(one) ?? 0) + 1);
    return { field, values: [...counts].map(([name, count]) => ({ value: name, count })).sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1)) };
  });
  const stems = new Set(words);
  const page = found.slice(offset, offset + limit);
  return {
    hits: page.map((one, i) => toHit(one, offset + i + 1, words, stems, body)),
    total: { value: found.length, relation: "eq" },
    ...(body.facets ? { facets } : {}),
    understood: { rest: understood.rest, chips: understood.chips.map(({ filter, words: _, ...chip }) => chip) },
    next_cursor: offset + limit < found.length ? Buffer.from(String(offset + limit)).toString("base64url") : null,
    degraded: [], plan: "all documents", took_ms: 1.9, index_generation: 12, revision: 40,
  };
}

export function similar(creators, id, limit) {
  const self = creators.find((c) => c.id === id);
  if (!self) return null;
  const near = creators.filter((c) => c !== self && c.primary_niche === self.primary_niche).map((c) => scoreOf(c, [], "semantic"));
  const page = near.sort((a, b) => b.score - a.score).slice(0, limit);
  return { hits: page.map((one, i) => toHit(one, i + 1, [], new Set(), {})), total: { value: near.length, relation: "eq" }, next_cursor: null, degraded: [], plan: "nearest", took_ms: 0.8, index_generation: 12, revision: 40 };
}

export function suggest(creators, q, limit) {
  const wanted = fold(q.trim());
  const last = wanted.split(/\s+/).at(-1) ?? "";
  const out = [];
  const short = (n) => (n === null ? "" : n >= 1e6 ? ` · ${(n / 1e6).toFixed(1)}M` : n >= 1e3 ? ` · ${Math.round(n / 1e3)}k` : ` · ${n}`);
  for (const c of creators) {
    if (out.length >= limit - 2) break;
    if (tokens(c.name).some((one, i, all) => all.slice(i).join(" ").startsWith(wanted)) || fold(c.handle).startsWith(wanted)) {
      out.push({ kind: "creator", text: c.name ?? c.handle, detail: `@${c.handle}${short(c.followers)}`, creator: c.id });
    }
  }
  if (last.length > 1) {
    for (const [label] of Object.values(niches)) if (out.length < limit && fold(label).startsWith(last)) out.push({ kind: "niche", text: label });
    for (const place of ["Brazil", "Germany", "India", "France", "Mexico", "Italy", "Nigeria"]) {
      if (out.length < limit && fold(place).startsWith(last)) out.push({ kind: "place", text: place });
    }
  }
  const { chips } = understand(q);
  return { suggestions: out, understood: { chips: chips.map(({ filter, words: _, ...chip }) => chip) } };
}
