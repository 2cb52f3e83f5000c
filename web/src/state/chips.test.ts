import assert from "node:assert/strict";
import { test } from "node:test";
import type { Chip } from "../api/types.ts";
import { adopt, choiceOfChips, conditionOf, onlyChipWords, rangeOfChips } from "./chips.ts";
import { emptyView } from "./view.ts";

function chip(id: string, begin = 0, end = 0): Chip {
  return { id, label: id, field: id.replace(/^not:/, "").split(/[=<>]/)[0]!, begin, end, negated: id.startsWith("not:") };
}

test("chip ids read as conditions", () => {
  assert.deepEqual(conditionOf(chip("platform=tiktok")), { kind: "choice", field: "platform", values: ["tiktok"], negated: false });
  assert.deepEqual(conditionOf(chip("not:niche=gaming")), { kind: "choice", field: "niche", values: ["gaming"], negated: true });
  const followers = conditionOf(chip("followers>=50000"));
  assert.deepEqual(followers, { kind: "range", field: "followers", range: { min: 50000, max: null, minOpen: false, maxOpen: false } });
  const rate = conditionOf(chip("engagement_rate>0.05"));
  assert.deepEqual(rate, { kind: "range", field: "engagement_rate", range: { min: 0.05, max: null, minOpen: true, maxOpen: false } });
});

test("a sub-niche is a condition on the field the chip names", () => {
  const yoga = { ...chip("niche=fitness/yoga"), field: "secondary_niche" };
  assert.deepEqual(conditionOf(yoga), { kind: "choice", field: "secondary_niche", values: ["fitness/yoga"], negated: false });
});

test("a chip without a control is not turned into one", () => {
  for (const id of ["not:vegan", "words=vegan", "not:followers>=5", "followers>=many", "", "constructor=x"]) {
    assert.equal(conditionOf(chip(id)), null, id);
  }
});

test("two bounds on one field become one range", () => {
  const chips = [chip("followers>=10000"), chip("followers<500000")];
  assert.deepEqual(rangeOfChips(chips, "followers"), { min: 10000, max: 500000, minOpen: false, maxOpen: true });
});

test("adopting a chip ignores it and sets the same by hand", () => {
  const view = adopt({ ...emptyView, q: "tiktok dance" }, [chip("platform=tiktok"), chip("not:vegan")]);
  assert.deepEqual(view.choices, { platform: { any: ["tiktok"], none: [] } });
  assert.deepEqual(view.ignore, ["platform=tiktok"]);
  assert.deepEqual(choiceOfChips([chip("not:niche=gaming")], "niche"), { any: [], none: ["gaming"] });
});

test("the words of chips are cut by bytes, not by letters", () => {
  const q = "café créateurs from brazil";
  const begin = Buffer.byteLength("café créateurs ");
  assert.equal(onlyChipWords(q, [chip("country=BR", begin, Buffer.byteLength(q))]), "from brazil");
});
