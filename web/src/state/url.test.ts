import assert from "node:assert/strict";
import { test } from "node:test";
import { readUrl, writeUrl } from "./url.ts";
import { closedRange, emptyView, toFilter, withChoice, withRange } from "./view.ts";
import type { View } from "./view.ts";

const read = (path: string): View => readUrl(new URL(path, "http://page"));

test("a view survives its own URL", () => {
  const view: View = {
    q: "tiktok dancers & more, 50% “up” 🔥 ?#/",
    choices: { platform: { any: ["tiktok", "youtube"], none: [] }, niche: { any: ["fitness/yoga"], none: ["gaming"] } },
    ranges: {
      followers: { min: 1000, max: 500000, minOpen: false, maxOpen: true },
      engagement_rate: { min: 0.05, max: null, minOpen: true, maxOpen: false },
    },
    sort: { field: "price_usd", dir: "asc" },
    mode: "rrf",
    ignore: ["platform=tiktok", "not:niche=gaming"],
    creator: "cr_a/b c",
    panel: "filters",
  };
  assert.deepEqual(read(writeUrl(view)), view);
});

test("the empty view is the plain address", () => {
  assert.equal(writeUrl(emptyView), "/");
  assert.deepEqual(read("/"), emptyView);
});

test("a creator has an address of its own that keeps the search", () => {
  assert.equal(writeUrl({ ...emptyView, q: "dance", creator: "cr_1" }), "/creator/cr_1?q=dance");
  assert.equal(read("/creator/cr_1/?q=dance").creator, "cr_1");
});

test("what a URL holds that the page does not know is left out", () => {
  const view = read("/creator/a%ZZ?mode=magic&sort=evil&sort=followers&followers=abc..&country=&panel=x&ignore=&shoe=42");
  assert.deepEqual(view, emptyView);
});

test("a range needs a bound", () => {
  assert.deepEqual(read("/?followers=..").ranges, {});
  assert.deepEqual(read("/?followers=5..").ranges["followers"], closedRange(5, null));
  assert.deepEqual(read("/?growth_rate_30d=-0.5..(").ranges, {});
  assert.deepEqual(read("/?growth_rate_30d=-0.5..0").ranges["growth_rate_30d"], closedRange(-0.5, 0));
});

test("clearing a field leaves nothing behind in the URL", () => {
  let view = withChoice(emptyView, "niche", { any: ["food"], none: [] });
  view = withRange(view, "followers", closedRange(1, null));
  view = withRange(withChoice(view, "niche", { any: [], none: [] }), "followers", closedRange(null, null));
  assert.equal(writeUrl(view), "/");
});

test("filters take the form of the API", () => {
  const view = read("/?platform=tiktok&niche=!gaming&followers=1000..500000)");
  assert.deepEqual(toFilter(view), {
    all: [
      { field: "platform", in: ["tiktok"] },
      { not: { field: "niche", in: ["gaming"] } },
      { field: "followers", gte: 1000, lt: 500000 },
    ],
  });
  assert.equal(toFilter(emptyView), undefined);
});
