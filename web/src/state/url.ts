// The view as a URL and back. Reading is forgiving: what a URL holds that the page does not know is left out, since
// links are typed, cut and passed on by people.
import type { Mode } from "../api/types.ts";
import { emptyView, isKeyword, isNumber, keywordFields, modes, numberFields } from "./view.ts";
import type { Choice, Range, Sort, View } from "./view.ts";

const longestText = 4000;

function readRange(text: string): Range | null {
  const match = /^(\()?(-?[0-9.]+(?:e[+-]?[0-9]+)?)?\.\.(-?[0-9.]+(?:e[+-]?[0-9]+)?)?(\))?$/i.exec(text.trim());
  if (!match) return null;
  const min = match[2] === undefined ? null : Number(match[2]);
  const max = match[3] === undefined ? null : Number(match[3]);
  if (Number.isNaN(min) || Number.isNaN(max) || (min === null && max === null)) return null;
  return { min, max, minOpen: min !== null && match[1] !== undefined, maxOpen: max !== null && match[4] !== undefined };
}

export function writeRange(range: Range): string {
  const open = range.minOpen && range.min !== null ? "(" : "";
  const close = range.maxOpen && range.max !== null ? ")" : "";
  return `${open}${range.min ?? ""}..${range.max ?? ""}${close}`;
}

function readSort(text: string | null): Sort | null {
  const [field = "", dir = "desc"] = (text ?? "").split(":");
  return isNumber(field) && (dir === "asc" || dir === "desc") ? { field, dir } : null;
}

function readChoice(values: string[]): Choice {
  const any = new Set<string>();
  const none = new Set<string>();
  for (const value of values) {
    if (value.startsWith("!")) none.add(value.slice(1));
    else any.add(value);
  }
  any.delete("");
  none.delete("");
  return { any: [...any], none: [...none] };
}

function readCreator(path: string): string | null {
  const match = /^\/creator\/([^/]+)\/?$/.exec(path);
  if (!match) return null;
  try {
    return decodeURIComponent(match[1]!);
  } catch {
    return null;
  }
}

export function readUrl(url: URL): View {
  const params = url.searchParams;
  const view: View = { ...emptyView, choices: {}, ranges: {} };
  view.q = (params.get("q") ?? "").slice(0, longestText);
  for (const [field, values] of keywordFields.map((one) => [one, params.getAll(one)] as const)) {
    const choice = readChoice(values);
    if (isKeyword(field) && choice.any.length + choice.none.length > 0) view.choices[field] = choice;
  }
  for (const field of numberFields) {
    const range = readRange(params.get(field) ?? "");
    if (range) view.ranges[field] = range;
  }
  view.sort = readSort(params.get("sort"));
  const mode = params.get("mode");
  if (mode !== null && (modes as readonly string[]).includes(mode)) view.mode = mode as Mode;
  view.ignore = [...new Set(params.getAll("ignore").filter((one) => one !== ""))];
  view.creator = readCreator(url.pathname);
  const panel = params.get("panel");
  view.panel = panel === "filters" || panel === "none" ? panel : null;
  return view;
}

/** The path and query of a view, in one fixed order. */
export function writeUrl(view: View): string {
  const params = new URLSearchParams();
  if (view.q !== "") params.set("q", view.q);
  for (const field of keywordFields) {
    const choice = view.choices[field];
    for (const value of choice?.any ?? []) params.append(field, value);
    for (const value of choice?.none ?? []) params.append(field, `!${value}`);
  }
  for (const field of numberFields) {
    const range = view.ranges[field];
    if (range) params.set(field, writeRange(range));
  }
  if (view.sort) params.set("sort", view.sort.dir === "desc" ? view.sort.field : `${view.sort.field}:asc`);
  if (view.mode !== "hybrid") params.set("mode", view.mode);
  for (const id of view.ignore) params.append("ignore", id);
  if (view.panel) params.set("panel", view.panel);
  const path = view.creator === null ? "/" : `/creator/${encodeURIComponent(view.creator)}`;
  const query = params.toString();
  return query === "" ? path : `${path}?${query}`;
}
