// Who shows such pictures, nearest first; or what stands in their place.
import { useEffect, useMemo, useRef } from "preact/hooks";
import { copiesOf } from "../../state/copies.ts";
import { hidden } from "../../state/hidden.ts";
import { isLost } from "../../state/ownPictures.ts";
import { answer, askKey, hits, loadMore, loading, more, problem, runPictures } from "../../state/pictures.ts";
import { change, view } from "../../state/store.ts";
import { hasFilters } from "../../state/view.ts";
import type { PictureView } from "../../state/view.ts";
import { ErrorNote } from "../ErrorNote.tsx";
import { MorePages } from "../MorePages.tsx";
import { Refused, refusesWords } from "./Refused.tsx";
import { Start } from "./Start.tsx";
import { Tile, TileBones } from "./Tile.tsx";

const firstBones = 12;

function Nothing() {
  const narrowed = hasFilters(view.value) || view.value.q !== "";
  return (
    <div class="note nothing">
      <h2>Nothing found</h2>
      <p>{narrowed ? "No creator within these conditions has pictures to compare." : "No creator has pictures to compare yet."}</p>
      {narrowed && (
        <p class="note-actions">
          <button type="button" class="button primary" onClick={() => change({ q: "", choices: {}, ranges: {}, ignore: [] })}>
            Drop the conditions
          </button>
        </p>
      )}
    </div>
  );
}

/** An own picture of another tab, or of one that was closed: only the person can bring it again. */
function Lost({ pictures }: { pictures: PictureView }) {
  const without = { ...pictures, like: isLost(pictures.like) ? "" : pictures.like, lessLike: isLost(pictures.lessLike) ? "" : pictures.lessLike };
  return (
    <div class="note" role="alert">
      <h2>The example picture is not here</h2>
      <p>A picture that is dropped, pasted or chosen stays in its own tab, and does not travel with the address. Add it again to go on.</p>
      <p class="note-actions">
        <button type="button" class="button" onClick={() => change({ pictures: without })}>
          Go on without it
        </button>
      </p>
    </div>
  );
}

function Failed() {
  const failed = problem.value!;
  const { pictures } = view.value;
  if (isLost(pictures.like) || isLost(pictures.lessLike)) return <Lost pictures={pictures} />;
  if (refusesWords(failed)) return <Refused />;
  return (
    <ErrorNote
      title={failed.message}
      detail={failed.errors.map((one) => [one.pointer, one.detail].filter(Boolean).join(": ")).join("; ") || failed.detail}
      requestId={failed.requestId}
      hint={failed.status === 0 ? "Check that creatordex is still running, then try again." : undefined}
      onAction={() => void runPictures()}
    />
  );
}

export function Grid() {
  const scroller = useRef<HTMLDivElement>(null);
  const page = answer.value;
  const list = hits.value;
  const { creator: open, compare } = view.value;
  const away = hidden.value;
  const copies = useMemo(() => copiesOf(list), [list]);
  useEffect(() => {
    if (scroller.current) scroller.current.scrollTop = 0; // a new answer begins at its top
  }, [page]);
  let body;
  if (askKey.value === null) body = <Start />;
  else if (problem.value) body = <Failed />;
  else if (!page) body = <TileBones count={firstBones} />;
  else if (list.length === 0) body = <Nothing />;
  else {
    body = (
      <>
        <ol class="tiles" id="hits">
          {list.map((hit) => (
            <Tile key={hit.id} hit={hit} open={hit.id === open} compared={compare.includes(hit.id)} hidden={away.has(hit.id)} copies={copies} />
          ))}
        </ol>
        <MorePages more={more.value} shown={list.length} total={page.total.value} onMore={loadMore} onAgain={runPictures} />
      </>
    );
  }
  return (
    <div class="scroller" ref={scroller} aria-busy={loading.value}>
      {body}
    </div>
  );
}
