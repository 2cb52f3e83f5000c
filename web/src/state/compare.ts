// Up to four creators chosen for standing side by side. Which ones is part of the view, and so of the address.
import { go, view } from "./store.ts";
import { comparedAtMost } from "./view.ts";

export function isCompared(id: string): boolean {
  return view.value.compare.includes(id);
}

export function compareFull(): boolean {
  return view.value.compare.length >= comparedAtMost;
}

/** Adds or takes away; does nothing where there is no room. Choosing fills no history: Back leaves the list at once. */
export function toggleCompare(id: string): void {
  const now = view.peek();
  const without = now.compare.filter((one) => one !== id);
  if (without.length === now.compare.length && now.compare.length >= comparedAtMost) return;
  const compare = without.length < now.compare.length ? without : [...now.compare, id];
  go({ ...now, compare, show: compare.length === 0 && now.show === "compare" ? "list" : now.show }, "replace");
}
