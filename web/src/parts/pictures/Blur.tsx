// What stands where a picture will be: its colours, blurred, where the server tells them; else a plain ground.
import { useLayoutEffect, useRef } from "preact/hooks";
import { blurSide, readBlur } from "../../text/blur.ts";

export function Blur({ colours }: { colours: string | null | undefined }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const pixels = readBlur(colours);
  useLayoutEffect(() => {
    const context = pixels && canvas.current?.getContext("2d");
    if (context) context.putImageData(new ImageData(pixels, blurSide, blurSide), 0, 0);
  }, [colours]);
  return pixels ? <canvas class="blur" ref={canvas} width={blurSide} height={blurSide} aria-hidden="true" /> : null;
}
