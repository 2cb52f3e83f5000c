// A picture given by hand becomes an example of the question, wherever in the page it was dropped, pasted or chosen.
import { signal } from "@preact/signals";
import { toProblem } from "../api/problem.ts";
import { keepOwn } from "./ownPictures.ts";
import { shrink } from "./shrink.ts";
import { go, lastOf, view } from "./store.ts";
import { emptyPictures, emptyView } from "./view.ts";
import type { View } from "./view.ts";

export type Slot = "like" | "lessLike";

/** What is being read, or could not be. */
export const taking = signal<{ slot: Slot; busy: boolean; problem: string | null } | null>(null);

/** Where a picture is put to work: the question that is there, or a new one that keeps what was asked of creators. */
function base(now: View): View {
  if (now.place === "pictures") return now;
  const from = now.place === "search" ? now : lastOf("pictures");
  const { q, choices, ranges, ignore, panel } = from;
  return { ...emptyView, q, choices, ranges, ignore, panel, place: "pictures", pictures: emptyPictures };
}

function put(now: View, slot: Slot, name: string): void {
  go({ ...now, show: "list", creator: null, pictures: { ...now.pictures, [slot]: name } });
}

let newest: object | null = null;

export async function takePicture(file: Blob, slot: Slot): Promise<void> {
  const mine = {};
  newest = mine;
  if (view.peek().place !== "pictures") go(base(view.peek()));
  taking.value = { slot, busy: true, problem: null };
  try {
    const data = await shrink(file);
    if (newest !== mine) return;
    taking.value = null;
    put(base(view.peek()), slot, keepOwn(data));
  } catch (error) {
    const failed = toProblem(error);
    if (newest === mine) taking.value = { slot, busy: false, problem: failed ? `${failed.message}. ${failed.detail}` : null };
  }
}

/** The first picture of what was dropped or pasted; null where there is none. */
export function pictureIn(data: DataTransfer | null): File | null {
  const files = [...(data?.files ?? [])];
  return files.find((one) => one.type.startsWith("image/")) ?? null;
}
