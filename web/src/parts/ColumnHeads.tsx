// Heads of the columns, where there is room for columns: a click sorts, a second one turns the order round.
import { change, view } from "../state/store.ts";
import type { Sort } from "../state/view.ts";

const heads: { field: string | null; name: string; class: string; number: boolean }[] = [
  { field: "followers", name: "Followers", class: "col-followers", number: true },
  { field: "engagement_rate", name: "Engagement", class: "col-rate", number: true },
  { field: null, name: "Niche", class: "col-niche", number: false },
  { field: null, name: "Country", class: "col-country", number: false },
  { field: "last_post_at", name: "Activity", class: "col-activity", number: false },
  { field: "score", name: "Match", class: "col-score", number: true },
];

function next(field: string, now: Sort | null): Sort | null {
  if (field === "score") return null;
  if (now?.field !== field) return { field, dir: "desc" };
  return now.dir === "desc" ? { field, dir: "asc" } : null;
}

export function ColumnHeads() {
  const sort = view.value.sort;
  return (
    <div class="heads">
      <span class="head col-name">Creator</span>
      {heads.map(({ field, name, class: place, number }) => {
        const classes = `head ${place}${number ? " right" : ""}`;
        if (field === null) return <span key={name} class={classes}>{name}</span>;
        const on = (sort?.field ?? "score") === field;
        const arrow = !on || field === "score" ? "" : sort?.dir === "asc" ? " ↑" : " ↓";
        return (
          <button
            key={name}
            type="button"
            class={`${classes}${on ? " on" : ""}`}
            aria-pressed={on}
            title={field === "score" ? "Sort by best match" : `Sort by ${name.toLowerCase()}`}
            onClick={() => change({ sort: next(field, sort) })}
          >
            {name}
            {arrow}
          </button>
        );
      })}
    </div>
  );
}
