// A highlight as plain pieces. The server escapes the text and marks words with <mark>; the page trusts neither: it
// reads that small language itself, and what it does not know stays visible text. Nothing ever becomes HTML here.

export interface Piece {
  text: string;
  marked: boolean;
}

const entities: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: "\u00a0" };
const token = /<(\/?)mark>|&(#x[0-9a-f]{1,6}|#[0-9]{1,7}|[a-z]{2,6});/gi;

function decode(name: string): string | null {
  if (!name.startsWith("#")) return entities[name.toLowerCase()] ?? null;
  const hex = name[1] === "x" || name[1] === "X";
  const code = parseInt(name.slice(hex ? 2 : 1), hex ? 16 : 10);
  return code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff) ? String.fromCodePoint(code) : null;
}

export function pieces(html: string): Piece[] {
  const out: Piece[] = [];
  let marked = false;
  let at = 0;
  const add = (text: string) => {
    if (text === "") return;
    const last = out[out.length - 1];
    if (last && last.marked === marked) last.text += text;
    else out.push({ text, marked });
  };
  for (const match of html.matchAll(token)) {
    add(html.slice(at, match.index));
    at = match.index + match[0].length;
    if (match[2] === undefined) marked = match[1] === "";
    else add(decode(match[2]) ?? match[0]);
  }
  add(html.slice(at));
  return out;
}
