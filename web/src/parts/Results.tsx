// The middle region: the list, or what stands in its place.
import { useEffect, useRef } from "preact/hooks";
import { answer, hits, loadMore, loading, more, problem, runSearch } from "../state/results.ts";
import { hidden } from "../state/hidden.ts";
import { view } from "../state/store.ts";
import { ColumnHeads } from "./ColumnHeads.tsx";
import { ErrorNote } from "./ErrorNote.tsx";
import { MorePages } from "./MorePages.tsx";
import { NothingFound } from "./NothingFound.tsx";
import { NoCreators } from "./NoCreators.tsx";
import { ResultCard } from "./ResultCard.tsx";
import { hasFilters } from "../state/view.ts";

const firstBones = 10;

export function Bones({ count }: { count: number }) {
  return (
    <ol class="hits" aria-hidden="true">
      {Array.from({ length: count }, (_, i) => (
        <li key={i} class="hit bones">
          <span class="avatar bone" />
          <span class="bone line-a" />
          <span class="bone line-b" />
          <span class="bone line-c" />
        </li>
      ))}
    </ol>
  );
}

export function Results() {
  const scroller = useRef<HTMLDivElement>(null);
  const page = answer.value;
  const failed = problem.value;
  const list = hits.value;
  const { creator: open, compare } = view.value;
  const away = hidden.value;
  const sortField = view.value.sort?.field ?? "score";
  useEffect(() => {
    // A new answer begins at its top.
    if (scroller.current) scroller.current.scrollTop = 0;
  }, [page]);
  let body;
  if (failed) {
    body = (
      <ErrorNote
        title={failed.message}
        detail={failed.errors.map((one) => [one.pointer, one.detail].filter(Boolean).join(": ")).join("; ") || failed.detail}
        requestId={failed.requestId}
        hint={failed.status === 0 ? "Check that creatordex is still running, then try again." : undefined}
        onAction={() => void runSearch()}
      />
    );
  } else if (!page) {
    body = <Bones count={firstBones} />;
  } else if (list.length === 0) {
    body = view.value.q === "" && !hasFilters(view.value) ? <NoCreators /> : <NothingFound />;
  } else {
    body = (
      <>
        <ol class="hits" id="hits">
          {list.map((hit) => (
            <ResultCard
              key={hit.id}
              hit={hit}
              open={hit.id === open}
              sortField={sortField}
              compared={compare.includes(hit.id)}
              hidden={away.has(hit.id)}
            />
          ))}
        </ol>
        <MorePages more={more.value} shown={list.length} total={page.total.value} onMore={loadMore} onAgain={runSearch} />
      </>
    );
  }
  return (
    <div class="scroller" ref={scroller} aria-busy={loading.value}>
      {!failed && (!page || list.length > 0) && <ColumnHeads />}
      {body}
    </div>
  );
}
