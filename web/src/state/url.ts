// The view as a URL and back. Reading is forgiving: what a URL holds that the page does not know is left out, since
// links are typed, cut and passed on by people.
import type { Mode } from "../api/types.ts";
import { readBrief, writeBrief } from "./brief.ts";
import { readRange, writeRange } from "./rangeText.ts";
import { comparedAtMost, emptyPictures, emptyPlan, emptyView, isKeyword, isNumber, keywordFields, modes, numberFields } from "./view.ts";
import type { Choice, MatchView, PictureView, PlanView, Sort, View } from "./view.ts";

const longestText = 4000;

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

/** The id after "/creator/" or "/match/". */
function idIn(path: string, place: string): string | null {
  const prefix = `/${place}/`;
  if (!path.startsWith(prefix)) return null;
  const id = path.slice(prefix.length).replace(/\/$/, "");
  if (id === "" || id.includes("/")) return null;
  try {
    return decodeURIComponent(id);
  } catch {
    return null;
  }
}

function amount(params: URLSearchParams, name: string): number | null {
  const text = params.get(name);
  const value = Number(text);
  return text !== null && text.trim() !== "" && Number.isFinite(value) && value >= 0 ? value : null;
}

const planNames: (keyof PlanView)[] = ["budget", "min", "max", "price"];

function readMatch(url: URL): MatchView {
  const params = url.searchParams;
  const plan: PlanView = { ...emptyPlan };
  for (const name of planNames) plan[name] = amount(params, `plan_${name}`);
  return {
    brief: readBrief(params),
    campaign: idIn(url.pathname, "match"),
    profile: params.get("profile") ?? "",
    edit: params.get("edit") === "1",
    plan,
  };
}

function writeMatch(view: View): string {
  const { brief, campaign, profile, edit, plan } = view.match;
  const params = new URLSearchParams();
  writeBrief(brief, params);
  if (profile !== "") params.set("profile", profile);
  if (edit) params.set("edit", "1");
  writeShow(view, params);
  for (const name of planNames) if (plan[name] !== null) params.set(`plan_${name}`, String(plan[name]));
  if (view.creator !== null) params.set("creator", view.creator);
  if (view.panel) params.set("panel", view.panel);
  return address(campaign === null ? "/match" : `/match/${encodeURIComponent(campaign)}`, params);
}

function address(path: string, params: URLSearchParams): string {
  const query = params.toString();
  return query === "" ? path : `${path}?${query}`;
}

const shares = ["mix", "weigh"] as const;
const pictureTexts: ["text" | "lessText", string][] = [
  ["text", "shows"],
  ["lessText", "less"],
];
const examples: ["like" | "lessLike", string][] = [
  ["like", "like"],
  ["lessLike", "less_like"],
];
const exampleName = /^(?:[0-9a-f]{64}|own-[0-9a-z]{1,40})$/;

function readPictures(params: URLSearchParams): PictureView {
  const out: PictureView = { ...emptyPictures };
  for (const [field, name] of pictureTexts) out[field] = (params.get(name) ?? "").slice(0, longestText).trim();
  for (const [field, name] of examples) out[field] = exampleName.exec(params.get(name) ?? "")?.[0] ?? "";
  for (const name of shares) {
    const share = amount(params, name);
    if (share !== null && share <= 1) out[name] = share;
  }
  return out;
}

function writePictures(view: View): string {
  const params = new URLSearchParams();
  for (const [field, name] of [...pictureTexts, ...examples]) if (view.pictures[field] !== "") params.set(name, view.pictures[field]);
  for (const name of shares) if (view.pictures[name] !== emptyPictures[name]) params.set(name, String(view.pictures[name]));
  writeFilters(view, params);
  writeShow(view, params);
  if (view.creator !== null) params.set("creator", view.creator);
  if (view.panel) params.set("panel", view.panel);
  return address("/pictures", params);
}

function writeShow(view: View, params: URLSearchParams): void {
  if (view.show !== "list") params.set("show", view.show);
  for (const id of view.compare) params.append("compare", id);
}

function readCommon(url: URL): View {
  const params = url.searchParams;
  const panel = params.get("panel");
  const show = params.get("show");
  const compare = [...new Set(params.getAll("compare").filter((one) => one !== ""))].slice(0, comparedAtMost);
  return {
    ...emptyView,
    choices: {},
    ranges: {},
    compare,
    show: show === "compare" || show === "plan" || show === "kept" ? show : "list",
    panel: panel === "filters" || panel === "none" ? panel : null,
  };
}

export function readUrl(url: URL): View {
  const params = url.searchParams;
  const view = readCommon(url);
  if (/^\/match(\/|$)/.test(url.pathname)) {
    view.place = "match";
    view.match = readMatch(url);
    view.creator = params.get("creator") || null;
    return view;
  }
  if (view.show === "plan" || view.show === "kept") view.show = "list";
  if (/^\/activity\/?$/.test(url.pathname)) return { ...emptyView, place: "activity" };
  readFilters(params, view);
  if (/^\/pictures\/?$/.test(url.pathname)) {
    view.place = "pictures";
    view.pictures = readPictures(params);
    view.creator = params.get("creator") || null;
    return view;
  }
  view.creator = idIn(url.pathname, "creator");
  return view;
}

/** What creators are asked for, in words and by filters. */
function readFilters(params: URLSearchParams, view: View): void {
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
}

/** The path and query of a view, in one fixed order. */
export function writeUrl(view: View): string {
  if (view.place === "match") return writeMatch(view);
  if (view.place === "pictures") return writePictures(view);
  if (view.place === "activity") return "/activity";
  const params = new URLSearchParams();
  writeFilters(view, params);
  writeShow(view, params);
  if (view.panel) params.set("panel", view.panel);
  return address(view.creator === null ? "/" : `/creator/${encodeURIComponent(view.creator)}`, params);
}

function writeFilters(view: View, params: URLSearchParams): void {
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
}
