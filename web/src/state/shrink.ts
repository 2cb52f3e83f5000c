// Makes a picture small before it leaves the browser: what models see is smaller still, and what a camera wrote
// beside the pixels (place, time, name) stays here.
import { Problem } from "../api/problem.ts";

export const longestSide = 1024; // px
const largestPng = 1_500_000; // letters of its data: URL; beyond it a JPEG does
const largestAsItIs = 7_000_000; // bytes; of files that this browser cannot read and the server may
const quality = 0.92;

/** Width and height scaled so that neither is over `longest`; never enlarged, never empty. */
export function fit(width: number, height: number, longest: number): [number, number] {
  const scale = Math.min(1, longest / Math.max(width, height));
  return [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
}

export function toDataUrl(blob: Blob): Promise<string> {
  return new Promise((done, failed) => {
    const reader = new FileReader();
    reader.onload = () => done(String(reader.result));
    reader.onerror = () => failed(reader.error);
    reader.readAsDataURL(blob);
  });
}

function refuse(detail: string): Problem {
  return new Problem(0, "This is not a picture that can be searched with", detail);
}

function paint(bitmap: ImageBitmap, width: number, height: number, ground: string | null): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext("2d")!;
  if (ground) {
    context.fillStyle = ground;
    context.fillRect(0, 0, width, height);
  }
  context.imageSmoothingQuality = "high";
  context.drawImage(bitmap, 0, 0, width, height);
  return canvas;
}

/** The picture as a data: URL, at most `longestSide` on its longer side. Throws a Problem for what is no picture. */
export async function shrink(file: Blob): Promise<string> {
  if (file.size === 0) throw refuse("The file is empty.");
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(file); // upright, as its EXIF orientation says
  } catch {
    if (!file.type.startsWith("image/")) throw refuse("The file is not a JPEG, PNG, WebP, GIF or another picture.");
    if (file.size > largestAsItIs) throw refuse("This browser cannot read it, and it is too large to send as it is.");
    return toDataUrl(file);
  }
  const [width, height] = fit(bitmap.width, bitmap.height, longestSide);
  try {
    if (file.type === "image/png") {
      const png = paint(bitmap, width, height, null).toDataURL("image/png");
      if (png.length <= largestPng) return png;
    }
    return paint(bitmap, width, height, "#ffffff").toDataURL("image/jpeg", quality);
  } finally {
    bitmap.close();
  }
}
