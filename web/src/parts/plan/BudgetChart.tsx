// Reach over budget: what more or less money would bring. The same in words and as a table for those who do not see it.
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { CurvePoint, PlanAnswer } from "../../api/match.ts";
import { dollars, exact, short } from "../../text/number.ts";
import { useDark } from "../plot/useDark.ts";

/** The curve with the present budget among its points, so that the mark stands on the line. */
function withPresent(found: PlanAnswer): CurvePoint[] {
  const present = { budget_usd: found.budget_usd, cost_usd: found.cost_usd, reach: found.reach, creators: found.chosen.length };
  const others = found.curve.filter((one) => Math.abs(one.budget_usd - found.budget_usd) > 1e-6 * found.budget_usd);
  return [...others, present].sort((a, b) => a.budget_usd - b.budget_usd);
}

function say(point: CurvePoint): string {
  return `${dollars(point.budget_usd)} reach ${short(point.reach)} with ${point.creators} ${point.creators === 1 ? "creator" : "creators"}`;
}

function summary(found: PlanAnswer): string {
  const last = found.curve[found.curve.length - 1]!;
  const more = last.reach - found.reach;
  const gain = more > found.reach * 0.005 ? `${dollars(last.budget_usd)} would reach ${short(more)} more` : `${dollars(last.budget_usd)} would reach hardly more`;
  return `${dollars(found.budget_usd)} reach ${short(found.reach)} people; ${gain}`;
}

function Table({ curve, present }: { curve: CurvePoint[]; present: number }) {
  return (
    <details class="curve-table">
      <summary>The curve in numbers</summary>
      <table class="plan-table">
        <thead>
          <tr>
            <th scope="col">Budget</th>
            <th scope="col">Spent</th>
            <th scope="col">Creators</th>
            <th scope="col">Reach</th>
          </tr>
        </thead>
        <tbody>
          {curve.map((one) => (
            <tr key={one.budget_usd}>
              <th scope="row" class="num">
                {dollars(one.budget_usd)}
                {one.budget_usd === present && <span class="muted"> now</span>}
              </th>
              <td class="num">{dollars(one.cost_usd)}</td>
              <td class="num">{exact(one.creators)}</td>
              <td class="num">{exact(Math.round(one.reach))}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

export function BudgetChart({ found }: { found: PlanAnswer }) {
  const place = useRef<HTMLDivElement>(null);
  const dark = useDark();
  const [at, setAt] = useState<CurvePoint | null>(null);
  const [failed, setFailed] = useState(false);
  const curve = useMemo(() => withPresent(found), [found]);
  useEffect(() => {
    const target = place.current;
    if (!target || curve.length < 2) return;
    let stop: (() => void) | undefined;
    let gone = false;
    import("./budgetPlot.ts").then(
      ({ draw }) => {
        if (!gone) stop = draw(target, curve, { budget: found.budget_usd, reach: found.reach }, (i) => setAt(i === null ? null : (curve[i] ?? null)));
      },
      () => setFailed(true),
    );
    return () => {
      gone = true;
      stop?.();
    };
  }, [found, dark]);
  if (curve.length < 2) return null;
  const label = summary(found);
  return (
    <section class="block">
      <h2>Reach over budget</h2>
      <div class="plot budget-plot" ref={place} role="img" aria-label={label}>
        {failed && <p class="muted">The chart could not be loaded.</p>}
      </div>
      <p class="plot-say num" aria-hidden="true">
        {at ? say(at) : label}
      </p>
      <Table curve={curve} present={found.budget_usd} />
    </section>
  );
}
