// Who fits the brief, best first; or what stands in their place.
import { hidden } from "../../state/hidden.ts";
import { answer, loadMore, loading, matches, more, problem, runMatch } from "../../state/match.ts";
import { view } from "../../state/store.ts";
import { ErrorNote } from "../ErrorNote.tsx";
import { Link } from "../Link.tsx";
import { MorePages } from "../MorePages.tsx";
import { Bones } from "../Results.tsx";
import { MatchRow } from "./MatchRow.tsx";

function Heads() {
  return (
    <div class="heads">
      <span class="head col-name">Creator</span>
      <span class="head col-followers right">Followers</span>
      <span class="head col-rate right">Engagement</span>
      <span class="head col-niche">Niche</span>
      <span class="head col-country">Country</span>
      <span class="head col-activity right">Price</span>
      <span class="head col-score right">Match</span>
    </div>
  );
}

function Nobody() {
  return (
    <div class="note nothing">
      <h2>Nobody fits</h2>
      <p>
        No creator is within all bounds of the brief. A creator that does not state a bounded figure does not pass either:
        wider bounds, or fewer platforms, countries and languages, let more in.
      </p>
      <p class="note-actions">
        <Link class="button primary" to={(now) => ({ ...now, match: { ...now.match, edit: true } })}>
          Change the brief
        </Link>
      </p>
    </div>
  );
}

export function Matches() {
  const failed = problem.value;
  const page = answer.value;
  const list = matches.value;
  const { creator: open, compare } = view.value;
  const away = hidden.value;
  let body;
  if (failed) {
    const gone = failed.status === 404 && view.value.match.campaign !== null;
    body = (
      <ErrorNote
        title={gone ? "This brief is not kept" : failed.message}
        detail={gone ? "It may have been forgotten, or the address is wrong." : failed.detail}
        requestId={failed.requestId}
        hint={failed.status === 0 ? "Check that creatordex is still running, then try again." : undefined}
        onAction={() => void runMatch()}
      />
    );
  } else if (!page) {
    body = <Bones count={8} />;
  } else if (list.length === 0) {
    body = <Nobody />;
  } else {
    body = (
      <>
        <ol class="hits" id="hits">
          {list.map((one) => (
            <MatchRow key={one.id} match={one} open={one.id === open} compared={compare.includes(one.id)} hidden={away.has(one.id)} />
          ))}
        </ol>
        <MorePages more={more.value} shown={list.length} total={page.total} onMore={loadMore} onAgain={runMatch} />
      </>
    );
  }
  return (
    <div class="scroller" aria-busy={loading.value}>
      {!failed && (!page || list.length > 0) && <Heads />}
      {body}
    </div>
  );
}
