// Creators that were hidden by hand: for this session of this tab, and never without a way back.
import { signal } from "@preact/signals";
import { report } from "./events.ts";

const key = "creatordex.hidden";

function read(): Set<string> {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(key) ?? "[]");
    return new Set(Array.isArray(kept) ? kept.filter((one) => typeof one === "string") : []);
  } catch {
    return new Set(); // storage may be switched off
  }
}

export const hidden = signal<ReadonlySet<string>>(read());

function set(next: Set<string>): void {
  hidden.value = next;
  try {
    sessionStorage.setItem(key, JSON.stringify([...next]));
  } catch {
    // Then it lasts until the page is left.
  }
}

export function hide(id: string): void {
  set(new Set([...hidden.peek(), id]));
  report(id, "hide");
}

export function unhide(id: string): void {
  set(new Set([...hidden.peek()].filter((one) => one !== id)));
}
