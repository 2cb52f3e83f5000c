// Who is paid for: cost, reach alone, and what the plan would lose without them.
import type { PlanAnswer, Planned } from "../../api/match.ts";
import { view } from "../../state/store.ts";
import { dollars, exact, short } from "../../text/number.ts";
import { Avatar } from "../Avatar.tsx";
import { Figure } from "../Figure.tsx";
import { Link } from "../Link.tsx";
import { PlatformMark } from "../PlatformMark.tsx";
import { nameOf } from "../Who.tsx";

function People({ value }: { value: number }) {
  return (
    <span class="num" title={`${exact(Math.round(value))} people`}>
      {short(value)}
    </span>
  );
}

function Row({ one, widest }: { one: Planned; widest: number }) {
  const open = view.value.creator === one.id;
  const platforms = [...new Set(one.accounts.map((account) => account.platform))].slice(0, 4);
  return (
    <tr class={open ? "open" : ""} data-id={one.id}>
      <th scope="row" title={one.why}>
        <span class="compare-who">
          <Avatar id={one.id} name={one.name} handle={one.handle} />
          <Link class="compare-name" to={(now) => ({ ...now, creator: one.id })} current={open} title={nameOf(one)} dir="auto">
            {nameOf(one)}
          </Link>
          <span class="alike-marks">
            {platforms.map((platform) => (
              <PlatformMark key={platform} platform={platform} />
            ))}
          </span>
        </span>
      </th>
      <td class="num">
        {dollars(one.cost_usd)}
        {one.cost_estimated && (
          <span class="muted small" title="The price is not known; this is followers × the price set above">
            {" "}
            est.
          </span>
        )}
      </td>
      <td class="plan-followers">
        <Figure value={one.followers} unit="followers" />
      </td>
      <td class="num" title={`audience fit ${one.audience_fit.toFixed(2)}${one.views_estimated ? "; views are estimated" : ""}`}>
        {one.audience_fit.toFixed(2)}
      </td>
      <td>
        <People value={one.reach} />
        {one.views_estimated && (
          <span class="muted small" title="The creator’s views are not known">
            {" "}
            est.
          </span>
        )}
      </td>
      <td>
        <People value={one.marginal} />
        <span class="meter-track" aria-hidden="true">
          <span style={{ width: `${(100 * one.marginal) / Math.max(widest, 1)}%` }} />
        </span>
      </td>
    </tr>
  );
}

export function Chosen({ found }: { found: PlanAnswer }) {
  if (found.chosen.length === 0) return null;
  const widest = Math.max(...found.chosen.map((one) => one.marginal));
  return (
    <section class="block">
      <h2>Paid for</h2>
      <div class="compare-place" tabIndex={0} role="region" aria-label="Creators paid for">
        <table class="plan-table">
          <thead>
            <tr>
              <th scope="col">Creator</th>
              <th scope="col">Cost</th>
              <th scope="col" class="plan-followers">
                Followers
              </th>
              <th scope="col" title="How well the audience fits the brief, 0 to 1; 0.5 where nothing is known">
                Fit
              </th>
              <th scope="col" title="People of the audience reached by this creator alone">
                Reach
              </th>
              <th scope="col" title="People the plan would lose without this creator">
                Adds
              </th>
            </tr>
          </thead>
          <tbody>
            {found.chosen.map((one) => (
              <Row key={one.id} one={one} widest={widest} />
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">Together, each person once</th>
              <td class="num">{dollars(found.cost_usd)}</td>
              <td class="plan-followers" />
              <td />
              <td>
                <People value={found.reach} />
              </td>
              <td />
            </tr>
          </tfoot>
        </table>
      </div>
    </section>
  );
}
