// Runs the search by pictures whenever the view asks for another one, and keeps what came of it. Loaded with its place.
import { computed, effect, signal, untracked } from "@preact/signals";
import * as api from "../api/pictures.ts";
import type { PictureAnswer, PictureHit, PictureRequest } from "../api/pictures.ts";
import { Problem } from "../api/problem.ts";
import { learnNiche } from "../text/label.ts";
import { isOwn, readOwn } from "./ownPictures.ts";
import { pages } from "./pages.ts";
import { facetFields, requestOf } from "./results.ts";
import { toDataUrl } from "./shrink.ts";
import { offer } from "./shown.ts";
import { view } from "./store.ts";
import { writeUrl } from "./url.ts";
import { asksPictures } from "./view.ts";
import type { View } from "./view.ts";
import { weightsOf } from "./weights.ts";

export const pageSize = 30;
const anyPicture = -0.999; // leaves out creators without pictures, and nobody else

const found = pages<PictureHit, PictureAnswer>((page) => page.hits);
export const { list: hits, answer, problem, loading, slow, more } = found;

/** Views with equal keys have equal pictures; null where nothing is asked yet. */
export const askKey = computed(() => {
  const now = view.value;
  if (now.place !== "pictures" || !asksPictures(now.pictures)) return null;
  return writeUrl({ ...now, show: "list", compare: [], creator: null, panel: null });
});
const answered = signal<string | null>(null);

const fetched = new Map<string, string>(); // SHA-256 → data: URL of its thumbnail
const fetchedAtMost = 12;

async function dataOf(example: string, signal?: AbortSignal): Promise<string | null> {
  if (example === "") return null;
  if (isOwn(example)) {
    const own = readOwn(example);
    if (own !== null) return own;
    throw new Problem(0, "The example picture is not here", "");
  }
  const known = fetched.get(example);
  if (known !== undefined) return known;
  const data = await toDataUrl(await api.thumbnail(example, signal));
  fetched.set(example, data);
  const oldest = fetched.keys().next();
  if (fetched.size > fetchedAtMost && !oldest.done) fetched.delete(oldest.value);
  return data;
}

async function question(from: View, signal?: AbortSignal): Promise<PictureRequest> {
  const asked = from.pictures;
  const [text, lessText] = [asked.text.trim(), asked.lessText.trim()];
  const [image, lessImage] = await Promise.all([dataOf(asked.like, signal), dataOf(asked.lessLike, signal)]);
  const minus = { ...(lessText === "" ? {} : { text: lessText }), ...(lessImage === null ? {} : { image: lessImage }) };
  const weights = weightsOf(asked, from.q);
  return {
    ...requestOf(from),
    ...(text === "" ? {} : { text }),
    ...(image === null ? {} : { image }),
    ...(Object.keys(minus).length === 0 ? {} : { minus }),
    ...(Object.keys(weights).length === 0 ? {} : { weights }),
    min_similarity: anyPicture,
    highlight: false,
  };
}

function learn(page: PictureAnswer): void {
  for (const one of page.hits) learnNiche(one.primary_niche, one.niche_label);
}

export function runPictures(): Promise<void> {
  const key = askKey.peek();
  const from = view.peek();
  return found.start(
    async (signal) => api.search({ ...(await question(from, signal)), facets: facetFields, limit: pageSize }, signal),
    (page) => {
      learn(page);
      answered.value = key;
    },
    () => {
      answer.value = null;
      answered.value = key;
    },
  );
}

export function loadMore(): Promise<void> {
  const from = view.peek();
  return found.next(async (cursor, signal) => api.search({ ...(await question(from, signal)), limit: pageSize, cursor }, signal), learn);
}

async function count(from: View, field: string, signal: AbortSignal): Promise<PictureAnswer> {
  return api.search({ ...(await question(from, signal)), facets: [field], limit: 1 }, signal);
}

offer("pictures", { list: hits, more: loadMore, question: () => answer.peek()?.question_id ?? null, counted: { answer, count } });
effect(() => {
  const key = askKey.value;
  untracked(() => {
    if (view.peek().place !== "pictures") return; // what was found waits for the way back
    if (key === null) {
      answered.value = null;
      answer.value = null;
      problem.value = null;
      hits.value = [];
      return;
    }
    if (answered.peek() !== key || problem.peek()) void runPictures();
  });
});
