// Pictures drawn for tests, so that none of anybody's is needed.
import { deflateSync } from "node:zlib";

const table = Uint32Array.from({ length: 256 }, (_, n) => {
  for (let k = 0; k < 8; k++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
  return n;
});
function crc(bytes) {
  let c = ~0;
  for (const byte of bytes) c = table[(c ^ byte) & 255] ^ (c >>> 8);
  return ~c >>> 0;
}
function chunk(kind, body) {
  const out = Buffer.alloc(12 + body.length);
  out.writeUInt32BE(body.length, 0);
  out.write(kind, 4, "latin1");
  body.copy(out, 8);
  out.writeUInt32BE(crc(out.subarray(4, 8 + body.length)), 8 + body.length);
  return out;
}

/** A PNG file; colourAt(x, y) gives [red, green, blue] for x and y in 0 to 1. */
export function png(width, height, colourAt) {
  const rows = Buffer.alloc(height * (1 + 3 * width));
  let at = 0;
  for (let y = 0; y < height; y++) {
    at++; // no filter
    for (let x = 0; x < width; x++) for (const one of colourAt(x / width, y / height)) rows[at++] = one;
  }
  const head = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 8, 2, 0, 0, 0]);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk("IHDR", head), chunk("IDAT", deflateSync(rows)), chunk("IEND", Buffer.alloc(0))]);
}

/** A sunset, as large as wanted. */
export function sunset(width, height) {
  return png(width, height, (x, y) => {
    if (Math.hypot(x - 0.6, y - 0.35) < 0.12) return [250, 236, 170];
    if (y > 0.62 + 0.05 * Math.sin(7 * x)) return [90, 40, 30];
    return [235 - Math.round(90 * y), 120 - Math.round(60 * y), 60];
  });
}
