import { useState } from "preact/hooks";
import type { ContentItem } from "../api/types.ts";
import { contentName } from "../text/label.ts";
import { ago, atMinute } from "../text/time.ts";
import { Figure } from "./Figure.tsx";
import { safeUrl } from "./Handle.tsx";
import { PlatformMark } from "./PlatformMark.tsx";

const shownAtFirst = 6;

function Item({ item }: { item: ContentItem }) {
  const to = safeUrl(item.url);
  const title = item.title?.trim() || item.description?.trim() || `${contentName(item.type)} without a title`;
  const figures: [string, number | null][] = [
    ["views", item.views],
    ["likes", item.likes],
    ["comments", item.comments],
  ];
  const known = figures.filter(([, value]) => value !== null && value !== undefined);
  return (
    <li class="item">
      <p class="item-head muted">
        <PlatformMark platform={item.platform} />
        <span>{contentName(item.type)}</span>
        <span title={atMinute(item.published_at) ?? undefined}>{ago(item.published_at) ?? "no date"}</span>
      </p>
      <p class="item-title" dir="auto" title={title}>
        {to ? (
          <a href={to} target="_blank" rel="noopener noreferrer">
            {title}
          </a>
        ) : (
          title
        )}
      </p>
      <p class="item-figures muted">
        {known.length === 0
          ? "no figures"
          : known.map(([name, value]) => (
              <span key={name}>
                <Figure value={value} /> {name}
              </span>
            ))}
      </p>
    </li>
  );
}

export function ContentGrid({ items }: { items: ContentItem[] }) {
  const [all, setAll] = useState(false);
  if (items.length === 0) return <p class="muted">No posts are known.</p>;
  const newest = [...items].sort((a, b) => (b.published_at ?? "").localeCompare(a.published_at ?? ""));
  const shown = all ? newest : newest.slice(0, shownAtFirst);
  return (
    <>
      <ul class="grid">
        {shown.map((one) => (
          <Item key={one.id} item={one} />
        ))}
      </ul>
      {newest.length > shown.length && (
        <button type="button" class="ghost" onClick={() => setAll(true)}>
          Show all {newest.length}
        </button>
      )}
    </>
  );
}
