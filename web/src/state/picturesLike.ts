import { emptyPictures, emptyView } from "./view.ts";
import type { View } from "./view.ts";

/** The view that asks for pictures like a known one; conditions stay where pictures were searched before. */
export function picturesLike(now: View, sha256: string): View {
  const from = now.place === "pictures" ? now : { ...emptyView, panel: now.panel };
  return { ...from, place: "pictures", show: "list", creator: null, pictures: { ...emptyPictures, like: sha256 } };
}
