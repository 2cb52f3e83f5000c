// A stand-in for a picture: one or two letters and a colour that stay the same for the same creator.

const segments = new Intl.Segmenter("en", { granularity: "grapheme" });
const letter = /^[\p{L}\p{N}]/u;
const latin = /^[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{N}]/u;

function graphemes(text: string): string[] {
  return Array.from(segments.segment(text), (one) => one.segment);
}

export function initials(name: string | null, handle: string | null): string {
  const source = (name ?? "").trim() || (handle ?? "").replace(/^@/, "").trim();
  const words = source.split(/[\s._\-|/]+/u).map(graphemes);
  const firsts = words.map((word) => word.find((one) => letter.test(one))).filter((one) => one !== undefined);
  const first = firsts[0];
  if (first === undefined) return graphemes(source)[0] ?? "?";
  // Two letters read well only in scripts that are written in separate capitals.
  const last = firsts.length > 1 ? firsts[firsts.length - 1]! : "";
  return latin.test(first) && latin.test(last) ? (first + last).toLocaleUpperCase() : first.toLocaleUpperCase();
}

export const tints = 10;

/** FNV-1a over the id, so that the colour needs no state. */
export function tint(id: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193) >>> 0;
  return (hash >>> 8) % tints;
}
