// The places of the page. A brief that stands in the search box is taken along.
import { looksLikeBrief, emptyBrief } from "../state/brief.ts";
import { draft, lastOf, view } from "../state/store.ts";
import { emptyMatch } from "../state/view.ts";
import type { View } from "../state/view.ts";
import { Link } from "./Link.tsx";

export function briefView(text: string): View {
  const brief = { ...emptyBrief, product_description: text.trim() };
  return { ...lastOf("match"), show: "list", compare: [], match: { ...emptyMatch, brief } };
}

export function Places() {
  const place = view.value.place;
  const text = draft.value;
  const toMatch = () => (place === "search" && looksLikeBrief(text) ? briefView(text) : lastOf("match"));
  return (
    <nav class="places" aria-label="Places">
      {place !== "search" && (
        <Link class="place" to={() => lastOf("search")} title="Search by words, meaning and filters (/)">
          Search
        </Link>
      )}
      <Link class="place" to={toMatch} current={place === "match"} title="Creators for a campaign brief (m)">
        <span class="only-wide">Match a brief</span>
        <span class="only-phone">Match</span>
      </Link>
      <Link class="place place-pictures" to={() => lastOf("pictures")} current={place === "pictures"} title="Search by what pictures show (p)">
        Pictures
      </Link>
    </nav>
  );
}
