// A small stand-in for matching: briefs, campaigns, plans, events, in the shapes of docs/api.md.
import { createHash } from "node:crypto";
import { niches } from "./data.mjs";
import { Invalid, summaryOf } from "./search.mjs";

const texts = ["product_name", "brand_name", "product_description", "target_audience", "campaign_goal", "product_niche"];
const lists = ["key_use_cases", "platforms", "countries", "languages", "competitors"];
const numbers = { total_budget_usd: 1e12, min_followers: 1e12, max_followers: 1e12, min_engagement: 1, max_engagement: 1 };
const platforms = ["youtube", "instagram", "tiktok", "x", "twitch", "other"];
const builtIn = ["balanced", "seed-004", "seed-001", "seed-002"];
const tokens = (text) => (text ?? "").normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().match(/[\p{L}\p{N}]{4,}/gu) ?? [];
const sum = (values) => values.reduce((total, one) => total + one, 0);

function need(holds, pointer, code, detail) {
  if (!holds) throw new Invalid(pointer, code, detail);
}

function only(body, allowed, at) {
  for (const key of Object.keys(body)) need(allowed.includes(key), `${at}/${key}`, "unknown_field", "is not known here");
}

export function readBrief(brief) {
  need(brief && typeof brief === "object", "/brief", "missing", "must be given: what the campaign is for");
  only(brief, [...texts, ...lists, ...Object.keys(numbers)], "/brief");
  for (const field of texts) need(brief[field] == null || typeof brief[field] === "string", `/brief/${field}`, "wrong_type", "must be a string");
  for (const [field, most] of Object.entries(numbers)) {
    const value = brief[field];
    need(value == null || (typeof value === "number" && value >= 0 && value <= most), `/brief/${field}`, "out_of_range", `must be between 0 and ${most}`);
  }
  for (const name of ["followers", "engagement"]) {
    const [low, high] = [brief[`min_${name}`], brief[`max_${name}`]];
    need(low == null || high == null || low <= high, `/max_${name}`, "invalid", `is below min_${name}`);
  }
  (brief.platforms ?? []).forEach((one, i) => need(platforms.includes(one), `/platforms/${i}`, "invalid", `"${one}" is not a platform`));
  (brief.countries ?? []).forEach((one, i) => need(/^[A-Z]{2}$/.test(one), `/countries/${i}`, "invalid", `"${one}" is not an ISO 3166-1 code of two capitals`));
  return brief;
}

function within(c, brief) {
  const between = (value, low, high) => (low == null && high == null) || (value != null && !(value < low) && !(value > high));
  const among = (values, wanted) => !wanted?.length || values.some((one) => wanted.includes(one));
  return (
    between(c.followers, brief.min_followers, brief.max_followers) &&
    between(c.engagement_rate, brief.min_engagement, brief.max_engagement) &&
    among(c.accounts.map((one) => one.platform), brief.platforms) &&
    among([c.country], brief.countries) &&
    among([c.language], brief.languages)
  );
}

function nicheOf(text) {
  const wanted = (text ?? "").trim().toLowerCase();
  return Object.keys(niches).find((key) => key === wanted || niches[key][0].toLowerCase() === wanted) ?? null;
}

const unknown = (name, reason) => ({ name, value: null, reason, details: [] });
const known = (name, value, reason, details = []) => ({ name, value: Math.min(1, Math.max(0, value)), reason, details });

function relevance(c, brief) {
  const wanted = new Set([...texts.flatMap((field) => tokens(brief[field])), ...(brief.key_use_cases ?? []).flatMap(tokens)]);
  const own = new Set(tokens([c.name, c.bio, c.summary, c.niche_label, ...c.content.map((one) => one.title)].join(" ")));
  const shared = [...wanted].filter((one) => own.has(one));
  const value = Math.min(1, 0.15 + 0.2 * shared.length + ((c.quality * 7919) % 0.2));
  return known("relevance", value, shared.length > 1 ? "texts have many of the brief's words" : shared.length ? "texts touch what the brief is about" : "texts say little of what the brief is about", [{ name: "keyword", value: shared.length / Math.max(1, wanted.size) }]);
}

function nichePart(c, brief) {
  if (!brief.product_niche) return unknown("niche", "the brief names no niche");
  const asked = nicheOf(brief.product_niche);
  if (!asked) return unknown("niche", `"${brief.product_niche}" is not a niche of the taxonomy`);
  if (!c.primary_niche) return unknown("niche", "the creator's niche is not known");
  const same = c.primary_niche === asked;
  const also = c.secondary_niches.includes(asked);
  return known("niche", same ? 1 : also ? 0.8 : 0.1, same ? `makes ${c.niche_label}, as asked` : also ? `also makes ${niches[asked][0]}, as asked` : `makes ${c.niche_label}, not ${niches[asked][0]}`, [{ name: `${c.primary_niche} for ${asked}`, value: same ? 1 : 0.1 }]);
}

function audience(c, brief) {
  if (!brief.target_audience && !brief.countries?.length && !brief.languages?.length) return unknown("audience", "the brief names no audience");
  if (!c.country && !c.language) return unknown("audience", "not known: language, country");
  const said = [];
  let value = 0.45;
  if (brief.countries?.includes(c.country) || tokens(brief.target_audience).includes("brazil") && c.country === "BR") (value += 0.4), said.push(`is in ${c.country}`);
  if (brief.languages?.includes(c.language)) (value += 0.15), said.push(`speaks ${c.language}`);
  return known("audience", value, said.join("; ") || "little speaks for this audience", [{ name: "language", value: 0.5 }, { name: "country", value: value - 0.1 }]);
}

function engagement(c) {
  if (c.engagement_rate === null) return unknown("engagement", "the engagement rate is not known");
  return known("engagement", 0.3 + c.engagement_rate * 7, `${(c.engagement_rate * 100).toFixed(1)} % of the followers react`, [{ name: "rate", value: c.engagement_rate }]);
}

function budgetPart(c, brief) {
  if (!brief.total_budget_usd) return unknown("budget", "the brief names no budget");
  if (!c.price_usd) return unknown("budget", "the price is not known");
  const share = brief.total_budget_usd / 10;
  return known("budget", 0.9 * Math.min(1.1, share / c.price_usd), `asks $${c.price_usd}; $${share.toFixed(0)} is one of 10 shares of the budget`);
}

const weights = { relevance: 0.5, niche: 0.2, audience: 0.2, engagement: 0.05, budget: 0.05 };

function score(c, brief, profile) {
  const parts = [relevance(c, brief), nichePart(c, brief), audience(c, brief), engagement(c), budgetPart(c, brief)];
  const counts = (part) => part.value !== null && (profile === "balanced" || part.name === "relevance");
  const total = sum(parts.filter(counts).map((part) => weights[part.name]));
  for (const part of parts) {
    part.weight = counts(part) ? weights[part.name] / total : 0;
    part.contribution = part.value === null ? 0 : part.weight * part.value;
  }
  return { c, parts, score: sum(parts.map((part) => part.contribution)) };
}

function why({ c, parts }) {
  const best = parts.filter((part) => part.value !== null).sort((a, b) => b.contribution - a.contribution).slice(0, 2);
  return `${c.name ?? `@${c.handle}`}: ${best.map((part) => part.reason).join("; ")}`;
}

function ranked(creators, brief, profile) {
  return creators.filter((c) => within(c, brief)).map((c) => score(c, brief, profile)).sort((a, b) => b.score - a.score || (a.c.id < b.c.id ? -1 : 1));
}

const base32 = "0123456789abcdefghjkmnpqrstvwxyz";
const idOf = (prefix, text) => prefix + [...createHash("sha256").update(text).digest()].slice(0, 13).map((byte) => base32[byte % 32]).join("");

function profileOf(name = "balanced") {
  if (!builtIn.includes(name)) throw new Invalid("/profile", "unknown_value", `there is no scoring profile "${name}"`, 404);
  return name;
}

function scoreOf(one, profile, at) {
  const part = (name) => one.parts.find((each) => each.name === name)?.value ?? 0.5;
  const scores = { match: one.score, niche: part("niche"), audience: part("audience"), engagement: part("engagement"), budget: part("budget") };
  return { scores, profile, formula: 2, model: "all-minilm-l6-v2", at };
}

/** What the mock remembers: campaigns, questions, events. */
export class Matching {
  campaigns = new Map();
  rankings = new Map(); // by campaign: scores by creator
  former = new Map();
  who = new Map();
  questions = new Set();
  events = [];

  match(creators, body) {
    only(body, ["brief", "campaign_id", "profile", "limit", "cursor", "explain", "keep"], "");
    const brief = readBrief(body.brief);
    const profile = profileOf(body.profile);
    const id = body.campaign_id ?? idOf("cm_", JSON.stringify(brief));
    const at = new Date().toISOString();
    if (body.keep !== false) this.campaigns.set(id, { id, brief: full(brief), created_at: this.campaigns.get(id)?.created_at ?? at, updated_at: at });
    const question = this.ask(id);
    const all = ranked(creators, brief, profile);
    if (!body.cursor && body.keep !== false) this.keep(id, all, profile, at);
    const limit = body.limit ?? 20;
    const offset = body.cursor ? Number(Buffer.from(body.cursor, "base64url").toString()) : 0;
    if (!Number.isInteger(offset)) throw new Invalid("/cursor", "cursor_expired", "the ranking behind this cursor is gone", 410);
    const page = all.slice(offset, offset + limit);
    return {
      campaign_id: id, question_id: question,
      matches: page.map((one, i) => ({
        ...summaryOf(one.c), rank: offset + i + 1, score: one.score, clamped: false, why: why(one),
        parts: one.parts.map(({ details, ...part }) => (body.explain ? { ...part, details } : part)),
      })),
      first_rank: offset + 1, total: all.length, matching: all.length, bounded: false,
      next_cursor: offset + limit < all.length ? Buffer.from(String(offset + limit)).toString("base64url") : null,
      profile: { name: profile, formula: 1 }, model: "all-minilm-l6-v2", degraded: [], plan: "all documents", took_ms: 3.1, index_generation: 12, revision: 40,
    };
  }

  /** The last ranking stands; what it replaces goes to the history. */
  keep(id, all, profile, at) {
    const before = this.rankings.get(id) ?? new Map();
    const former = this.former.get(id) ?? new Map();
    const rows = new Map(all.map((one) => [one.c.id, scoreOf(one, profile, at)]));
    for (const [creator, score] of before) {
      const now = rows.get(creator);
      if (now && JSON.stringify({ ...now, at: 0 }) === JSON.stringify({ ...score, at: 0 })) continue;
      former.set(creator, [...(former.get(creator) ?? []), score]);
    }
    for (const one of all) this.who.set(one.c.id, summaryOf(one.c));
    this.rankings.set(id, rows);
    this.former.set(id, former);
  }

  kept(id, skip, limit) {
    if (!this.campaigns.has(id)) return null;
    const rows = [...(this.rankings.get(id) ?? new Map())].map(([creator_id, score]) => ({ creator_id, creator: this.who.get(creator_id), ...score }));
    return { campaign: this.campaigns.get(id), matches: rows.slice(skip, skip + limit), total: rows.length };
  }

  history(id, creator) {
    return { history: this.former.get(id)?.get(creator) ?? [] };
  }

  forget(id) {
    for (const map of [this.campaigns, this.rankings, this.former]) map.delete(id);
  }

  ask(seed) {
    const id = idOf("qu_", `${seed}${this.questions.size}`);
    this.questions.add(id);
    return id;
  }

  event(body) {
    only(body, ["question_id", "creator_id", "action"], "");
    need(["click", "save", "hide"].includes(body.action), "/action", "unknown_value", 'must be "click", "save" or "hide"');
    if (!this.questions.has(body.question_id)) throw new Invalid("/question_id", "not_found", "This question is not kept (any more).", 404);
    this.events.push(body);
  }

  campaign(id) {
    return this.campaigns.get(id) ?? null;
  }

  list(limit, skip) {
    const newest = [...this.campaigns.values()].sort((a, b) => (a.updated_at < b.updated_at ? 1 : -1));
    return { campaigns: newest.slice(skip, skip + limit) };
  }

  plan(creators, body) {
    only(body, ["brief", "creators", "budget_usd", "min_creators", "max_creators", "price_per_follower_usd", "profile"], "");
    const brief = readBrief(body.brief);
    const budget = body.budget_usd ?? brief.total_budget_usd;
    need(budget > 0, "/budget_usd", "missing", "must be given, here or as total_budget_usd of the brief");
    need(body.max_creators == null || body.max_creators >= (body.min_creators ?? 0), "/max_creators", "out_of_range", "must not be below min_creators");
    const left_out = [];
    const items = [];
    for (const { c, parts } of ranked(creators, brief, profileOf(body.profile)).slice(0, 200)) {
      const leave = (reason) => left_out.push({ id: c.id, name: c.handle ? `@${c.handle}` : (c.name ?? ""), reason });
      if (!c.followers) leave("the number of followers is not known");
      else if (!c.price_usd && !body.price_per_follower_usd) leave("the price is not known");
      else {
        const cost = c.price_usd || c.followers * body.price_per_follower_usd;
        const fit = parts.find((part) => part.name === "audience").value ?? 0.5;
        if (cost > budget * 1.5) leave(`asks $${cost.toFixed(0)}, more than the whole budget`);
        else items.push({ c, cost, fit, estimated: !c.price_usd, reach: c.followers * Math.min(1.5, c.views_per_follower ?? 0.2) * fit });
      }
    }
    const pool = new Map();
    for (const one of items) pool.set(one.c.primary_niche, Math.max(3 * one.reach, pool.get(one.c.primary_niche) ?? 1));
    const reachOf = (set) => {
      const missed = new Map();
      for (const one of set) missed.set(one.c.primary_niche, (missed.get(one.c.primary_niche) ?? 1) * (1 - one.reach / pool.get(one.c.primary_niche)));
      return sum([...missed].map(([key, share]) => pool.get(key) * (1 - share)));
    };
    const choose = (money) => {
      const set = [];
      for (;;) {
        const spent = sum(set.map((one) => one.cost));
        const rest = items.filter((one) => !set.includes(one) && spent + one.cost <= money);
        if (rest.length === 0 || set.length === (body.max_creators ?? Infinity)) return set;
        set.push(rest.sort((a, b) => (reachOf([...set, b]) - reachOf(set)) / b.cost - (reachOf([...set, a]) - reachOf(set)) / a.cost)[0]);
      }
    };
    const set = choose(budget);
    need(set.length >= (body.min_creators ?? 0), "/min_count", "invalid", `${body.min_creators} creators cannot be had for $${budget}`);
    for (const one of items) if (!set.includes(one)) left_out.push({ id: one.c.id, name: `@${one.c.handle}`, reason: one.cost > budget ? `asks $${one.cost.toFixed(0)}, more than the whole budget` : "adds less for its price than those chosen" });
    let best = { reach: 0, cost_usd: 0, creators: 0 };
    const curve = Array.from({ length: 12 }, (_, i) => {
      const money = (1.5 * budget * i) / 11;
      const found = choose(money);
      if (reachOf(found) > best.reach) best = { reach: reachOf(found), cost_usd: sum(found.map((one) => one.cost)), creators: found.length };
      return { budget_usd: money, ...best };
    });
    const chosen = set.map((one) => ({
      ...summaryOf(one.c), cost_usd: one.cost, cost_estimated: one.estimated, reach: one.reach,
      marginal: reachOf(set) - reachOf(set.filter((each) => each !== one)), audience_fit: one.fit,
      views_per_follower: one.c.views_per_follower ?? 0.2, views_estimated: one.c.views_per_follower === null,
      why: `reaches about ${one.reach.toFixed(0)} people for $${one.cost.toFixed(0)}`,
    }));
    return {
      chosen: chosen.sort((a, b) => b.marginal / b.cost_usd - a.marginal / a.cost_usd), cost_usd: sum(set.map((one) => one.cost)), budget_usd: budget,
      reach: reachOf(set), reach_without_overlap: sum(set.map((one) => one.reach)), left_out: left_out.slice(0, 100), left_out_total: left_out.length,
      curve, method: "greedy", degraded: [], took_ms: 4.2,
    };
  }
}

/** A brief as it is given back: what is not said is null or empty. */
function full(brief) {
  const out = {};
  for (const field of texts) out[field] = brief[field] || null;
  for (const field of lists) out[field] = brief[field] ?? [];
  for (const field of Object.keys(numbers)) out[field] = brief[field] ?? null;
  return out;
}

export const profiles = { kind: "match", active: "", previous: "", profiles: [], built_in: builtIn };
