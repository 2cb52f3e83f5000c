// Briefs that were matched before, under their short addresses.
import { useEffect, useState } from "preact/hooks";
import * as api from "../../api/match.ts";
import type { Campaign } from "../../api/match.ts";
import { emptyMatch } from "../../state/view.ts";
import { atMinute, ago } from "../../text/time.ts";
import { Link } from "../Link.tsx";

const shown = 8;

function title({ brief }: Campaign): string {
  const said = [brief.product_name, brief.brand_name].filter(Boolean).join(", ");
  return said || brief.product_description || brief.target_audience || brief.product_niche || brief.campaign_goal || "A brief without words";
}

export function RecentBriefs() {
  const [found, setFound] = useState<Campaign[]>([]);
  useEffect(() => {
    const stop = new AbortController();
    api.campaigns(shown, stop.signal).then(
      (page) => setFound(page.campaigns),
      () => undefined, // a convenience; the form works without
    );
    return () => stop.abort();
  }, []);
  if (found.length === 0) return null;
  return (
    <section class="recent" aria-labelledby="recent-title">
      <h2 id="recent-title">Matched before</h2>
      <ul>
        {found.map((one) => (
          <li key={one.id}>
            <Link class="text-link" to={(now) => ({ ...now, creator: null, match: { ...emptyMatch, campaign: one.id } })} title={title(one)} dir="auto">
              {title(one)}
            </Link>
            <span class="muted small" title={atMinute(one.updated_at) ?? undefined}>
              {ago(one.updated_at)}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
