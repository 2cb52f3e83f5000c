import assert from "node:assert/strict";
import { test } from "node:test";
import { emptyBrief, fieldOf, fromBody, hasText, looksLikeBrief, toBody } from "./brief.ts";
import { readUrl, writeUrl } from "./url.ts";
import { closedRange, emptyView, toFilter, withChoice, withRange } from "./view.ts";
import type { View } from "./view.ts";

const read = (path: string): View => readUrl(new URL(path, "http://page"));

test("a view survives its own URL", () => {
  const view: View = {
    ...emptyView,
    compare: ["cr_1", "cr_2"],
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

test("a brief survives its own URL, with what is shown of it", () => {
  const brief = {
    ...emptyBrief,
    product_name: "cork yoga mat & strap",
    product_description: "100% cork.\nFor home – مرحبا 🔥",
    key_use_cases: ["stage", "class, at home"],
    total_budget_usd: 12000,
    min_followers: 5000,
    max_engagement: 0.2,
    platforms: ["tiktok"],
    countries: ["BR", "PT"],
    languages: ["pt"],
  };
  const plan = { budget: 5000, min: 2, max: null, price: 0.01 };
  const match = { brief, campaign: null, profile: "seed-001", edit: true, plan };
  const view: View = { ...emptyView, place: "match", show: "plan", compare: ["cr_1"], creator: "cr_2", panel: "none", match };
  assert.deepEqual(read(writeUrl(view)), view);
  assert.equal(writeUrl({ ...emptyView, place: "match" }), "/match");
});

test("a kept brief has a short address", () => {
  const view = read("/match/cm_1?show=compare&compare=cr_1&compare=cr_1&compare=cr_2");
  assert.equal(view.match.campaign, "cm_1");
  assert.deepEqual([view.place, view.show, view.compare], ["match", "compare", ["cr_1", "cr_2"]]);
  assert.equal(writeUrl(view), "/match/cm_1?show=compare&compare=cr_1&compare=cr_2");
});

test("what a brief's URL holds that the page does not know is left out", () => {
  const view = read("/match?budget=-5&followers=x..&engagement=..&plan_min=many&profile=&edit=yes&show=sideways&shoe=42&platform=");
  assert.deepEqual(view, { ...emptyView, place: "match" });
  assert.equal(read("/matchbox").place, "search");
  assert.deepEqual(read(`/match?${"compare=cr_a&compare=cr_b&compare=cr_c&compare=cr_d&compare=cr_e"}`).compare.length, 4);
  assert.equal(read("/?show=plan").show, "list", "there is no plan without a brief");
});

test("only what is said goes to the server", () => {
  assert.deepEqual(toBody({ ...emptyBrief, product_name: " mat ", total_budget_usd: 0, min_followers: 10 }), { product_name: "mat", total_budget_usd: 0, min_followers: 10 });
  assert.deepEqual(fromBody({ product_name: "mat", brand_name: null, countries: ["BR"] }), { ...emptyBrief, product_name: "mat", countries: ["BR"] });
  assert.equal(hasText({ ...emptyBrief, total_budget_usd: 5, platforms: ["x"] }), false);
  assert.equal(hasText({ ...emptyBrief, key_use_cases: ["stage"] }), true);
});

test("pointers of the server name the fields of the form", () => {
  assert.deepEqual(
    ["/brief/countries/0", "/brief/product_name", "/min_followers", "/total_budget", "", undefined].map(fieldOf),
    ["countries", "product_name", "min_followers", "total_budget_usd", "", ""],
  );
});

test("a brief is told from a search", () => {
  for (const q of ["tiktok dancers from brazil with over 5% engagement", "Dr. Who", "fitness", "vegan, not gaming"]) assert.equal(looksLikeBrief(q), false, q);
  assert.ok(looksLikeBrief("We sell cork yoga mats. We look for teachers in Brazil"));
  assert.ok(looksLikeBrief("cork mats\nteachers"));
});
