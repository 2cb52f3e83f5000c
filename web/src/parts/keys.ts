// Keys that belong to the whole page.
import { hits, loadMore } from "../state/results.ts";
import { change, view } from "../state/store.ts";
import { focusSearch, isTyping } from "./focus.ts";

function names(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>(".hit-name")];
}

/** Moves by one result; an open creator follows, without filling the history. */
export function walk(step: 1 | -1, takeFocus = true): void {
  const list = hits.peek();
  if (list.length === 0) return;
  const links = names();
  const open = view.peek().creator;
  const focused = !takeFocus ? -1 : links.findIndex((one) => one === document.activeElement || one.closest(".hit")?.contains(document.activeElement));
  const now = focused >= 0 ? focused : open === null ? -1 : list.findIndex((hit) => hit.id === open);
  const next = Math.min(links.length - 1, Math.max(0, now + step));
  if (next === now && step > 0) void loadMore();
  if (takeFocus) links[next]?.focus({ preventScroll: true });
  links[next]?.closest(".hit")?.scrollIntoView({ block: "nearest" });
  const hit = list[next];
  if (open !== null && hit && hit.id !== open) change({ creator: hit.id }, "replace");
}

/** Closes what was opened last: the filters' screen, then the creator. */
function closeOne(): boolean {
  const now = view.peek();
  if (now.panel === "filters" && matchMedia("(max-width: 899px)").matches) {
    change({ panel: null });
    return true;
  }
  if (now.creator === null) return false;
  const id = now.creator;
  change({ creator: null });
  requestAnimationFrame(() => {
    const card = document.querySelector(`.hit[data-id="${CSS.escape(id)}"]`);
    card?.querySelector<HTMLElement>(".hit-name")?.focus();
  });
  return true;
}

function onKeyDown(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (document.querySelector("dialog[open]")) return;
  const typing = isTyping(event.target);
  if (event.key === "/" && !typing) {
    event.preventDefault();
    focusSearch();
  } else if (event.key === "Escape") {
    if (closeOne()) event.preventDefault();
  } else if (!typing && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
    const inFacets = event.target instanceof Element && event.target.closest(".facets") !== null;
    if (inFacets) return; // there they scroll
    event.preventDefault();
    walk(event.key === "ArrowDown" ? 1 : -1);
  } else if (!typing && (event.key === "j" || event.key === "k")) {
    walk(event.key === "j" ? 1 : -1);
  } else if (!typing && event.key === "?") {
    document.querySelector<HTMLDialogElement>("#keys")?.showModal();
  }
}

export function startKeys(): void {
  addEventListener("keydown", onKeyDown);
}
