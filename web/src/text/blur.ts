// The small blurred stand-in of a picture that is still loading: 4 x 4 colours, six hex digits each.
export const blurSide = 4;
const form = new RegExp(`^[0-9a-f]{${blurSide * blurSide * 6}}$`, "i");

/** RGBA, row by row; null for what is not such a stand-in. */
export function readBlur(text: string | null | undefined): Uint8ClampedArray<ArrayBuffer> | null {
  if (!text || !form.test(text)) return null;
  const out = new Uint8ClampedArray(blurSide * blurSide * 4);
  for (let i = 0; i < blurSide * blurSide; i++) {
    for (let c = 0; c < 3; c++) out[4 * i + c] = parseInt(text.slice(6 * i + 2 * c, 6 * i + 2 * c + 2), 16);
    out[4 * i + 3] = 255;
  }
  return out;
}
