// Above the list: how many, how they are matched, in what order.
import type { Mode } from "../api/types.ts";
import { answer, loading, problem } from "../state/results.ts";
import { meaningMissing, service } from "../state/status.ts";
import { change, view } from "../state/store.ts";
import type { Sort } from "../state/view.ts";
import { exact } from "../text/number.ts";

const modeNames: Record<Mode, [string, string]> = {
  hybrid: ["Words + meaning", "Words and meaning together, by weight"],
  keyword: ["Words only", "Only creators whose text holds the words"],
  semantic: ["Meaning only", "Nearest in meaning, whatever the words"],
  rrf: ["Rank fusion", "Both lists joined by rank instead of by score"],
};
const sorts: [string, string][] = [
  ["", "Best match"],
  ["followers", "Most followers"],
  ["followers:asc", "Fewest followers"],
  ["engagement_rate", "Highest engagement"],
  ["growth_rate_30d", "Fastest growth"],
  ["growth_trend", "Growth rising most"],
  ["emerging", "Most emerging"],
  ["credibility", "Most credible"],
  ["views_per_follower", "Most views per follower"],
  ["posts_per_week", "Most posts per week"],
  ["last_post_at", "Latest post"],
  ["price_usd:asc", "Lowest price"],
  ["price_usd", "Highest price"],
  ["quality", "Highest quality"],
];

function sortKey(sort: Sort | null): string {
  return sort === null ? "" : sort.dir === "desc" ? sort.field : `${sort.field}:asc`;
}
function readSort(key: string): Sort | null {
  const [field = "", dir] = key.split(":");
  return field === "" ? null : { field, dir: dir === "asc" ? "asc" : "desc" };
}

function Count() {
  const page = answer.value;
  const many = page?.total.value ?? 0;
  const atLeast = page?.total.relation === "gte" ? "more than " : "";
  const text = problem.value || !page ? "" : `${atLeast}${exact(many)} ${many === 1 ? "creator" : "creators"}`;
  const took = page && !problem.value ? `answered in ${page.took_ms} ms` : undefined;
  return (
    <h1 class="count" title={took}>
      {text === "" ? <span class="bone count-bone" hidden={problem.value !== null} /> : text}
    </h1>
  );
}

/** Said once the answer is there, not with every letter. */
export function Announcer() {
  const page = answer.value;
  const busy = loading.value;
  const many = page?.total.value ?? 0;
  const said = busy || !page || problem.value ? "" : many === 0 ? "Nothing found" : `${exact(many)} creators found`;
  return (
    <div class="sr" role="status" aria-live="polite" id="announcer">
      {said}
    </div>
  );
}

export function Toolbar() {
  const now = view.value;
  const noMeaning = meaningMissing(service.value);
  const key = sortKey(now.sort);
  const known = sorts.some(([one]) => one === key);
  return (
    <div class="toolbar">
      <Count />
      <button
        type="button"
        class="button filters-button"
        aria-controls="facets"
        title="Show or hide the filters"
        onClick={() => toggleFilters()}
      >
        Filters
      </button>
      <label class="pick">
        <span class="pick-name">Match</span>
        <select
          value={now.mode}
          title={modeNames[now.mode][1]}
          onChange={(event) => change({ mode: event.currentTarget.value as Mode })}
        >
          {(Object.keys(modeNames) as Mode[]).map((mode) => (
            <option key={mode} value={mode} disabled={noMeaning && mode === "semantic"}>
              {modeNames[mode][0]}
            </option>
          ))}
        </select>
      </label>
      <label class="pick">
        <span class="pick-name">Sort</span>
        <select value={key} onChange={(event) => change({ sort: readSort(event.currentTarget.value) })}>
          {sorts.map(([value, name]) => (
            <option key={value} value={value}>
              {name}
            </option>
          ))}
          {!known && <option value={key}>{key}</option>}
        </select>
      </label>
    </div>
  );
}

export function toggleFilters(): void {
  const facets = document.querySelector<HTMLElement>("#facets");
  const shown = facets !== null && getComputedStyle(facets).display !== "none";
  const phone = matchMedia("(max-width: 899px)").matches;
  if (phone) change({ panel: shown ? null : "filters" });
  else change({ panel: shown ? "none" : "filters" }, "replace");
}
