// The one source of truth in the page: the view, which is the URL. Parts read signals and call `go`.
import { computed, signal } from "@preact/signals";
import { readUrl, writeUrl } from "./url.ts";
import { emptyView } from "./view.ts";
import type { Place, View } from "./view.ts";

export const view = signal<View>(emptyView);

/** The text of the search box, ahead of view.q by the pause after typing. */
export const draft = signal("");

/** Search and filters without what is merely open: views with equal keys have equal results. */
export const resultKey = computed(() =>
  writeUrl({ ...view.value, place: "search", show: "list", compare: [], creator: null, panel: null }),
);

/** Where each place was left, so that going there again goes on there. */
const left: Record<Place, View> = {
  search: emptyView,
  match: { ...emptyView, place: "match" },
  pictures: { ...emptyView, place: "pictures" },
  activity: { ...emptyView, place: "activity" },
};
export function lastOf(place: Place): View {
  return { ...(view.value.place === place ? view.value : left[place]), creator: null };
}

// Typing replaces the entry that typing made, so that Back leaves a search at once, not letter by letter.
let typed = false;

export function go(next: View, how: "push" | "replace" | "typing" = "push"): void {
  const url = writeUrl(next);
  const same = url === location.pathname + location.search;
  const replace = how === "replace" || same || (how === "typing" && typed);
  if (replace) history.replaceState(null, "", url);
  else history.pushState(null, "", url);
  typed = how === "typing" || (typed && how === "replace");
  left[next.place] = next;
  view.value = next;
  if (draft.value.trim() !== next.q) draft.value = next.q;
}

export function change(part: Partial<View>, how: "push" | "replace" | "typing" = "push"): void {
  go({ ...view.value, ...part }, how);
}

function load(): void {
  const next = readUrl(new URL(location.href));
  typed = false;
  left[next.place] = next;
  view.value = next;
  draft.value = next.q;
}

export function startHistory(): void {
  load();
  addEventListener("popstate", load);
}

/** The address of the view with this part changed: for links. */
export function href(part: Partial<View>): string {
  return writeUrl({ ...view.value, ...part });
}
