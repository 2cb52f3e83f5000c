// Nothing found: which condition removed most, and one click to drop it.
import { useEffect, useState } from "preact/hooks";
import { answer } from "../state/results.ts";
import { relax } from "../state/relax.ts";
import type { Relaxation } from "../state/relax.ts";
import { go, resultKey, view } from "../state/store.ts";
import { emptyView, hasFilters } from "../state/view.ts";
import { exact } from "../text/number.ts";

export function NothingFound() {
  const [ways, setWays] = useState<Relaxation[] | null>(null);
  const page = answer.value;
  const key = resultKey.value;
  useEffect(() => {
    const stop = new AbortController();
    setWays(null);
    const understood = page?.understood;
    relax(view.peek(), understood?.chips ?? [], understood?.rest ?? "", stop.signal).then(setWays, () => {
      if (!stop.signal.aborted) setWays([]);
    });
    return () => stop.abort();
  }, [page, key]);
  const many = (one: Relaxation) => `${one.atLeast ? "over " : ""}${exact(one.count)} ${one.count === 1 ? "creator" : "creators"}`;
  const best = ways?.[0];
  const wordsOnly = (page?.understood?.chips.length ?? 0) === 0 && !hasFilters(view.value);
  return (
    <div class="note nothing">
      <h2>Nothing found</h2>
      {ways === null && <p class="bone nothing-bone" />}
      {best && (
        <>
          <p>
            <b>{best.label}</b> removed most. Without it there {best.count === 1 ? "is" : "are"} {many(best)}.
          </p>
          <p class="note-actions">
            <button type="button" class="button primary" onClick={() => go(best.view)}>
              Drop {best.label}
            </button>
          </p>
        </>
      )}
      {ways && ways.length > 1 && (
        <ul class="ways">
          {ways.slice(1).map((one) => (
            <li key={one.label}>
              <button type="button" class="ghost" onClick={() => go(one.view)}>
                Drop {one.label}
              </button>
              <span class="muted num">{many(one)}</span>
            </li>
          ))}
        </ul>
      )}
      {ways && !best && (
        <>
          <p>
            {wordsOnly
              ? "No creator’s texts hold these words or come near them in meaning. Other words may; fewer often do."
              : "No single condition is the reason: it takes fewer conditions, or other words."}
          </p>
          <p class="note-actions">
            <button type="button" class="button" onClick={() => go({ ...emptyView, panel: view.peek().panel })}>
              Start over
            </button>
          </p>
        </>
      )}
    </div>
  );
}
