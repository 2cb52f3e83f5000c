import { platformName } from "../text/label.ts";
import { PlatformMark } from "./PlatformMark.tsx";

interface Props {
  platform: string;
  handle: string | null;
  url: string | null;
  markOnly?: boolean; // the handle is written beside another mark
}

/** Only web addresses become links: a source may hold anything, `javascript:` included. */
export function safeUrl(url: string | null | undefined): string | null {
  if (!url) return null;
  try {
    const parsed = new URL(url);
    return parsed.protocol === "https:" || parsed.protocol === "http:" ? parsed.href : null;
  } catch {
    return null;
  }
}

export function Handle({ platform, handle, url, markOnly }: Props) {
  const text = handle ? (handle.startsWith("@") ? handle : `@${handle}`) : platformName(platform);
  const to = safeUrl(url);
  const inner = (
    <>
      <PlatformMark platform={platform} />
      <bdi class={markOnly ? "sr" : "handle-text"}>{text}</bdi>
    </>
  );
  if (!to) return <span class="handle">{inner}</span>;
  return (
    <a class="handle" href={to} target="_blank" rel="noopener noreferrer" title={`${text} on ${platformName(platform)}, opens a new tab`}>
      {inner}
    </a>
  );
}
