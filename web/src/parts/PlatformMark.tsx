// Small plain marks for platforms: drawn here, since no outside image is loaded and no one's logo is copied.
import type { JSX } from "preact";
import { platformName } from "../text/label.ts";

const shapes: Record<string, JSX.Element> = {
  youtube: (
    <>
      <rect x="1.5" y="3.5" width="13" height="9" rx="2.5" fill="none" stroke="currentColor" stroke-width="1.4" />
      <path d="M6.8 6v4l3.4-2z" fill="currentColor" />
    </>
  ),
  instagram: (
    <g fill="none" stroke="currentColor" stroke-width="1.4">
      <rect x="2" y="2" width="12" height="12" rx="3.5" />
      <circle cx="8" cy="8" r="2.8" />
      <circle cx="11.4" cy="4.6" r=".6" fill="currentColor" stroke="none" />
    </g>
  ),
  tiktok: (
    <path
      d="M9 2v8.4a2.4 2.4 0 1 1-2.4-2.4M9 2c.2 2 1.6 3.3 3.6 3.4"
      fill="none"
      stroke="currentColor"
      stroke-width="1.7"
      stroke-linecap="round"
    />
  ),
  x: <path d="M3 3l10 10M13 3L3 13" stroke="currentColor" stroke-width="1.6" stroke-linecap="round" />,
  twitch: (
    <g fill="none" stroke="currentColor" stroke-width="1.4" stroke-linejoin="round">
      <path d="M3 2h10.5v7l-3 3H8l-2 2v-2H3z" />
      <path d="M7 5v3M10.3 5v3" stroke-linecap="round" />
    </g>
  ),
};
const other = <circle cx="8" cy="8" r="5.5" fill="none" stroke="currentColor" stroke-width="1.4" />;

export function PlatformMark({ platform }: { platform: string }) {
  const name = platformName(platform);
  return (
    <svg class={`mark-${shapes[platform] ? platform : "other"} platform`} viewBox="0 0 16 16" role="img" aria-label={name}>
      <title>{name}</title>
      {shapes[platform] ?? other}
    </svg>
  );
}
