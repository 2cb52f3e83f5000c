// Suggestions for the search box while it is typed in.
import { signal } from "@preact/signals";
import * as api from "../api/client.ts";
import type { Suggestion } from "../api/types.ts";

export const suggestions = signal<Suggestion[]>([]);
const most = 8;
let running: AbortController | null = null;

export function clearSuggestions(): void {
  running?.abort();
  running = null;
  if (suggestions.peek().length > 0) suggestions.value = [];
}

export async function askSuggestions(text: string): Promise<void> {
  running?.abort();
  const words = text.trim();
  if (words === "" || words.length > 200) return clearSuggestions();
  const mine = new AbortController();
  running = mine;
  try {
    const found = await api.suggest(words, most, mine.signal);
    if (running === mine) suggestions.value = found.suggestions;
  } catch {
    if (running === mine) suggestions.value = []; // a help that fails quietly; the search itself speaks up
  }
}

function fold(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLocaleLowerCase();
}

/**
 * The text with the words being typed completed: the longest ending that begins the suggestion is replaced. The server
 * also suggests by other names ("gym" for Fitness); then the last word is the one that was meant.
 */
export function complete(text: string, suggestion: string): string {
  const words = text.trimEnd().split(/\s+/).filter((one) => one !== "");
  const wanted = fold(suggestion);
  for (let from = 0; from < words.length; from++) {
    const ending = fold(words.slice(from).join(" "));
    if (wanted.startsWith(ending) || wanted.split(/\s+/).some((one) => one.startsWith(ending))) {
      return [...words.slice(0, from), suggestion].join(" ");
    }
  }
  return [...words.slice(0, -1), suggestion].join(" ");
}
