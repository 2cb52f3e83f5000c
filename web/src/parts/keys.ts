// Keys that belong to the whole page.
import { toggleCompare } from "../state/compare.ts";
import { hide } from "../state/hidden.ts";
import { listed, source } from "../state/shown.ts";
import { change, go, lastOf, view } from "../state/store.ts";
import { focusSearch, isTyping } from "./focus.ts";

function names(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>(".hit-name")];
}

/** Moves by one result; an open creator follows, without filling the history. */
export function walk(step: 1 | -1, takeFocus = true): void {
  const links = names(); // hidden creators have none
  if (listed.peek().length === 0 || links.length === 0) return;
  const open = view.peek().creator;
  const focused = takeFocus ? links.findIndex((one) => idOf(one) === focusedId()) : -1;
  const now = focused >= 0 ? focused : open === null ? -1 : links.findIndex((one) => idOf(one) === open);
  const next = Math.min(links.length - 1, Math.max(0, now + step));
  if (next === now && step > 0) void source()?.more();
  if (takeFocus) links[next]?.focus({ preventScroll: true });
  links[next]?.closest(".hit")?.scrollIntoView({ block: "nearest" });
  const id = idOf(links[next] ?? null);
  if (open !== null && id !== null && id !== open) change({ creator: id }, "replace");
}

function idOf(element: Element | null): string | null {
  return element?.closest<HTMLElement>(".hit[data-id]")?.dataset["id"] ?? null;
}
function focusedId(): string | null {
  return idOf(document.activeElement);
}

/** What a key is about: the row in focus, else the creator that is open. */
function meant(): string | null {
  return focusedId() ?? view.peek().creator;
}

/** Closes what was opened last: the filters' screen, then the creator. */
function closeOne(): boolean {
  const now = view.peek();
  if (now.panel === "filters" && matchMedia("(max-width: 899px)").matches) {
    change({ panel: null });
    return true;
  }
  if (now.creator === null) {
    if (now.show !== "compare") return false;
    change({ show: "list" });
    return true;
  }
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
  } else if (!typing && (event.key === "m" || event.key === "p")) {
    event.preventDefault(); // the letter must not land in the form that opens
    go(lastOf(event.key === "m" ? "match" : "pictures"));
  } else if (!typing && (event.key === "c" || event.key === "h")) {
    const id = meant();
    if (id !== null) (event.key === "c" ? toggleCompare : hide)(id);
  } else if (!typing && event.key === "?") {
    document.querySelector<HTMLDialogElement>("#keys")?.showModal();
  }
}

export function startKeys(): void {
  addEventListener("keydown", onKeyDown);
}
