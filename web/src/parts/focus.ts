// Moving the focus to a part of the page by name.
import { change, go, lastOf, view } from "../state/store.ts";

/** Shows the facets and puts the focus on the control of a field. */
export function showControl(field: string): void {
  if (view.peek().panel === "none" || !facetsVisible()) change({ panel: "filters" }, "replace");
  // The panel, and a group that was closed, need one frame to be there.
  requestAnimationFrame(() => {
    const group = document.querySelector<HTMLDetailsElement>(`[data-field~="${CSS.escape(field)}"]`);
    if (!group) return;
    group.open = true;
    group.scrollIntoView({ block: "nearest" });
    const control = group.querySelector<HTMLElement>("input:checked, input.bound, input");
    (control ?? group.querySelector<HTMLElement>("summary"))?.focus();
  });
}

export function focusSearch(): void {
  if (view.peek().place !== "search") {
    go({ ...lastOf("search"), show: "list" });
    requestAnimationFrame(focusSearch);
    return;
  }
  const box = document.querySelector<HTMLTextAreaElement>("#q");
  box?.focus();
  box?.select();
}

function facetsVisible(): boolean {
  return document.querySelector<HTMLElement>(".facets")?.offsetParent != null;
}

/** True where a key press belongs to a text field and not to the page. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !["checkbox", "radio", "button"].includes(target.type);
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement || target.isContentEditable;
}
