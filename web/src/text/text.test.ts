import assert from "node:assert/strict";
import { test } from "node:test";
import { jumps, toPoints, totalChange } from "./growth.ts";
import { allCountries, allLanguages, findNamed } from "./codes.ts";
import { initials, tint, tints } from "./initials.ts";
import { sourceName, valueName } from "./label.ts";
import { pieces } from "./marks.ts";
import { percent, readNumber, roundToSum, short, signedPercent } from "./number.ts";
import { ago } from "./time.ts";

test("short numbers", () => {
  const cases: [number, string][] = [
    [0, "0"], [7, "7"], [999, "999"], [1000, "1k"], [1049, "1k"], [1050, "1.1k"], [48_200, "48.2k"], [99_949, "99.9k"],
    [99_960, "100k"], [182_000, "182k"], [999_499, "999k"], [999_950, "1M"], [1_234_567, "1.2M"], [402_318_774, "402M"],
    [2_500_000_000, "2.5B"], [9e15, "9,000T"], [-1500, "-1.5k"],
  ];
  for (const [value, text] of cases) assert.equal(short(value), text, String(value));
});

test("rates", () => {
  assert.equal(percent(0.061), "6.1%");
  assert.equal(percent(0.0004), "0.04%");
  assert.equal(percent(0), "0%");
  assert.equal(percent(0.114), "11%");
  assert.equal(signedPercent(0.02), "+2%");
  assert.equal(signedPercent(-0.02), "−2%");
});

test("numbers as people type them", () => {
  const cases: [string, number | null][] = [
    ["50k", 50_000], ["1.2M", 1_200_000], ["1,234,567", 1_234_567], [" 3 million ", 3_000_000], ["50K+", 50_000], [".5", 0.5],
    ["abc", null], ["", null], ["5 5 5x", null], ["-3", null],
  ];
  for (const [text, value] of cases) assert.equal(readNumber(text), value, text);
});

test("rounded parts add up to the rounded total", () => {
  for (const values of [[0.27, 0.4, 0.03], [1 / 3, 1 / 3, 1 / 3], [0.14985, 0.21665, 0.0275], [0, 0, 0], [0.0005, 0.0005]]) {
    const { parts, total } = roundToSum(values, 3);
    assert.equal(parts.reduce((sum, one) => sum + Math.round(one * 1000), 0), Math.round(total * 1000));
    parts.forEach((one, i) => assert.ok(Math.abs(one - values[i]!) <= 0.001 + 1e-9));
  }
});

test("highlights become text and marks", () => {
  assert.deepEqual(pieces("… <mark>dance</mark> &amp; more"), [
    { text: "… ", marked: false },
    { text: "dance", marked: true },
    { text: " & more", marked: false },
  ]);
  assert.deepEqual(pieces("&#39;&#x1F525;&quot;"), [{ text: "'🔥\"", marked: false }]);
});

test("whatever else a highlight holds stays visible text", () => {
  for (const html of ["<img src=x onerror=alert(1)>", "<mark onclick=x>a", "<script>", "&unknown;", "&#0;", "&#xD800;", "a < b"]) {
    assert.equal(pieces(html).map((one) => one.text).join(""), html);
  }
  assert.equal(pieces("&lt;b&gt;").map((one) => one.text).join(""), "<b>");
  assert.deepEqual(pieces("<mark>open"), [{ text: "open", marked: true }]);
});

test("initials of every kind of name", () => {
  const cases: [string | null, string | null, string][] = [
    ["Ana Souza", null, "AS"], ["PLANET FORCE", null, "PF"], ["mono", null, "M"], [null, "@luna.makes", "LM"], [null, null, "?"],
    ["✨ Luna ✨", null, "L"], ["👩🏽‍🚀", null, "👩🏽‍🚀"], ["田中 美咲", null, "田"], ["محمد العتيبي", null, "م"], ["<script>", null, "S"],
  ];
  for (const [name, handle, text] of cases) assert.equal(initials(name, handle), text, String(name));
});

test("a creator keeps its colour", () => {
  assert.equal(tint("cr_1"), tint("cr_1"));
  const seen = new Set(Array.from({ length: 200 }, (_, i) => tint(`cr_${i}`)));
  assert.equal(seen.size, tints);
});

test("times and labels", () => {
  const now = new Date("2026-11-21T12:00:00Z");
  assert.equal(ago("2026-11-19T10:00:00Z", now), "2 days ago");
  assert.equal(ago("2026-12-24T10:00:00Z", now), "next month");
  assert.equal(ago("2026-11-21T11:59:40Z", now), "just now");
  assert.equal(ago(null, now), null);
  assert.equal(ago("rubbish", now), null);
  assert.equal(valueName("country", "BR"), "Brazil");
  assert.equal(valueName("country", "??"), "??");
  assert.equal(valueName("activity", "semi_active"), "Semi-active");
  assert.equal(sourceName("file:x.csv"), "file");
  assert.equal(sourceName(null), "source not known");
});

test("a spike stands at the nearest point of its own row", () => {
  const days = (values: number[]): [string, number][] => values.map((value, i) => [new Date(i * 86_400_000).toISOString(), value]);
  const points = toPoints(days([1000, 1005, 1011, 1300, 1306]));
  const spike = (account: string, metric: string, at: string, change = 0.28) => ({ account, metric, at, change, score: 14 });
  const found = [
    spike("ac_1", "followers", "1970-01-05T00:00:00Z", -0.1), spike("ac_1", "followers", "1970-01-03T15:00:00Z"),
    spike("ac_2", "followers", "1970-01-01T00:00:00Z"), spike("ac_1", "total_views", "1970-01-01T00:00:00Z"), spike("ac_1", "followers", "some day"),
  ];
  assert.deepEqual(jumps(points, found, "ac_1", "followers").map((one) => [one.index, one.change]), [[3, 0.28], [4, -0.1]]);
  assert.deepEqual(jumps([], found, "ac_1", "followers"), []);
});

test("growth over a row", () => {
  const days = (values: number[]): [string, number][] => values.map((value, i) => [new Date(i * 86_400_000).toISOString(), value]);
  assert.equal(totalChange(toPoints(days([100, 150]))), 0.5);
  assert.equal(totalChange(toPoints(days([0, 150]))), null);
  assert.equal(toPoints([["x", 1], ["2026-01-01T00:00:00Z", Number.NaN]]).length, 0);
});

test("countries and languages are found by what people type", () => {
  const countries = allCountries();
  assert.equal(findNamed("brazil", countries)?.code, "BR");
  assert.equal(findNamed("de", countries)?.code, "DE");
  assert.equal(findNamed("Côte d’Ivoire", countries)?.code, "CI");
  assert.equal(findNamed("portug", countries)?.code, "PT");
  assert.equal(findNamed("united", countries), null, "not clear which");
  assert.equal(findNamed("atlantis", countries), null);
  assert.equal(findNamed("EU", countries), null, "not a country");
  assert.ok(countries.length >= 240 && countries.length <= 255, String(countries.length));
  assert.equal(findNamed("German", allLanguages())?.code, "de");
});
