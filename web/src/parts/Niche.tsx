import type { Creator } from "../api/types.ts";
import { nicheName } from "../text/label.ts";
import { percent } from "../text/number.ts";
import { Unknown } from "./Figure.tsx";

const places: Record<string, string> = {
  bio: "bio",
  content: "posts",
  title: "posts",
  name: "name",
  category: "platform's category",
  categories: "platform's category",
  summary: "summary",
};

/** What the creator is about, and the words that say so. */
export function Niche({ creator }: { creator: Creator }) {
  const evidence = creator.niche_evidence ?? [];
  const byField = new Map<string, string[]>();
  for (const { field, phrase } of evidence) {
    const place = places[field] ?? field.replace(/_/g, " ");
    const phrases = byField.get(place) ?? [];
    if (!phrases.includes(phrase)) phrases.push(phrase);
    byField.set(place, phrases);
  }
  const secondary = creator.secondary_niches ?? [];
  const label = creator.niche_label ?? (creator.primary_niche ? nicheName(creator.primary_niche) : null);
  return (
    <>
      <p>
        <b>{label ?? <Unknown what="niche" />}</b>
        {creator.niche_confidence != null && <span class="muted"> {percent(creator.niche_confidence)} sure</span>}
        {secondary.length > 0 && <span class="muted">, also {secondary.map(nicheName).join(", ")}</span>}
      </p>
      {byField.size > 0 ? (
        <ul class="evidence">
          {[...byField].map(([place, phrases]) => (
            <li key={place}>
              <span class="muted">In the {place}</span>
              {phrases.map((one) => (
                <bdi key={one} class="phrase">
                  {one}
                </bdi>
              ))}
            </li>
          ))}
        </ul>
      ) : (
        <p class="muted">No words were kept as evidence.</p>
      )}
    </>
  );
}
