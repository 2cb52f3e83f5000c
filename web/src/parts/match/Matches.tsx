// Who fits the brief, best first; or what stands in their place.
import { useEffect, useRef } from "preact/hooks";
import { hidden } from "../../state/hidden.ts";
import { answer, loadMore, loading, matches, more, problem, runMatch } from "../../state/match.ts";
import { view } from "../../state/store.ts";
import { exact } from "../../text/number.ts";
import { ErrorNote } from "../ErrorNote.tsx";
import { Link } from "../Link.tsx";
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

function More() {
  const { cursor, loading: busy, problem: failed } = more.value;
  const mark = useRef<HTMLDivElement>(null);
  const shown = matches.value.length;
  const total = answer.value?.total ?? shown;
  useEffect(() => {
    const place = mark.current;
    if (!place || cursor === null || failed) return;
    const seen = new IntersectionObserver((found) => found.some((one) => one.isIntersecting) && void loadMore(), {
      root: place.closest(".scroller"),
      rootMargin: "600px 0px",
    });
    seen.observe(place);
    return () => seen.disconnect();
  }, [cursor, failed, busy]);
  if (failed) {
    const old = failed.cursorExpired || failed.status === 409;
    return (
      <ErrorNote
        title={old ? "This list has grown old" : failed.message}
        detail={old ? "The creators behind it have changed since it was made." : failed.detail}
        requestId={failed.requestId}
        action={old ? "Match again" : "Try again"}
        onAction={() => void (old ? runMatch() : loadMore())}
      />
    );
  }
  if (cursor === null) return <p class="more muted">{shown > 5 ? `All ${exact(shown)} shown` : ""}</p>;
  return (
    <div class="more" ref={mark}>
      <button type="button" class="button" disabled={busy} onClick={() => void loadMore()}>
        {busy ? "Loading more" : `Load more (${exact(shown)} of ${exact(total)})`}
      </button>
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
        <More />
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
