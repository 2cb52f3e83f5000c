// Above the matches: how many there are, and the three ways to look at them.
import { answer, problem } from "../../state/match.ts";
import { view } from "../../state/store.ts";
import type { Show } from "../../state/view.ts";
import { exact } from "../../text/number.ts";
import { Link } from "../Link.tsx";
import { toggleFilters } from "../Toolbar.tsx";

function Count() {
  const page = answer.value;
  if (problem.value) return <h1 class="count" />;
  if (!page) {
    return (
      <h1 class="count">
        <span class="bone count-bone" />
      </h1>
    );
  }
  const within = `${exact(page.matching)} ${page.matching === 1 ? "creator is" : "creators are"} within the brief’s bounds`;
  const rest = page.bounded ? "; more come into question than were ranked" : "";
  return (
    <h1 class="count" title={`${within}${rest}. ${page.plan}. Answered in ${page.took_ms} ms.`}>
      {exact(page.total)} {page.total === 1 ? "match" : "matches"}
      {page.bounded && <span class="muted"> of {exact(page.matching)}</span>}
    </h1>
  );
}

function Tab({ show, name, hint }: { show: Show; name: string; hint: string }) {
  const on = view.value.show === show;
  return (
    <Link class="tab" to={(now) => ({ ...now, show })} current={on} title={hint}>
      {name}
    </Link>
  );
}

export function MatchTools() {
  const { compare } = view.value;
  return (
    <div class="toolbar">
      <Count />
      <button type="button" class="button filters-button" aria-controls="facets" title="Show or hide the brief" onClick={toggleFilters}>
        Brief
      </button>
      <nav class="tabs match-tabs" aria-label="Matches">
        <Tab show="list" name="Matches" hint="Who fits, best first" />
        {compare.length > 0 && <Tab show="compare" name={`Compare ${compare.length}`} hint="Those chosen, side by side" />}
        <Tab show="plan" name="Budget plan" hint="Whom to pay for with a budget" />
        <Tab show="kept" name="Kept scores" hint="What is kept of this brief, and what was scored before" />
      </nav>
    </div>
  );
}
