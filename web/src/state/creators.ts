// Creators read in full, kept for a while: walking back and comparing cost no second request.
import * as api from "../api/client.ts";
import type { Creator } from "../api/types.ts";
import { learnNiche } from "../text/label.ts";

const kept = new Map<string, Promise<Creator>>();
const keptAtMost = 40;

export function readCreator(id: string): Promise<Creator> {
  const known = kept.get(id);
  if (known) return known;
  const asked = api.creator(id).then((one) => {
    learnNiche(one.primary_niche, one.niche_label);
    return one;
  });
  asked.catch(() => kept.delete(id)); // a failure is not kept
  kept.set(id, asked);
  const oldest = kept.keys().next();
  if (kept.size > keptAtMost && !oldest.done) kept.delete(oldest.value);
  return asked;
}
