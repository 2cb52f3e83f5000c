// Figures with their definitions: what each is computed from stands on hover, and below for keys and fingers.
import type { ComponentChildren } from "preact";
import type { Creator, Definition } from "../../api/types.ts";
import { fieldName } from "../../text/label.ts";
import { exact } from "../../text/number.ts";
import { Change, Rate, Unknown } from "../Figure.tsx";

const shown = ["emerging", "views_per_follower", "posts_per_week", "growth_trend", "growth_rate_30d", "engagement_rate"] as const;

function title({ formula, window: over, denominator, unit }: Definition): string {
  return [formula, `over ${over}`, denominator ? `of ${denominator}` : null, unit ? `in ${unit}` : null].filter(Boolean).join("; ");
}

function Plain({ value, digits, unit }: { value: number | null | undefined; digits: number; unit: string }) {
  if (value === null || value === undefined) return <Unknown what={unit} />;
  return <span class="num">{value.toFixed(digits)}</span>;
}

function valueOf(creator: Creator, name: (typeof shown)[number]): ComponentChildren {
  switch (name) {
    case "growth_trend":
    case "growth_rate_30d":
      return <Change value={creator[name]} unit={fieldName(name)} />;
    case "engagement_rate":
      return <Rate value={creator.engagement_rate} unit="engagement" />;
    default:
      return <Plain value={creator[name]} digits={name === "posts_per_week" ? 1 : 2} unit={fieldName(name)} />;
  }
}

export function Signals({ creator }: { creator: Creator }) {
  const definitions = new Map((creator.definitions ?? []).map((one) => [one.name, one]));
  return (
    <>
      <dl class="facts">
        {shown.map((name) => {
          const found = definitions.get(name);
          return (
            <div key={name} data-name={name} title={found ? title(found) : undefined}>
              <dt>{fieldName(name)}</dt>
              <dd>{valueOf(creator, name)}</dd>
            </div>
          );
        })}
      </dl>
      {definitions.size > 0 && (
        <details class="definitions">
          <summary>How these are computed</summary>
          <dl>
            {[...definitions.values()].map((one) => (
              <div key={one.name}>
                <dt>{fieldName(one.name)}</dt>
                <dd>
                  <code>{one.formula}</code>
                  <span class="muted">
                    {" "}
                    Over {one.window}
                    {one.unit ? `, in ${one.unit}` : ""}
                    {one.version !== undefined ? `; version ${exact(one.version)}` : ""}.
                  </span>
                </dd>
              </div>
            ))}
          </dl>
        </details>
      )}
    </>
  );
}
