// The left region: what the results can be narrowed by, with live counts.
import { facets } from "../state/facets.ts";
import { change } from "../state/store.ts";
import { ActivityLink } from "./ActivityLink.tsx";
import { Brand } from "./Brand.tsx";
import { FollowersFacet } from "./FollowersFacet.tsx";
import { FacetGroup } from "./FacetGroup.tsx";
import { RangeFacet } from "./RangeFacet.tsx";
import { counted } from "../state/shown.ts";
import { exact } from "../text/number.ts";

const groups: { field: string; open: boolean }[] = [
  { field: "platform", open: true },
  { field: "niche", open: true },
  { field: "secondary_niche", open: false },
  { field: "country", open: true },
  { field: "language", open: false },
  { field: "activity", open: false },
  { field: "style", open: false },
  { field: "verified", open: false },
  { field: "risk", open: false },
];

export function Facets() {
  const counts = facets.value;
  const total = counted.value?.total.value;
  const group = (field: string, open: boolean) => (
    <FacetGroup key={field} field={field} values={counts[field]} open={open} />
  );
  return (
    <aside id="facets" class="facets" aria-label="Filters">
      <div class="facets-head">
        <Brand />
        <button
          type="button"
          class="ghost facets-hide"
          title="Hide the filters"
          onClick={() => change({ panel: "none" }, "replace")}
        >
          Hide
        </button>
      </div>
      <h2 class="screen-title">Filters</h2>
      <div class="facets-body">
        {groups.slice(0, 1).map((one) => group(one.field, one.open))}
        <FollowersFacet bands={counts["follower_band"]} />
        {groups.slice(1, 5).map((one) => group(one.field, one.open))}
        <RangeFacet field="engagement_rate" unit="%" scale={100} example="3" />
        <RangeFacet field="price_usd" unit="US $" scale={1} example="500" />
        <RangeFacet field="growth_rate_30d" unit="%" scale={100} example="2" />
        <RangeFacet field="growth_trend" unit="%" scale={100} example="1" />
        <RangeFacet field="emerging" unit="0 to 1" scale={1} example="0.5" />
        <RangeFacet field="credibility" unit="0 to 1" scale={1} example="0.6" />
        <RangeFacet field="views_per_follower" unit="views" scale={1} example="0.2" />
        <RangeFacet field="posts_per_week" unit="posts" scale={1} example="2" />
        {groups.slice(5).map((one) => group(one.field, one.open))}
        <p class="only-phone facets-foot">
          <ActivityLink />
        </p>
      </div>
      <div class="screen-foot">
        <button type="button" class="button primary" onClick={() => change({ panel: null }, "replace")}>
          Show {total === undefined ? "results" : `${exact(total)} ${total === 1 ? "creator" : "creators"}`}
        </button>
      </div>
    </aside>
  );
}
