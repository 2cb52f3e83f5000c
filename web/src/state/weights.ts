// How much the parts of a question about pictures count.
import type { PictureRequest } from "../api/pictures.ts";
import type { PictureView } from "./view.ts";

/** The stronger of words and example counts fully, both where they are even; `weigh` where creators are asked for too. */
export function weightsOf({ text, like, mix, weigh }: PictureView, q: string): NonNullable<PictureRequest["weights"]> {
  const both = text.trim() !== "" && like !== "";
  return {
    ...(both ? { text: Math.min(1, 2 * mix), image: Math.min(1, 2 * (1 - mix)) } : {}),
    ...(q.trim() === "" ? {} : { picture: weigh }),
  };
}
