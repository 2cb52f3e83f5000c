import { useEffect } from "preact/hooks";
import { examples, prepareExamples } from "../state/examples.ts";
import { answer, answered } from "../state/results.ts";
import { resultKey, view } from "../state/store.ts";
import { emptyView, hasFilters } from "../state/view.ts";
import { Link } from "./Link.tsx";

/** Queries to begin with; each was tried on the data at hand and has results. */
export function Examples() {
  const page = answer.value;
  const plain = view.value.q === "" && !hasFilters(view.value) && answered.value === resultKey.value;
  useEffect(() => {
    if (page && plain && page.total.value > 0) void prepareExamples(page);
  }, [page, plain]);
  const found = examples.value;
  if (found !== null && found.length === 0) return null;
  return (
    <div class="examples">
      <span class="muted">Try</span>
      {found === null
        ? [176, 148, 196].map((width) => <span key={width} class="bone example-bone" style={{ width: `${width}px` }} />)
        : found.map((one) => (
            <Link key={one.q} class="example" to={(now) => ({ ...emptyView, panel: now.panel, q: one.q })}>
              {one.q}
            </Link>
          ))}
    </div>
  );
}
