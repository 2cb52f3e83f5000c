import type { Suggestion } from "../api/types.ts";
import { Avatar } from "./Avatar.tsx";

interface Props {
  found: Suggestion[];
  active: number;
  onChoose: (one: Suggestion) => void;
  onHover: (index: number) => void;
}

export function optionId(index: number): string {
  return `suggestion-${index}`;
}

const kinds: Record<string, string> = { creator: "Creator", niche: "Niche", place: "Place", language: "Language", brief: "Brief" };

export function Suggestions({ found, active, onChoose, onHover }: Props) {
  return (
    <ul id="suggestions" class="suggestions" role="listbox" aria-label="Suggestions" hidden={found.length === 0}>
      {found.map((one, i) => (
        <li
          key={`${one.kind}:${one.creator ?? one.text}`}
          id={optionId(i)}
          role="option"
          aria-selected={i === active}
          // The box keeps the focus: a press must not blur it before the click arrives.
          onMouseDown={(event) => event.preventDefault()}
          onMouseMove={() => onHover(i)}
          onClick={() => onChoose(one)}
        >
          {one.creator ? (
            <Avatar id={one.creator} name={one.text} handle={null} />
          ) : (
            <span class="avatar plain" aria-hidden="true">
              {one.text.charAt(0)}
            </span>
          )}
          <bdi class="suggestion-text">{one.text}</bdi>
          {one.detail && <bdi class="muted suggestion-detail">{one.detail}</bdi>}
          <span class="muted suggestion-kind">{kinds[one.kind] ?? one.kind}</span>
        </li>
      ))}
    </ul>
  );
}
