import assert from "node:assert/strict";
import { test } from "node:test";
import type { MatchedPicture, PictureHit } from "../api/pictures.ts";
import { readBlur } from "../text/blur.ts";
import { pictureSpaceName } from "../text/label.ts";
import { copiesOf, keyOf } from "./copies.ts";
import { fit } from "./shrink.ts";
import { readUrl, writeUrl } from "./url.ts";
import { closedRange, emptyPictures, emptyView } from "./view.ts";
import type { View } from "./view.ts";
import { weightsOf } from "./weights.ts";

const read = (path: string) => readUrl(new URL(path, "http://page"));
const sha = "0123456789abcdef".repeat(4);

test("a question about pictures survives its own URL, with what is asked of creators", () => {
  const pictures = { text: "red dress & sea – مرحبا", like: sha, lessText: "snow", lessLike: "own-1x9", mix: 0.7, weigh: 0 };
  const view: View = {
    ...emptyView, place: "pictures", pictures, q: "dance in Brazil", choices: { platform: { any: ["tiktok"], none: [] } },
    ranges: { followers: closedRange(1000, null) }, compare: ["cr_1"], creator: "cr_2", panel: "none",
  };
  assert.deepEqual(read(writeUrl(view)), view);
  assert.equal(writeUrl({ ...emptyView, place: "pictures" }), "/pictures");
  assert.equal(writeUrl(read("/activity?q=x")), "/activity");
});

test("what a picture's URL holds that the page does not know is left out", () => {
  const view = read(`/pictures?like=../../etc&less_like=${sha}0&mix=2&weigh=-1&shows=%20`);
  assert.deepEqual(view, { ...emptyView, place: "pictures" });
  assert.equal(read("/picturesque").place, "search");
  assert.equal(read("/pictures?like=javascript:alert(1)").pictures.like, "");
});

test("an example is made small, never larger, never nothing", () => {
  assert.deepEqual(fit(4000, 2000, 1024), [1024, 512]);
  assert.deepEqual(fit(2000, 4000, 1024), [512, 1024]);
  assert.deepEqual(fit(300, 200, 1024), [300, 200]);
  assert.deepEqual(fit(100_000, 3, 1024), [1024, 1]);
});

test("words and example are even in the middle, and one alone at the ends", () => {
  const both = { ...emptyPictures, text: "sea", like: sha };
  assert.deepEqual(weightsOf(both, ""), { text: 1, image: 1 });
  assert.deepEqual(weightsOf({ ...both, mix: 0 }, ""), { text: 0, image: 1 });
  assert.deepEqual(weightsOf({ ...both, mix: 0.75 }, "dance"), { text: 1, image: 0.5, picture: 0.5 });
  assert.deepEqual(weightsOf({ ...emptyPictures, like: sha, mix: 0.9 }, " "), {}, "nothing to weigh");
});

function hit(id: string, pictures: [string, string | null][]): PictureHit {
  return { id, pictures: pictures.map(([sha256, duplicate_of]) => ({ sha256, duplicate_of }) as MatchedPicture) } as PictureHit;
}

test("a copy is told by who showed the picture first", () => {
  const list = [hit("a", [["p1", null], ["p2", "p1"]]), hit("b", [["p3", "p1"], ["p4", null]]), hit("c", [["p4", "p4"], ["p5", "gone"]])];
  const copies = copiesOf(list);
  const said = [...copies].map(([key, copy]) => [key, copy.of.id]);
  assert.deepEqual(said, [[keyOf("b", "p3"), "a"], [keyOf("c", "p4"), "b"]]);
  const nextPage = copiesOf([...list, hit("d", [["p3", null]])]);
  assert.equal(nextPage.get(keyOf("d", "p3"))?.of.id, "a", "equal files are known over pages, and lead to the first");
});

test("blurred stand-ins are read, and nothing else", () => {
  const pixels = readBlur("ff0000".repeat(15) + "00Ff7f");
  assert.deepEqual([...pixels!.slice(0, 4), ...pixels!.slice(-4)], [255, 0, 0, 255, 0, 255, 127, 255]);
  for (const text of [null, undefined, "", "ff0000", "ff0000".repeat(17), `zz0000${"ff0000".repeat(15)}`]) assert.equal(readBlur(text), null);
});

test("spaces have names for people", () => {
  assert.equal(pictureSpaceName("layout-babd35a8d7e6e36a"), "colours and shapes");
  assert.equal(pictureSpaceName("clip-vit-base-patch32-0123456789abcdef"), "clip-vit-base-patch32");
});
