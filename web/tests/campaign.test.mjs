// Campaigns that are kept: their scores, what was scored before, and how they are forgotten; work with brands. As in
// match.test.mjs, every expectation is asked from the API first.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { lowContrast } from "./contrast.mjs";
import { World, addressOf, clean } from "./harness.mjs";

/** @type {World} */
let world;

before(async () => (world = await World.open()));
after(() => world?.close());

const match = (brief, more = {}) => world.api("/v1/match", { brief, limit: 20, ...more });
const kept = (id, limit = 50) => world.api(`/v1/campaigns/${id}/matches?limit=${limit}`);
const rows = (page) => page.locator(".kept-table tbody tr[data-id]");

test("kept scores are those of the last ranking, with what was scored before", async () => {
  const brief = { product_name: "kept cork mat", target_audience: "people who practise at home" };
  const { campaign_id: id } = await match(brief);
  await match(brief, { campaign_id: id, profile: "seed-002" });
  const asked = await kept(id);
  const page = await world.page(`/match/${id}?profile=seed-002&show=kept`, { wait: ".kept-table tbody tr" });
  assert.equal(await rows(page).count(), Math.min(50, asked.total));
  const first = rows(page).first();
  assert.equal(await first.getAttribute("data-id"), asked.matches[0].creator_id);
  const cells = await first.locator("td").allInnerTexts();
  assert.deepEqual(cells.slice(0, 5), ["match", "niche", "audience", "engagement", "budget"].map((part) => asked.matches[0].scores[part].toFixed(2)));
  assert.match(cells[5], /^seed-002 \d/);
  const { history } = await world.api(`/v1/campaigns/${id}/matches/${asked.matches[0].creator_id}/history`);
  assert.ok(history.length >= 1, "the balanced score was replaced");
  await first.getByRole("button").click();
  const former = page.locator(".kept-former");
  await former.first().locator("td").nth(1).waitFor();
  assert.equal(await former.count(), history.length);
  const newest = history.at(-1);
  assert.equal(await former.first().locator("td").first().innerText(), newest.scores.match.toFixed(2));
  assert.match(await former.first().locator("td").nth(5).innerText(), new RegExp(`^${newest.profile} `));
  await first.locator("a").click();
  await page.locator(".detail .account").first().waitFor();
  assert.equal((await addressOf(page)).searchParams.get("creator"), asked.matches[0].creator_id);
  clean(page);
});

test("who falls out of a changed brief is no longer among the kept scores", async () => {
  const brief = { product_name: "kept running shoes" };
  const { campaign_id: id } = await match(brief);
  const before = (await kept(id)).total;
  await match({ ...brief, min_followers: 50_000 }, { campaign_id: id });
  const after = (await kept(id)).total;
  assert.ok(after < before, `${after} of ${before}`);
  const page = await world.page(`/match/${id}?show=kept`, { wait: ".kept-table tbody tr" });
  assert.match(await page.locator(".kept .form-lead").innerText(), new RegExp(`^${after} creators?`));
  clean(page);
});

test("a campaign is deleted with a second press, and is gone", async () => {
  const brief = { product_name: "a brief to be forgotten" };
  const { campaign_id: id } = await match(brief);
  const page = await world.page("/match", { wait: `[data-campaign="${id}"]` });
  const row = page.locator(`[data-campaign="${id}"]`);
  await row.getByRole("button").click();
  assert.match(await row.getByRole("button").innerText(), /Delete for good/);
  await page.getByLabel("Product").focus(); // thinking again
  assert.doesNotMatch(await row.getByRole("button").innerText(), /for good/);
  await row.getByRole("button").focus();
  await page.keyboard.press("Enter");
  const gone = page.waitForResponse((response) => response.request().method() === "DELETE");
  await page.keyboard.press("Enter");
  assert.equal((await gone).status(), 204);
  await row.waitFor({ state: "detached" });
  assert.equal((await fetch(`${world.url}/v1/campaigns/${id}`)).status, 404);
  await page.reload();
  await page.locator(".brief-form").waitFor();
  assert.equal(await page.locator(`[data-campaign="${id}"]`).count(), 0);
  clean(page);
});

test("a campaign that could not be deleted comes back, and why is said", async () => {
  const { campaign_id: id } = await match({ product_name: "a brief that stays" });
  const page = await world.page("/match", {
    wait: `[data-campaign="${id}"]`,
    before: (one) => one.route(`**/v1/campaigns/${id}`, (route) => (route.request().method() === "DELETE" ? route.abort() : route.continue())),
  });
  const button = page.locator(`[data-campaign="${id}"]`).getByRole("button");
  await button.click();
  await button.click();
  await page.locator('.recent [role="alert"]').waitFor();
  assert.match(await page.locator('.recent [role="alert"]').innerText(), /^Not deleted: /);
  assert.equal(await page.locator(`[data-campaign="${id}"]`).count(), 1);
  clean(page, [/Failed to load resource/]);
});

test("competitors are written one a line, stand in the address and are sent", async () => {
  const page = await world.page("/match", { wait: ".brief-form" });
  await page.getByLabel("Product").fill("mat");
  await page.getByLabel("Competitors, one a line").fill("Flexa\nAsana Sports\nFlexa");
  await page.getByLabel("Brand").focus();
  assert.deepEqual((await addressOf(page)).searchParams.getAll("competitor"), ["Flexa", "Asana Sports"]);
  const sent = page.waitForRequest((request) => request.url().endsWith("/v1/match"));
  await page.getByRole("button", { name: "Find creators" }).click();
  assert.deepEqual((await sent).postDataJSON().brief.competitors, ["Flexa", "Asana Sports"]);
  await page.locator(".brief-said dd", { hasText: "Flexa, Asana Sports" }).waitFor();
  clean(page);
});

test("work with brands is shown with its evidence, and silence as silence", async () => {
  const { hits } = await world.search({ limit: 1 });
  const creator = await world.api(`/v1/creators/${hits[0].id}`);
  const told = { brand: "nike", name: "Nike", kind: "paid", posts: 2, first: "2026-03-01T00:00:00Z", last: "2026-04-01T00:00:00Z", confidence: 0.95, evidence: [{ field: "title", phrase: "#ad" }], post: "co_1" };
  const page = await world.page(`/creator/${hits[0].id}`, {
    wait: '[data-title="Work with brands"] .judgement',
    before: (one) => one.route(`**/v1/creators/${hits[0].id}`, (route) => route.fulfill({ json: { ...creator, sponsored_share: 0.25, collaborations: [told] } })),
  });
  const part = page.locator('[data-title="Work with brands"]');
  assert.match(await part.innerText(), /25% of the newest posts/);
  assert.match(await part.locator('[data-brand="nike"]').innerText(), /Nike\s+paid, 2 posts, 1 Mar 2026 to 1 Apr 2026, 95% sure\s+#ad/);
  const { low } = await page.evaluate(lowContrast);
  assert.deepEqual(low, []);
  const silent = await world.page(`/creator/${hits[0].id}`, {
    wait: '[data-title="Work with brands"] p',
    before: (one) => one.route(`**/v1/creators/${hits[0].id}`, (route) => route.fulfill({ json: { ...creator, sponsored_share: null, collaborations: [] } })),
  });
  assert.match(await silent.locator('[data-title="Work with brands"]').innerText(), /No posts are known/);
  clean(page);
});

for (const [width, scheme] of [[1440, "light"], [1024, "dark"], [390, "light"]]) {
  test(`kept scores at ${width}, ${scheme}: no wider than the screen, contrast AA`, async () => {
    const { campaign_id: id } = await match({ product_name: "kept cork mat" });
    const page = await world.page(`/match/${id}?show=kept`, { width, scheme, wait: ".kept-table tbody tr" });
    await rows(page).first().getByRole("button").click();
    await page.locator(".kept-former").first().waitFor();
    const { low } = await page.evaluate(lowContrast);
    assert.deepEqual(low, []);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);
    await page.screenshot({ path: `${process.env.CREATORDEX_SHOTS ?? "test-results"}/kept-${width}-${scheme}.png` });
    clean(page);
  });
}
