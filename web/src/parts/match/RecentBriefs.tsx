// Briefs that were matched before, under their short addresses.
import { useEffect, useState } from "preact/hooks";
import * as api from "../../api/match.ts";
import type { Campaign } from "../../api/match.ts";
import { toProblem } from "../../api/problem.ts";
import { emptyMatch } from "../../state/view.ts";
import { atMinute, ago } from "../../text/time.ts";
import { Link } from "../Link.tsx";

const shown = 8;

function title({ brief }: Campaign): string {
  const said = [brief.product_name, brief.brand_name].filter(Boolean).join(", ");
  return said || brief.product_description || brief.target_audience || brief.product_niche || brief.campaign_goal || "A brief without words";
}

interface OneProps {
  one: Campaign;
  onDelete: () => void;
}

/** Deleting takes a second press: it takes the scores and their history along. */
function One({ one, onDelete }: OneProps) {
  const [sure, setSure] = useState(false);
  return (
    <li data-campaign={one.id}>
      <Link class="text-link" to={(now) => ({ ...now, creator: null, match: { ...emptyMatch, campaign: one.id } })} title={title(one)} dir="auto">
        {title(one)}
      </Link>
      <span class="recent-end">
        {!sure && (
          <span class="muted small" title={atMinute(one.updated_at) ?? undefined}>
            {ago(one.updated_at)}
          </span>
        )}
        <button type="button" class={`ghost small${sure ? " warn" : ""}`} title="Forgets the brief, its scores and their history" onClick={() => (sure ? onDelete() : setSure(true))} onBlur={() => setSure(false)}>
          {sure ? "Delete for good" : "Delete"}
          <span class="sr"> {title(one)}</span>
        </button>
      </span>
    </li>
  );
}

export function RecentBriefs() {
  const [found, setFound] = useState<Campaign[]>([]);
  const [failed, setFailed] = useState<string | null>(null);
  const forget = (id: string) => {
    const before = found;
    setFailed(null);
    setFound(found.filter((one) => one.id !== id)); // at once; put back where the server says no
    api.removeCampaign(id).catch((error: unknown) => {
      setFound(before);
      setFailed(toProblem(error)?.message ?? "it could not be deleted");
    });
  };
  useEffect(() => {
    const stop = new AbortController();
    api.campaigns(shown, stop.signal).then(
      (page) => setFound(page.campaigns),
      () => undefined, // a convenience; the form works without
    );
    return () => stop.abort();
  }, []);
  if (found.length === 0 && !failed) return null;
  return (
    <section class="recent" aria-labelledby="recent-title">
      <h2 id="recent-title">Matched before</h2>
      <ul>
        {found.map((one) => (
          <One key={one.id} one={one} onDelete={() => forget(one.id)} />
        ))}
      </ul>
      {failed && (
        <p class="form-error" role="alert">
          Not deleted: {failed}
        </p>
      )}
    </section>
  );
}
