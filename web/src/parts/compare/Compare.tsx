// Up to four creators side by side, as a table: one row a figure, one column a creator.
import "../../styles/compare.css";
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { toProblem } from "../../api/problem.ts";
import type { Creator } from "../../api/types.ts";
import { toggleCompare } from "../../state/compare.ts";
import { readCreator } from "../../state/creators.ts";
import { view } from "../../state/store.ts";
import { activityName, countryName, languageName, nicheName, platformName, riskName, valueName } from "../../text/label.ts";
import { exact } from "../../text/number.ts";
import { Avatar } from "../Avatar.tsx";
import { Change, Figure, Money, Rate, Unknown } from "../Figure.tsx";
import { Link } from "../Link.tsx";
import { nameOf } from "../Who.tsx";
import { MatchParts } from "./MatchParts.tsx";

export interface Column {
  id: string;
  creator: Creator | null;
  failed: string | null;
}

function useCreators(ids: string[]): Column[] {
  const [found, setFound] = useState<Record<string, Column>>({});
  useEffect(() => {
    let gone = false;
    const put = (one: Column) => !gone && setFound((now) => ({ ...now, [one.id]: one }));
    for (const id of ids) {
      readCreator(id).then(
        (creator) => put({ id, creator, failed: null }),
        (error: unknown) => {
          const problem = toProblem(error);
          put({ id, creator: null, failed: problem?.status === 404 ? "not here any more" : (problem?.message ?? "not read") });
        },
      );
    }
    return () => void (gone = true);
  }, [ids.join(" ")]);
  return ids.map((id) => found[id] ?? { id, creator: null, failed: null });
}

function list(values: (string | null | undefined)[]): ComponentChildren {
  const known = [...new Set(values.filter((one): one is string => one !== null && one !== undefined && one !== ""))];
  return known.length > 0 ? <bdi>{known.join(", ")}</bdi> : null;
}

function share(value: number | null | undefined, digits = 2): ComponentChildren {
  return value === null || value === undefined ? null : <span class="num">{value.toFixed(digits)}</span>;
}

function credibility(one: Creator): ComponentChildren {
  const found = one.credibility;
  if (!found) return null;
  return (
    <span class="num">
      {found.value.toFixed(2)} <span class="muted small">({found.low.toFixed(2)} to {found.high.toFixed(2)})</span>
    </span>
  );
}

const rows: [string, (one: Creator) => ComponentChildren][] = [
  ["Followers", (one) => <Figure value={one.followers} unit="followers" />],
  ["Engagement", (one) => <Rate value={one.engagement_rate} unit="engagement" />],
  ["Growth, 30 days", (one) => <Change value={one.growth_rate_30d} unit="growth in 30 days" />],
  ["Growth trend", (one) => <Change value={one.growth_trend} unit="growth trend" />],
  ["Emerging", (one) => share(one.emerging)],
  ["Credibility", credibility],
  ["Views per follower", (one) => share(one.views_per_follower)],
  ["Posts per week", (one) => share(one.posts_per_week, 1)],
  ["Price", (one) => <Money value={one.price_usd} unit="price" />],
  ["Niche", (one) => list([one.niche_label ?? (one.primary_niche ? nicheName(one.primary_niche) : null), ...(one.secondary_niches ?? []).map(nicheName)])],
  ["Style", (one) => list([one.style ? valueName("style", one.style) : null])],
  ["Country", (one) => list([one.country ? countryName(one.country) : null])],
  ["Languages", (one) => list([one.language, ...one.accounts.map((account) => account.language)].map((code) => (code ? languageName(code) : null)))],
  ["Platforms", (one) => list(one.accounts.map((account) => platformName(account.platform)))],
  ["Activity", (one) => list([one.activity && one.activity !== "unknown" ? activityName(one.activity) : null])],
  ["Quality", (one) => share(one.quality)],
  ["Risks", (one) => ((one.risks ?? []).length > 0 ? <bdi class="warn">{(one.risks ?? []).map(riskName).join(", ")}</bdi> : <span class="muted">none found</span>)],
];

function Head({ column }: { column: Column }) {
  const { id, creator } = column;
  const name = creator ? nameOf(creator) : column.failed ? "Not here" : "…";
  return (
    <th scope="col" data-id={id}>
      <span class="compare-who">
        {creator && <Avatar id={id} name={creator.name} handle={creator.handle} />}
        <Link class="compare-name" to={(now) => ({ ...now, creator: id })} title={name} dir="auto">
          {name}
        </Link>
      </span>
      <button type="button" class="ghost" onClick={() => toggleCompare(id)}>
        Take out<span class="sr"> {name}</span>
      </button>
    </th>
  );
}

export function Cell({ children, column }: { children: ComponentChildren; column: Column }) {
  if (column.failed) return <td class="muted">{column.failed}</td>;
  if (!column.creator) {
    return (
      <td>
        <span class="bone cell-bone" />
      </td>
    );
  }
  return <td>{children ?? <Unknown />}</td>;
}

export function Compare() {
  const { compare, place } = view.value;
  const columns = useCreators(compare);
  const busy = columns.some((one) => !one.creator && !one.failed);
  return (
    <div class="scroller compare-scroller" aria-busy={busy}>
      <div class="compare-head">
        <h2>
          {exact(compare.length)} {compare.length === 1 ? "creator" : "creators"} side by side
        </h2>
        <Link class="button" to={(now) => ({ ...now, show: "list" })}>
          Back to the list
        </Link>
      </div>
      {compare.length === 0 ? (
        <p class="muted">Nobody is chosen. “Compare” at a creator of the list puts it here, up to four.</p>
      ) : (
        <div class="compare-place" tabIndex={0} role="region" aria-label="Comparison">
          <table class="compare">
            <thead>
              <tr>
                <td class="corner" />
                {columns.map((one) => (
                  <Head key={one.id} column={one} />
                ))}
              </tr>
            </thead>
            {place === "match" && <MatchParts columns={columns} />}
            <tbody>
              {rows.map(([name, of]) => (
                <tr key={name}>
                  <th scope="row">{name}</th>
                  {columns.map((one) => (
                    <Cell key={one.id} column={one}>
                      {one.creator && of(one.creator)}
                    </Cell>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </div>
  );
}
