// Which scoring profile: the one in use, a built-in one, or one that was kept.
import { useEffect } from "preact/hooks";
import { signal } from "@preact/signals";
import * as api from "../../api/match.ts";
import type { Profiles } from "../../api/match.ts";

const known = signal<Profiles | null>(null);
const builtIn: Record<string, [string, string]> = {
  balanced: ["Balanced", "What the texts are about, niche, audience, engagement and budget, by weight"],
  "seed-004": ["Likeness alone", "Likeness in meaning orders; the four parts are told, not counted"],
  "seed-001": ["Words, meaning, quality", "As in search, by weight"],
  "seed-002": ["Engagement, size, likeness", "Engagement quality, follower size and likeness in meaning"],
};

export function profileName(name: string): string {
  return builtIn[name]?.[0] ?? name;
}

export function ProfilePick({ value, onPick }: { value: string; onPick: (name: string) => void }) {
  useEffect(() => {
    if (known.peek()) return;
    api.profiles().then(
      (found) => (known.value = found),
      () => undefined, // the profile in use needs no list
    );
  }, []);
  const list = known.value;
  const names = [...new Set([...(list?.built_in ?? []), ...(list?.profiles ?? []).map((one) => one.name), ...(value ? [value] : [])])];
  const inUse = profileName(list?.active || "balanced");
  return (
    <label class="field">
      <span class="field-name">Scored by</span>
      <select value={value} title={builtIn[value]?.[1]} onChange={(event) => onPick(event.currentTarget.value)}>
        <option value="">In use: {inUse}</option>
        {names.map((name) => (
          <option key={name} value={name} title={builtIn[name]?.[1]}>
            {profileName(name)}
          </option>
        ))}
      </select>
    </label>
  );
}
