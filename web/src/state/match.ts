// Runs the match whenever the view holds another brief, and keeps what came of it. Loaded with the match place.
import { batch, computed, effect, signal, untracked } from "@preact/signals";
import * as api from "../api/match.ts";
import type { Match, MatchAnswer, MatchRequest } from "../api/match.ts";
import type { Problem } from "../api/problem.ts";
import { learnNiche } from "../text/label.ts";
import { emptyBrief, fieldOf, fromBody, hasText, isEmpty, toBody } from "./brief.ts";
import type { Brief } from "./brief.ts";
import { pages } from "./pages.ts";
import { offer } from "./shown.ts";
import { change, view } from "./store.ts";
import { emptyPlan } from "./view.ts";
import { writeUrl } from "./url.ts";

export const pageSize = 20;
const longestAddress = 6_000; // bytes; a request line may have 8,000 (RFC 9112, 3)
const lookedThrough = 300; // ranks that are read to find the creators of a comparison

const found = pages<Match, MatchAnswer>((page) => page.matches);
export const { list: matches, answer, problem, loading, slow, more } = found;

/** The brief that is matched: the address's own, or that of the kept campaign it names. */
const kept = signal<{ id: string; brief: Brief } | null>(null);
export const brief = computed<Brief>(() => {
  const { campaign, brief: own } = view.value.match;
  if (campaign === null) return own;
  return kept.value?.id === campaign ? kept.value.brief : emptyBrief;
});

/** Views with equal keys have equal matches; null where there is nothing to match yet. */
export const matchKey = computed(() => {
  const { place, match } = view.value;
  if (place !== "match" || match.edit || (match.campaign === null && !hasText(match.brief))) return null;
  return writeUrl({ ...view.value, show: "list", compare: [], creator: null, panel: null, match: { ...match, plan: emptyPlan } });
});
const answered = signal<string | null>(null);

/** What the server refused, by field of the form: the person mends it there. */
export const refused = computed<Record<string, string>>(() => refusedFields(problem.value));

export function refusedFields(failed: Problem | null): Record<string, string> {
  const out: Record<string, string> = {};
  for (const { pointer, detail } of failed?.errors ?? []) out[fieldOf(pointer)] ??= detail ?? "is not accepted";
  return out;
}

async function readKept(id: string, signal: AbortSignal): Promise<void> {
  if (kept.peek()?.id === id) return;
  const found = await api.campaign(id, signal);
  kept.value = { id, brief: fromBody(found.brief) };
}

function request(cursor: string | null): MatchRequest {
  const { campaign, profile } = view.peek().match;
  return {
    brief: toBody(brief.peek()),
    ...(campaign === null ? {} : { campaign_id: campaign }),
    ...(profile === "" ? {} : { profile }),
    limit: pageSize,
    explain: true,
    ...(cursor === null ? {} : { cursor }),
  };
}

/** Servers and mail programs cut long addresses: a long brief goes on under the short one of its campaign. */
function shorten(page: MatchAnswer): void {
  const { match } = view.peek();
  if (match.campaign !== null || location.href.length <= longestAddress) return;
  kept.value = { id: page.campaign_id, brief: match.brief };
  change({ match: { ...match, brief: emptyBrief, campaign: page.campaign_id } }, "replace");
  answered.value = matchKey.peek();
}

function learn(page: MatchAnswer): void {
  for (const one of page.matches) learnNiche(one.primary_niche, one.niche_label);
}

export function runMatch(): Promise<void> {
  const key = matchKey.peek();
  const campaign = view.peek().match.campaign;
  const ask = async (signal: AbortSignal) => {
    if (campaign !== null) await readKept(campaign, signal);
    return api.match(request(null), signal);
  };
  return found.start(
    ask,
    (page) => {
      learn(page);
      answered.value = key;
      shorten(page);
    },
    () => {
      answer.value = null;
      answered.value = key;
    },
  );
}

export function loadMore(): Promise<void> {
  return found.next((cursor, signal) => api.match(request(cursor), signal), learn);
}

/** Reads on until these creators' parts are there, or the list ends, or further reading is out of proportion. */
export async function findMatches(ids: string[]): Promise<void> {
  for (;;) {
    const there = new Set(matches.peek().map((one) => one.id));
    if (ids.every((id) => there.has(id)) || there.size >= lookedThrough || more.peek().cursor === null) return;
    const before = there.size;
    await loadMore();
    if (matches.peek().length === before) return;
  }
}

/** A new brief, matched at once; an equal one is matched again. */
export function submit(next: Brief, profile: string): void {
  const before = matchKey.peek();
  change({ show: "list", compare: [], creator: null, panel: null, match: { brief: next, profile, campaign: null, edit: false, plan: emptyPlan } });
  if (matchKey.peek() !== null && matchKey.peek() === before) void runMatch();
}

offer("match", { list: matches, more: loadMore, question: () => answer.peek()?.question_id ?? null });
effect(() => {
  const key = matchKey.value;
  untracked(() => {
    if (key === null && isEmpty(brief.peek())) problem.value = null; // a new sheet
    if (key === null || (answered.peek() === key && !problem.peek())) return;
    if (answered.peek() !== key) {
      // What is on screen belongs to another brief.
      batch(() => {
        answer.value = null;
        matches.value = [];
        problem.value = null;
      });
    }
    void runMatch();
  });
});
