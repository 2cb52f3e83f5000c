// Which pictures of a list are copies of one that stands before them: the server says so within a page; equal files are
// known by their SHA-256 over all pages.
import type { PictureHit } from "../api/pictures.ts";

export interface Copy {
  of: PictureHit; // who showed it first
  sha256: string;
}

export function keyOf(hit: string, sha256: string): string {
  return `${hit}/${sha256}`;
}

/** By keyOf: every picture that somebody else showed before. Copies within one creator are no news. */
export function copiesOf(hits: PictureHit[]): Map<string, Copy> {
  const first = new Map<string, PictureHit>(); // SHA-256 → who showed it, or what it is a copy of, first
  const out = new Map<string, Copy>();
  for (const hit of hits) {
    for (const { sha256, duplicate_of } of hit.pictures) {
      const original = duplicate_of !== null && first.has(duplicate_of) ? duplicate_of : sha256;
      const owner = first.get(original) ?? hit;
      first.set(sha256, first.get(sha256) ?? owner);
      if (owner.id !== hit.id) out.set(keyOf(hit.id, sha256), { of: owner, sha256: original });
    }
  }
  return out;
}
