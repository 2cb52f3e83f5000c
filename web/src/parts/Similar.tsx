import type { Hit } from "../api/types.ts";
import { countryName, nicheName } from "../text/label.ts";
import { Avatar } from "./Avatar.tsx";
import { Figure } from "./Figure.tsx";
import { Link } from "./Link.tsx";
import { PlatformMark } from "./PlatformMark.tsx";

function Row({ hit }: { hit: Hit }) {
  const name = hit.name?.trim() || (hit.handle ? `@${hit.handle}` : "Name not known");
  const platforms = [...new Set(hit.accounts.map((one) => one.platform))];
  const about = [
    hit.niche_label ?? (hit.primary_niche ? nicheName(hit.primary_niche) : null),
    hit.country ? countryName(hit.country) : null,
  ].filter((one) => one !== null);
  return (
    <li class="alike">
      <Avatar id={hit.id} name={hit.name} handle={hit.handle} />
      <span class="alike-who">
        <Link class="alike-name" to={(now) => ({ ...now, creator: hit.id })} title={name} dir="auto">
          {name}
        </Link>
        <span class="muted alike-about">{about.join(", ") || "little known"}</span>
      </span>
      <span class="alike-marks">
        {platforms.slice(0, 4).map((one) => (
          <PlatformMark key={one} platform={one} />
        ))}
      </span>
      <Figure value={hit.followers} unit="followers" />
    </li>
  );
}

export function Similar({ hits, failed }: { hits: Hit[] | null; failed: string | null }) {
  if (hits === null) {
    return (
      <ul class="alikes" aria-hidden="true">
        {Array.from({ length: 4 }, (_, i) => (
          <li key={i} class="alike">
            <span class="avatar bone" />
            <span class="alike-who">
              <span class="bone line-a" />
              <span class="bone line-b" />
            </span>
          </li>
        ))}
      </ul>
    );
  }
  if (failed) return <p class="muted">Could not be found: {failed}</p>;
  if (hits.length === 0) return <p class="muted">None is near enough in meaning.</p>;
  return (
    <ul class="alikes">
      {hits.map((one) => (
        <Row key={one.id} hit={one} />
      ))}
    </ul>
  );
}
