// How the service does: searches of the last hour by kind, how fast, how many found nothing, and what is in the index.
import "../../styles/activity.css";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Analytics, SearchFigures } from "../../api/analytics.ts";
import { figures, figuresProblem, readFigures, samples } from "../../state/activity.ts";
import { pictureSpaceName } from "../../text/label.ts";
import { exact, percent } from "../../text/number.ts";
import { ActivityLink } from "../ActivityLink.tsx";
import { Brand } from "../Brand.tsx";
import { ErrorNote } from "../ErrorNote.tsx";
import { Unknown } from "../Figure.tsx";
import { Keys } from "../Keys.tsx";
import { Places } from "../Places.tsx";
import { useDark } from "../plot/useDark.ts";
import { kindName, millis } from "./say.ts";

function Time({ value, what }: { value: number | null; what: string }) {
  return value === null ? <Unknown what={what} /> : <span class="num">{millis(value)}</span>;
}

function Rate({ of }: { of: SearchFigures }) {
  if (of.zero_hit_rate === null) return <Unknown what="zero-hit rate" />;
  return (
    <span class="num" title={`${exact(of.without_hits)} of ${exact(of.asked - of.failed)} answered found nobody`}>
      {percent(of.zero_hit_rate)}
    </span>
  );
}

function Totals({ of }: { of: SearchFigures }) {
  return (
    <dl class="totals activity-totals">
      <div>
        <dt>Searches</dt>
        <dd class="num">{exact(of.asked)}</dd>
      </div>
      <div>
        <dt title="Half of them took less">P50</dt>
        <dd>
          <Time value={of.latency_ms.p50} what="P50" />
        </dd>
      </div>
      <div>
        <dt title="One in twenty took more">P95</dt>
        <dd>
          <Time value={of.latency_ms.p95} what="P95" />
        </dd>
      </div>
      <div>
        <dt title="Of those that were answered">Found nothing</dt>
        <dd>
          <Rate of={of} />
        </dd>
      </div>
    </dl>
  );
}

function Kinds({ found }: { found: Analytics }) {
  const slowest = Math.max(1e-9, ...found.by_kind.map((one) => one.latency_ms.p95 ?? 0));
  if (found.by_kind.length === 0) return <p class="muted">Nothing was searched in the last hour.</p>;
  return (
    <div class="activity-place" tabIndex={0} role="region" aria-label="Searches by kind">
      <table class="activity-table">
        <thead>
          <tr>
            <th scope="col">Kind</th>
            <th scope="col">Searches</th>
            <th scope="col">Found nothing</th>
            <th scope="col">P50</th>
            <th scope="col">P95</th>
            <th scope="col">P99</th>
            <th scope="col">Failed</th>
          </tr>
        </thead>
        <tbody>
          {found.by_kind.map((one) => (
            <tr key={one.kind}>
              <th scope="row">
                {kindName(one.kind)}
                <span class="meter-track" aria-hidden="true">
                  <span style={{ width: `${(100 * (one.latency_ms.p95 ?? 0)) / slowest}%` }} />
                </span>
              </th>
              <td class="num">{exact(one.asked)}</td>
              <td>
                <Rate of={one} />
              </td>
              <td>
                <Time value={one.latency_ms.p50} what="P50" />
              </td>
              <td>
                <Time value={one.latency_ms.p95} what="P95" />
              </td>
              <td>
                <Time value={one.latency_ms.p99} what="P99" />
              </td>
              <td class="num">{exact(one.failed)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Latency() {
  const place = useRef<HTMLDivElement>(null);
  const dark = useDark();
  const [failed, setFailed] = useState(false);
  const known = samples.value.filter((one) => one.p95 !== null);
  const last = known[known.length - 1];
  useEffect(() => {
    const target = place.current;
    if (!target || known.length < 2) return;
    let stop: (() => void) | undefined;
    let gone = false;
    import("./latencyPlot.ts").then(
      ({ draw }) => {
        if (!gone) stop = draw(target, known);
      },
      () => setFailed(true),
    );
    return () => {
      gone = true;
      stop?.();
    };
  }, [samples.value, dark]);
  const label = last ? `P95 ${millis(last.p95!)}, P50 ${millis(last.p50!)} over the last hour, as read since this view was opened` : "";
  return (
    <section class="block">
      <h2>How long searches take</h2>
      <div class="plot latency-plot" ref={place} role="img" aria-label={label || "Nothing to plot yet"}>
        {failed && <p class="muted">The plot could not be loaded.</p>}
        {!failed && known.length < 2 && <p class="muted">{last ? "The line begins with the second reading, in five seconds." : "Nothing was searched in the last hour."}</p>}
      </div>
      <p class="plot-say">
        <span class="line-key p95" aria-hidden="true" /> P95 <span class="line-key p50" aria-hidden="true" /> P50
      </p>
    </section>
  );
}

function share(done: number, total: number): string {
  return done === total ? exact(total) : `${exact(done)} of ${exact(total)}`;
}

function Holdings({ found }: { found: Analytics }) {
  const { index, texts, pictures } = found;
  const rows: [string, string, string][] = [
    ["Creators", share(index.creators, index.stored), "in the index, of those stored"],
    ["Texts understood", share(texts.done, texts.total), "with their meaning in the index"],
    ["Pictures", share(pictures.done, pictures.total), "that can be found, of those known"],
    ["Pictures compared by", index.picture_space ? pictureSpaceName(index.picture_space) : "nothing", `the space of their vectors${index.picture_space ? `: ${index.picture_space}` : ""}`],
    ["Revision", exact(index.revision), `of the store; index generation ${index.generation}`],
  ];
  return (
    <section class="block">
      <h2>In the index</h2>
      <dl class="facts activity-facts">
        {rows.map(([name, value, what]) => (
          <div key={name} title={what}>
            <dt>{name}</dt>
            <dd class="num">{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

export function Activity() {
  const found = figures.value;
  const failed = figuresProblem.value;
  return (
    <main class="middle wide">
      <div class="top">
        <div class="top-row">
          <Brand />
          <Places />
          <span class="top-fill" />
          <ActivityLink />
          <Keys />
        </div>
      </div>
      <div class="scroller activity" aria-busy={!found && !failed}>
        <h1>The last hour</h1>
        <p class="muted small">Counted in this process since it was started, and read again every five seconds. What was searched for is not kept.</p>
        {failed && <ErrorNote title={failed.message} detail={failed.detail} requestId={failed.requestId} onAction={() => void readFigures()} />}
        {!found && !failed && <span class="bone activity-bone" aria-hidden="true" />}
        {found && (
          <>
            <Totals of={found.searches} />
            <section class="block">
              <h2>By kind</h2>
              <Kinds found={found} />
            </section>
            <Latency />
            <Holdings found={found} />
          </>
        )}
      </div>
    </main>
  );
}
