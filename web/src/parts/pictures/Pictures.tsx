// The place where creators are searched by what their pictures show.
import "../../styles/pictures.css";
import { answer, askKey, loading, problem, runPictures, slow } from "../../state/pictures.ts";
import { service } from "../../state/status.ts";
import { view } from "../../state/store.ts";
import { hasFilters } from "../../state/view.ts";
import { pictureSpaceName } from "../../text/label.ts";
import { exact } from "../../text/number.ts";
import { Brand } from "../Brand.tsx";
import { Chips } from "../Chips.tsx";
import { Compare } from "../compare/Compare.tsx";
import { Facets } from "../Facets.tsx";
import { ActivityLink } from "../ActivityLink.tsx";
import { Keys } from "../Keys.tsx";
import { Places } from "../Places.tsx";
import { StatusLine } from "../StatusLine.tsx";
import { toggleFilters } from "../Toolbar.tsx";
import { Tray } from "../Tray.tsx";
import { Ask, readsWords } from "./Ask.tsx";
import { Grid } from "./Grid.tsx";
import { WordsLine, refusesWords } from "./Refused.tsx";

function Tools() {
  const page = answer.value;
  const total = page?.total.value ?? 0;
  const text = `${page?.total.relation === "gte" ? "more than " : ""}${exact(total)} ${total === 1 ? "creator" : "creators"}`;
  return (
    <div class="toolbar">
      <h1 class="count" title={page ? `with pictures, nearest first; answered in ${page.took_ms.toFixed(1)} ms` : undefined}>
        {problem.value ? "" : page ? text : <span class="bone count-bone" />}
      </h1>
      {page && !problem.value && (
        <span class="muted small space-said" title={`space ${page.picture_space}`}>
          compared by {pictureSpaceName(page.picture_space)}
        </span>
      )}
      <button type="button" class="button filters-button" aria-controls="facets" title="Show or hide the filters" onClick={toggleFilters}>
        Filters
      </button>
    </div>
  );
}

function Announcer() {
  const page = answer.value;
  const quiet = askKey.value === null || loading.value || !page || problem.value;
  const many = page?.total.value ?? 0;
  return (
    <div class="sr" role="status" aria-live="polite" id="announcer">
      {quiet ? "" : many === 0 ? "Nothing found" : `${exact(many)} creators with such pictures`}
    </div>
  );
}

export function Pictures() {
  const now = view.value;
  const asked = askKey.value !== null;
  const refused = problem.value !== null && refusesWords(problem.value);
  const narrowed = asked && !refused; // there is something to narrow
  const pictures = service.value?.pictures;
  const noWords = pictures?.space && !readsWords();
  return (
    <>
      {narrowed && <Facets />}
      <main class={narrowed ? "middle" : "middle wide"} key="middle">
        <div class="top">
          <div class="top-row">
            <Brand />
            <Places />
            <span class="top-fill" />
            <ActivityLink />
            <Keys />
          </div>
          <Ask />
          {asked && (now.q !== "" || hasFilters(now)) && <Chips />}
          {narrowed && <Tools />}
          <div class={`progress${slow.value ? " on" : ""}`} aria-hidden="true" />
        </div>
        {asked && now.show === "compare" ? <Compare /> : <Grid />}
        <Tray />
        {noWords ? <WordsLine /> : <StatusLine degraded={answer.value?.degraded ?? []} onAgain={() => void runPictures()} />}
        <Announcer />
      </main>
    </>
  );
}
