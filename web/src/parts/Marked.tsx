// Text from strangers with the matching words marked; only text nodes and <mark>, never HTML.
import { pieces } from "../text/marks.ts";

export function Marked({ html }: { html: string }) {
  return <>{pieces(html).map((piece, i) => (piece.marked ? <mark key={i}>{piece.text}</mark> : piece.text))}</>;
}
