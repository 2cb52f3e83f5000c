// Who came into question and is not paid for, by reason.
import type { PlanAnswer } from "../../api/match.ts";
import { exact } from "../../text/number.ts";
import { Link } from "../Link.tsx";

const shown = 12;

/** "asks $9000, more than the whole budget" and "asks $7000, more than the whole budget" are one reason. */
function kind(reason: string): string {
  return reason.replace(/^asks \$[\d.,]+, /, "ask ").replace(/^adds /, "add ");
}

export function LeftOut({ found }: { found: PlanAnswer }) {
  if (found.left_out_total === 0) return null;
  const groups = new Map<string, PlanAnswer["left_out"]>();
  for (const one of found.left_out) groups.set(kind(one.reason), [...(groups.get(kind(one.reason)) ?? []), one]);
  const missing = found.left_out_total - found.left_out.length;
  return (
    <section class="block left-out">
      <h2>
        Left out <span class="muted num">{exact(found.left_out_total)}</span>
      </h2>
      {[...groups].map(([reason, all]) => (
        <details key={reason}>
          <summary>
            {reason.charAt(0).toLocaleUpperCase() + reason.slice(1)} <span class="muted num">{exact(all.length)}</span>
          </summary>
          <ul>
            {all.slice(0, shown).map((one) => (
              <li key={one.id}>
                <Link class="text-link" to={(now) => ({ ...now, creator: one.id })} title={one.reason} dir="auto">
                  {one.name || "Name not known"}
                </Link>
                {one.reason.startsWith("asks") && <span class="muted small"> {one.reason.split(",")[0]}</span>}
              </li>
            ))}
            {all.length > shown && <li class="muted">and {exact(all.length - shown)} more</li>}
          </ul>
        </details>
      ))}
      {missing > 0 && <p class="muted small">and {exact(missing)} that are not listed here</p>}
    </section>
  );
}
