// Whom to pay for with a budget, so that most people of the audience are reached.
import "../../styles/plan.css";
import { budget, plan, planning, planProblem, planRefused, runPlan, setPlan } from "../../state/plan.ts";
import { view } from "../../state/store.ts";
import type { PlanAnswer } from "../../api/match.ts";
import { dollars, exact, short } from "../../text/number.ts";
import { ErrorNote } from "../ErrorNote.tsx";
import { AmountField, RangeField } from "../match/Fields.tsx";
import { BudgetChart } from "./BudgetChart.tsx";
import { Chosen } from "./Chosen.tsx";
import { LeftOut } from "./LeftOut.tsx";

const usualPrice = 0.01; // US dollars a follower, to begin with; the person sets it

function PriceRule({ error }: { error: string | undefined }) {
  const { price } = view.value.match.plan;
  return (
    <>
      <fieldset class="field">
        <legend class="field-name">Where a price is not known</legend>
        <span class="checks">
          <label>
            <input type="radio" name="price-rule" checked={price === null} onChange={() => setPlan({ price: null })} />
            leave out
          </label>
          <label>
            <input type="radio" name="price-rule" checked={price !== null} onChange={() => setPlan({ price: price ?? usualPrice })} />
            estimate
          </label>
        </span>
      </fieldset>
      {price !== null && (
        <AmountField
          class="plan-price"
          name="Price for 1,000 followers"
          unit="US $"
          scale={1000}
          value={price}
          example="10"
          error={error}
          onChange={(value) => setPlan({ price: value })}
        />
      )}
    </>
  );
}

function Settings() {
  const set = view.value.match.plan;
  const wrong = planRefused.value;
  return (
    <form class="plan-form" aria-label="Budget plan" onSubmit={(event) => event.preventDefault()}>
      <AmountField name="Budget" unit="US $" value={budget.value} example="10k" error={wrong["budget_usd"]} onChange={(value) => setPlan({ budget: value })} />
      <RangeField
        name="Creators"
        unit="how many"
        min={set.min}
        max={set.max}
        example="any"
        errors={[wrong["min_creators"], wrong["max_creators"]]}
        onChange={(min, max) => setPlan({ min: min === null ? null : Math.round(min), max: max === null ? null : Math.round(max) })}
      />
      <PriceRule error={wrong["price_per_follower_usd"]} />
    </form>
  );
}

function Sums({ found }: { found: PlanAnswer }) {
  const shared = Math.max(0, found.reach_without_overlap - found.reach);
  return (
    <dl class="totals plan-sums">
      <div>
        <dt>Creators</dt>
        <dd class="num">{exact(found.chosen.length)}</dd>
      </div>
      <div>
        <dt>Cost</dt>
        <dd class="num" title={`${exact(found.cost_usd)} of ${exact(found.budget_usd)} US dollars`}>
          {dollars(found.cost_usd)} <span class="muted small">of {dollars(found.budget_usd)}</span>
        </dd>
      </div>
      <div>
        <dt>Reach</dt>
        <dd class="num" title={`${exact(Math.round(found.reach))} people, each counted once`}>
          {short(found.reach)}
        </dd>
      </div>
      <div>
        <dt>Reached twice</dt>
        <dd class="num" title={`${exact(Math.round(shared))} of ${exact(Math.round(found.reach_without_overlap))} would be reached by more than one`}>
          {short(shared)}
        </dd>
      </div>
    </dl>
  );
}

function Body() {
  const found = plan.value;
  const failed = planProblem.value;
  if (!budget.value) return <p class="muted">A budget is needed: what may the creators cost together?</p>;
  if (failed) {
    const said = failed.errors.map((one) => one.detail).filter(Boolean).join("; ") || failed.detail;
    return <ErrorNote title={failed.message} detail={said} requestId={failed.requestId} onAction={() => void runPlan()} />;
  }
  if (!found) return <span class="bone plan-bone" aria-hidden="true" />;
  return (
    <>
      <Sums found={found} />
      {found.chosen.length === 0 && <p>Nobody with a known price is within this budget. Estimating prices lets more come into question.</p>}
      <Chosen found={found} />
      <BudgetChart found={found} />
      <LeftOut found={found} />
      <p class="muted small">
        Reach is followers × views per follower × audience fit; people whom several creators share count once. Found by: {found.method}.
        {found.degraded.length > 0 && ` ${found.degraded.join(". ")}.`}
      </p>
    </>
  );
}

export function Plan() {
  const found = plan.value;
  const said = planning.value || !found || planProblem.value ? "" : `${found.chosen.length} creators for ${dollars(found.cost_usd)} reach about ${short(found.reach)} people`;
  return (
    <div class="scroller plan-scroller" aria-busy={planning.value}>
      <Settings />
      <div class={planning.value ? "plan-body busy" : "plan-body"}>
        <Body />
      </div>
      <div class="sr" role="status" aria-live="polite">
        {said}
      </div>
    </div>
  );
}
