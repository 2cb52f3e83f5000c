// Matching a brief, comparing, planning and the reading of a creator, in a real browser. As in page.test.mjs, every
// expectation is asked from the API first.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startMock } from "../mock/server.mjs";
import { lowContrast } from "./contrast.mjs";
import { World, addressOf, clean, ids, ready, shoot } from "./harness.mjs";

/** @type {World} */
let world;
let data;

before(async () => {
  world = await World.open();
  const all = await world.search({ facets: ["niche", "platform", "country"], limit: 100 });
  const niche = all.facets.find((one) => one.field === "niche").values[0].value;
  const label = (await world.search({ filter: { field: "niche", in: [niche] }, limit: 1 })).hits[0].niche_label;
  const prices = all.hits.map((one) => one.price_usd).filter((one) => one > 0).sort((a, b) => a - b);
  const brief = {
    product_name: "cork mat", brand_name: "Namo", target_audience: `people who follow ${label.toLowerCase()}`, product_niche: label,
    total_budget_usd: Math.ceil((prices[prices.length >> 1] ?? 500) * 4),
  };
  data = { all, label, niche, brief };
});
after(() => world?.close());

const names = { product_name: "product", brand_name: "brand", target_audience: "audience", product_niche: "niche", total_budget_usd: "budget" };
const address = (brief = data.brief, more = "") => `/match?${new URLSearchParams(Object.entries(brief).map(([field, value]) => [names[field], value]))}${more}`;
const ask = (body = {}) => world.api("/v1/match", { brief: data.brief, limit: 20, ...body });
const name = ".hit-name";

/** Does something that makes the page match, and waits for what comes of it. */
async function matching(page, act) {
  const answered = page.waitForResponse((response) => response.url().endsWith("/v1/match"));
  await act();
  await answered;
  await ready(page);
}

/** A page of the match place that is not a list yet. */
async function open(path, options = {}) {
  return world.page(path, { ...options, wait: options.wait ?? ".scroller" });
}

test("a brief is written, sent and read by keyboard alone", async () => {
  const page = await world.page();
  await page.locator("body").press("m");
  await page.locator(".brief-form").waitFor();
  assert.equal((await addressOf(page)).pathname, "/match");
  await page.waitForFunction(() => document.activeElement?.closest(".field")?.textContent.startsWith("Product"));
  await page.keyboard.type(data.brief.product_name);
  await page.keyboard.press("Tab");
  await page.keyboard.type(data.brief.brand_name);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await page.keyboard.type(data.brief.target_audience);
  await page.keyboard.press("Tab"); // use cases
  await page.keyboard.press("Tab"); // goal
  await page.keyboard.press("Tab");
  await page.keyboard.type(data.brief.product_niche);
  await page.keyboard.press("Tab"); // competitors
  await page.keyboard.press("Tab");
  await page.keyboard.type(String(data.brief.total_budget_usd));
  assert.equal((await addressOf(page)).searchParams.get("niche"), data.brief.product_niche, "what is typed stands in the address");
  await matching(page, () => page.keyboard.press("Enter"));
  assert.equal((await addressOf(page)).href, world.url + address());
  const asked = await ask();
  assert.deepEqual((await ids(page)).slice(0, asked.matches.length), asked.matches.map((one) => one.id));
  await page.waitForFunction((total) => document.querySelector("#announcer").textContent.startsWith(total), asked.total.toLocaleString("en-US"));
  await page.keyboard.press("ArrowDown");
  await page.waitForFunction(() => document.activeElement?.classList.contains("hit-name"));
  await page.keyboard.press("Enter");
  await page.locator(".detail .account").first().waitFor();
  assert.equal((await addressOf(page)).searchParams.get("creator"), asked.matches[0].id);
  assert.ok(await page.locator(".hit").first().isVisible(), "the list stays");
  await page.keyboard.press("ArrowDown");
  await page.waitForURL(`**creator=${asked.matches[1].id}**`);
  await page.keyboard.press("Escape");
  await page.locator(".detail").waitFor({ state: "detached" });
  await page.goBack();
  await page.goBack();
  clean(page);
});

test("a brief needs one text, and says so at the field", async () => {
  const page = await open("/match", { wait: ".brief-form" });
  await page.getByRole("button", { name: "Find creators" }).click();
  const product = page.getByLabel("Product");
  assert.equal(await product.getAttribute("aria-invalid"), "true");
  assert.match(await page.locator(`#${await product.getAttribute("aria-describedby")}`).innerText(), /what the product is/);
  assert.ok(await product.evaluate((one) => one === document.activeElement));
  await page.getByLabel("Audience").fill("runners");
  assert.equal(await product.getAttribute("aria-invalid"), "false");
  const followers = page.getByLabel("Followers at least, people");
  await followers.fill("many");
  await page.getByRole("button", { name: "Find creators" }).click();
  assert.equal(await followers.getAttribute("aria-invalid"), "true");
  assert.equal((await addressOf(page)).searchParams.get("edit"), "1", "nothing was sent");
  clean(page);
});

test("what the server refuses is shown at its field, and mended there", async () => {
  const page = await open("/match?product=mat&followers=5000..100", { wait: ".brief-form" });
  const most = page.getByLabel("Followers at most, people");
  await page.waitForFunction(() => document.activeElement?.getAttribute("aria-invalid") === "true");
  assert.equal(await most.getAttribute("aria-invalid"), "true");
  assert.match(await page.locator(`#${await most.getAttribute("aria-describedby")}`).innerText(), /below/);
  await page.locator(".form-error code").waitFor();
  await most.fill("");
  await most.press("Tab");
  assert.equal(await most.getAttribute("aria-invalid"), "false");
  await matching(page, () => page.getByRole("button", { name: "Find creators" }).click());
  assert.equal((await addressOf(page)).searchParams.get("followers"), "5000..");
  clean(page, [/status of 400/]);
});

test("countries and languages are chosen by name", async () => {
  const page = await open("/match", { wait: ".brief-form" });
  const countries = page.getByLabel("Countries", { exact: true }).and(page.locator("input"));
  await countries.fill("brazil");
  assert.deepEqual((await addressOf(page)).searchParams.getAll("country"), []);
  await countries.press("Enter");
  assert.deepEqual((await addressOf(page)).searchParams.getAll("country"), ["BR"]);
  await countries.fill("Germany, brazil");
  assert.deepEqual((await addressOf(page)).searchParams.getAll("country"), ["BR", "DE"], "a pasted list, without what is there already");
  await countries.fill("Atlantis");
  await countries.press("Enter");
  assert.equal(await countries.getAttribute("aria-invalid"), "true");
  await countries.fill("");
  await countries.press("Backspace");
  assert.deepEqual((await addressOf(page)).searchParams.getAll("country"), ["BR"]);
  await page.reload();
  await page.locator(".brief-form .chip", { hasText: "Brazil" }).waitFor();
  clean(page);
});

test("a match shows its parts as bars, unknown ones as unknown, and numbers that add up", async () => {
  const page = await world.page(address());
  const { matches } = await ask({ explain: true });
  for (const [i, match] of matches.slice(0, 5).entries()) {
    const row = page.locator(`.hit[data-id="${match.id}"]`);
    assert.equal(await row.locator(".total .num").innerText(), match.score.toFixed(2));
    const meters = await row.locator(".meter").evaluateAll((all) => all.map((one) => ({ text: one.innerText.replace(/\s+/g, " "), title: one.title, bar: one.querySelector(".meter-track span")?.style.width ?? null })));
    assert.equal(meters.length, match.parts.length);
    match.parts.forEach((part, k) => {
      assert.ok(meters[k].title.endsWith(part.reason), `${meters[k].title} ends with ${part.reason}`);
      if (part.value === null) {
        assert.match(meters[k].text, /unknown/);
        assert.equal(meters[k].bar, null, "an unknown part has no bar");
      } else {
        assert.ok(meters[k].text.endsWith(part.value.toFixed(2)));
        assert.ok(Math.abs(parseFloat(meters[k].bar) - part.value * 100) < 0.1);
      }
    });
    if (i > 0) continue;
    for (const wanted of ["niche", "audience", "engagement", "budget"]) assert.ok(match.parts.some((part) => part.name === wanted), wanted);
    await row.locator(".meters").focus();
    await page.keyboard.press("Shift+Tab");
    await page.keyboard.press("Tab");
    assert.ok(await row.locator(".reasons").isVisible(), "reasons show on focus");
    assert.equal(await row.locator(".why").innerText(), match.why);
    await page.keyboard.press("Enter");
    const table = row.locator(".reckoning");
    await table.waitFor();
    const thousandths = (text) => (text === "–" ? 0 : Math.round(Number(text) * 1000));
    const adds = (await table.locator("tbody td:last-child").allInnerTexts()).map(thousandths);
    const total = thousandths(await table.locator("tfoot td").innerText());
    assert.equal(adds.reduce((sum, one) => sum + one, 0), total);
    assert.ok(Math.abs(total / 1000 - match.score) <= 0.001);
    for (const part of match.parts) assert.ok((await table.innerText()).includes(part.reason), part.reason);
  }
  clean(page);
});

test("matches go on to their end without a gap or a double", async () => {
  const page = await world.page(address());
  const { total } = await ask();
  const wanted = Math.min(total, 60);
  await page.evaluate(async (least) => {
    const scroller = document.querySelector(".scroller");
    while (document.querySelectorAll(".hit[data-id]").length < least) {
      scroller.scrollTop = scroller.scrollHeight;
      await new Promise((done) => setTimeout(done, 30));
      if (document.querySelector(".note.error")) throw new Error(document.querySelector(".note.error").innerText);
    }
  }, wanted);
  const seen = await ids(page);
  assert.equal(new Set(seen).size, seen.length);
  const first = await ask({ limit: Math.min(100, seen.length) });
  assert.deepEqual(seen.slice(0, first.matches.length), first.matches.map((one) => one.id));
  clean(page);
});

test("a brief in the search box is handed over", async () => {
  const brief = "We sell cork mats for home practice. We look for people who teach yoga to beginners.";
  const page = await world.page();
  await page.locator("#q").fill(brief);
  await page.locator("#suggestions [role=option]", { hasText: "Match this as a brief" }).waitFor();
  await page.keyboard.press("ArrowUp");
  assert.match(await page.locator('#suggestions [aria-selected="true"]').innerText(), /as a brief/);
  await matching(page, () => page.keyboard.press("Enter"));
  assert.equal((await addressOf(page)).searchParams.get("description"), brief);
  const asked = await ask({ brief: { product_description: brief } });
  assert.deepEqual((await ids(page)).slice(0, 5), asked.matches.slice(0, 5).map((one) => one.id));
  assert.ok((await page.locator(".brief-said").innerText()).includes(brief));
  await page.goBack();
  await ready(page);
  assert.equal((await addressOf(page)).pathname, "/");
  clean(page);
});

test("back, forward, reload and the short address keep the brief", async () => {
  const page = await world.page(address());
  const seen = await ids(page);
  const { campaign_id } = await ask();
  await matching(page, () => page.getByRole("link", { name: "Short address" }).click());
  assert.equal((await addressOf(page)).pathname, `/match/${campaign_id}`);
  assert.deepEqual(await ids(page), seen);
  await page.reload();
  await ready(page);
  assert.deepEqual(await ids(page), seen);
  assert.ok((await page.locator(".brief-said").innerText()).includes(data.brief.brand_name));
  await page.getByRole("link", { name: "Change the brief" }).click();
  await page.locator(".brief-form").waitFor();
  assert.equal(await page.getByLabel("Brand").inputValue(), data.brief.brand_name);
  await page.getByLabel("Brand").fill("Other");
  await matching(page, () => page.getByLabel("Brand").press("Enter"));
  assert.equal((await addressOf(page)).searchParams.get("brand"), "Other");
  await page.goBack();
  await page.locator(".brief-form").waitFor();
  await page.goBack();
  await ready(page);
  assert.equal((await addressOf(page)).pathname, `/match/${campaign_id}`);
  await page.goForward();
  await page.locator(".brief-form").waitFor();
  const gone = await world.page("/match/cm_0000000000000", { wait: ".note.error" });
  assert.match(await gone.locator(".note.error").innerText(), /not kept/);
  clean(page);
  clean(gone, [/status of 404/]);
});

test("a long brief goes on under its short address", async () => {
  const page = await open("/match", { wait: ".brief-form" });
  const long = "Мы ищем авторов о еде. ".repeat(180);
  await page.getByLabel("Description").fill(long);
  let asked = 0;
  page.on("request", (request) => request.url().endsWith("/v1/match") && asked++);
  await matching(page, () => page.getByRole("button", { name: "Find creators" }).click());
  await page.waitForFunction(() => location.pathname.startsWith("/match/cm_"));
  const seen = await ids(page);
  assert.ok(seen.length > 0);
  assert.equal(asked, 1, "the short address asks for nothing again");
  await page.reload();
  await ready(page);
  assert.deepEqual(await ids(page), seen);
  assert.ok((await page.locator(".brief-said").innerText()).includes("Мы ищем"));
  clean(page);
});

test("up to four creators stand side by side, from a search and from matches", async () => {
  const page = await world.page();
  const list = await ids(page);
  for (const id of list.slice(0, 5)) {
    await page.locator(`.hit[data-id="${id}"] ${name}`).focus();
    await page.keyboard.press("c");
  }
  assert.deepEqual((await addressOf(page)).searchParams.getAll("compare"), list.slice(0, 4), "four at most");
  await page.locator(".tray .primary").click();
  await page.waitForSelector('.compare-scroller[aria-busy="false"]');
  const table = page.locator(".compare");
  assert.equal(await table.locator("thead th").count(), 4);
  for (const row of ["Followers", "Engagement", "Growth, 30 days", "Credibility", "Price", "Niche", "Country", "Languages"]) {
    assert.equal(await table.locator("tbody th", { hasText: new RegExp(`^${row}$`) }).count(), 1, row);
  }
  assert.equal(await table.locator("tbody th", { hasText: /^Relevance$/ }).count(), 0, "no brief, no parts");
  await page.reload();
  await page.waitForSelector('.compare-scroller[aria-busy="false"]');
  assert.deepEqual(await table.locator("thead th").evaluateAll((all) => all.map((one) => one.dataset.id)), list.slice(0, 4));
  await table.locator("thead .ghost").first().click();
  assert.deepEqual((await addressOf(page)).searchParams.getAll("compare"), list.slice(1, 4));
  await page.goBack();
  await ready(page);
  clean(page);

  const { matches } = await ask({ limit: 100 });
  const chosen = [matches[0], matches[Math.min(matches.length, 45) - 1]];
  const matched = await world.page(address(data.brief, `&show=compare${chosen.map((one) => `&compare=${one.id}`).join("")}`), { wait: ".compare-parts" });
  await matched.waitForFunction((wanted) => document.querySelectorAll(".compare-parts b").length === wanted, chosen.length);
  assert.deepEqual(await matched.locator(".compare-parts b").allInnerTexts(), chosen.map((one) => one.score.toFixed(2)));
  for (const part of chosen[1].parts) {
    const cell = matched.locator(".compare-parts tr", { has: matched.locator("th", { hasText: new RegExp(`^${part.name}$`, "i") }) }).locator("td").nth(1);
    assert.ok((await cell.innerText()).includes(part.reason), part.reason);
    if (part.value === null) assert.match(await cell.innerText(), /unknown/);
  }
  clean(matched);
});

test("a plan says whom, for how much, with what reach, and draws more and less money", async () => {
  const budget = data.brief.total_budget_usd;
  const page = await world.page(address(data.brief, "&show=plan"), { wait: ".plan-table tbody tr" });
  const asked = await world.api("/v1/match/plan", { brief: data.brief, budget_usd: budget });
  assert.ok(asked.chosen.length > 0, "the test wants a budget that pays for somebody");
  const rows = page.locator(".plan-table").first().locator("tbody tr");
  assert.deepEqual(await rows.evaluateAll((all) => all.map((one) => one.dataset.id)), asked.chosen.map((one) => one.id));
  assert.ok((await page.locator(".plan-sums").innerText()).includes(String(asked.chosen.length)));
  await page.locator(".budget-plot canvas").waitFor();
  const said = await page.locator(".budget-plot").getAttribute("aria-label");
  assert.match(said, /reach .* people/);
  await page.locator(".curve-table summary").click();
  const points = new Set([...asked.curve.map((one) => one.budget_usd), budget]);
  assert.equal(await page.locator(".curve-table tbody tr").count(), points.size, "the curve as a table, the present budget in it");
  if (asked.left_out_total > 0) {
    await page.locator(".left-out summary").first().click();
    assert.ok((await page.locator(".left-out li").count()) > 0);
  }
  const answered = page.waitForResponse((response) => response.url().endsWith("/v1/match/plan"));
  await page.getByLabel("Budget, US $").fill(String(budget * 2));
  await page.getByLabel("Budget, US $").press("Enter");
  await answered;
  assert.equal((await addressOf(page)).searchParams.get("plan_budget"), String(budget * 2));
  const estimated = page.waitForResponse((response) => response.url().endsWith("/v1/match/plan"));
  await page.getByLabel("estimate").check();
  const sent = (await estimated).request().postDataJSON();
  assert.ok(sent.price_per_follower_usd > 0);
  await page.reload();
  await page.locator(".plan-table tbody tr").first().waitFor();
  assert.equal(await page.getByLabel("estimate").isChecked(), true);
  await page.goBack();
  await page.waitForFunction(() => !location.search.includes("plan_price"));
  await page.waitForFunction(() => document.querySelector('input[name="price-rule"]').checked);
  await page.locator(".compare-name").first().click();
  await page.locator(".detail .account").first().waitFor();
  assert.ok(await page.locator(".plan-table").first().isVisible(), "the plan stays beside the creator");
  clean(page);
});

test("a plan that cannot be is refused at its field", async () => {
  const page = await world.page(address(data.brief, "&show=plan&plan_min=900"), { wait: ".plan-scroller .note.error" });
  const least = page.getByLabel("Creators at least, how many");
  await page.waitForFunction(() => document.querySelector('.plan-form [aria-invalid="true"]') !== null);
  assert.equal(await least.getAttribute("aria-invalid"), "true");
  clean(page, [/status of 400/]);
});

test("a creator's page shows judgements with evidence, figures with definitions, credibility and quality by parts", async () => {
  let full;
  for (const hit of data.all.hits) {
    full = await world.api(`/v1/creators/${hit.id}`);
    if (full.judgements?.some((one) => one.evidence.length > 0) && full.credibility) break;
  }
  const page = await world.page(`/creator/${full.id}`);
  await page.locator(".detail .account").first().waitFor();
  const texts = page.locator('[data-title="What the texts say"]');
  assert.equal(await texts.locator(".judgement").count(), full.judgements.length);
  for (const one of full.judgements) for (const { phrase } of one.evidence) assert.ok((await texts.innerText()).includes(phrase.trim()), phrase);
  for (const subject of ["Niche", "Also about", "Style", "Language", "Risks"]) assert.equal(await texts.locator("h4", { hasText: subject }).count(), 1, subject);
  const trust = page.locator('[data-title="Credibility"]');
  assert.equal(await trust.locator(".credibility-value").innerText(), full.credibility.value.toFixed(2));
  const figures = page.locator('[data-title="Figures"]');
  for (const field of ["emerging", "views_per_follower", "posts_per_week", "growth_trend"]) {
    const said = await figures.locator(`[data-name="${field}"] dd`).innerText();
    if (full[field] === null) assert.match(said, /not known/);
    else assert.doesNotMatch(said, /not known/);
  }
  if (full.definitions) {
    const definition = full.definitions.find((one) => one.name === "emerging");
    const title = await figures.locator('[data-name="emerging"]').getAttribute("title");
    assert.ok(title.includes(definition.formula) && title.includes(definition.window));
  }
  for (const part of full.credibility_parts ?? []) assert.ok((await trust.innerText()).includes(part.words), part.words);
  if (full.quality_parts?.length > 0) {
    const quality = page.locator('[data-title="Quality"]');
    const adds = (await quality.locator("tbody td:last-child").allInnerTexts()).map((one) => Math.round(Number(one) * 1000));
    const total = Math.round(Number(await quality.locator("tfoot td").innerText()) * 1000);
    assert.equal(adds.reduce((sum, one) => sum + one, 0), total);
    assert.ok(Math.abs(total / 1000 - full.quality) <= 0.001);
  }
  clean(page);
});

test("spikes of the server are marked on the growth plot and said", async (t) => {
  const found = await Promise.all(data.all.hits.map((hit) => world.api(`/v1/creators/${hit.id}`)));
  const full = found.find((one) => one.spikes?.length > 0 && one.growth?.some((line) => line.account === one.spikes[0].account));
  if (!full) return t.skip("no creator here has a spike");
  const page = await world.page(`/creator/${full.id}`);
  await page.locator(".plot canvas").waitFor();
  const tabs = page.locator('[data-title="Growth"] .tab');
  const usable = full.growth.filter((one) => one.points.length > 1);
  let seen = 0;
  for (const [i, line] of usable.entries()) {
    if (usable.length > 1) await tabs.nth(i).click();
    const own = full.spikes.filter((one) => one.account === line.account && one.metric === line.metric).length;
    assert.equal(await page.locator(".spikes li").count(), own);
    seen += own;
  }
  assert.ok(seen > 0);
  clean(page);
});

test("a negation says what it did", async () => {
  const words = `${data.label.toLowerCase()} not ${data.label.toLowerCase() === "gaming" ? "food" : "gaming"}`;
  const asked = await world.search({ q: words, limit: 5 });
  const chip = asked.understood.chips.find((one) => one.negated);
  assert.ok(chip, `no negation was read from "${words}"`);
  const page = await world.page(`/?q=${encodeURIComponent(words)}`);
  const shown = await page.locator(".chip.negated").first().innerText();
  assert.ok(shown.startsWith(chip.label));
  if (chip.effect) assert.ok(shown.includes(chip.effect.split(":").at(-1).trim()), `${shown} says ${chip.effect}`);
  else assert.equal(await page.locator(".chip-effect").count(), 0);
  clean(page);
});

test("risk is a facet, and the new figures are bounds", async () => {
  const page = await world.page();
  for (const field of ["risk", "emerging", "credibility", "views_per_follower", "posts_per_week", "growth_trend"]) {
    assert.equal(await page.locator(`.facets [data-field="${field}"]`).count(), 1, field);
  }
  const bounded = await world.page("/?credibility=0.5..&sort=emerging");
  const asked = await world.search({ filter: { field: "credibility", gte: 0.5 }, sort: [{ field: "emerging", dir: "desc" }], limit: 30 });
  assert.deepEqual((await ids(bounded)).slice(0, asked.hits.length), asked.hits.map((one) => one.id));
  assert.ok(await bounded.locator(".chip", { hasText: "credibility ≥ 0.50" }).isVisible());
  clean(page);
  clean(bounded);
});

test("a hidden creator stays away for the session and can be brought back", async () => {
  const page = await world.page();
  const [first, second] = await ids(page);
  await page.locator(`.hit[data-id="${first}"] ${name}`).focus();
  await page.keyboard.press("h");
  await page.locator(`.hit.away[data-id="${first}"]`).waitFor();
  await page.reload();
  await ready(page);
  await page.locator(`.hit.away[data-id="${first}"]`).waitFor();
  await page.locator(name).first().click();
  await page.waitForURL(`**/creator/${second}`);
  await page.locator(`.hit.away[data-id="${first}"] button`).click();
  assert.equal(await page.locator(`.hit[data-id="${first}"] ${name}`).count(), 1);
  clean(page);
});

test("clicks and hides are told to the server, and no failure disturbs", async () => {
  const mock = world.real ? null : await startMock();
  const told = [];
  const page = await world.page(address(), {
    ...(mock ? { url: mock.url } : {}),
    before: (one) => one.on("request", (request) => request.url().endsWith("/v1/events") && told.push(request.postDataJSON())),
  });
  const asked = mock ? null : await ask();
  const [first, second] = await ids(page);
  await page.locator(name).first().click();
  await page.locator(".detail .account").first().waitFor();
  await page.locator(`.hit[data-id="${second}"] ${name}`).focus();
  await page.keyboard.press("h");
  await page.locator(`.hit.away[data-id="${second}"]`).waitFor();
  if (mock || asked.question_id) {
    assert.deepEqual(told.map(({ creator_id, action }) => [creator_id, action]), [[first, "click"], [second, "hide"]]);
    assert.match(told[0].question_id, /^qu_/);
  }
  if (mock) assert.deepEqual(mock.matching.events, told, "the server took them");
  clean(page);
  await page.route("**/v1/events", (route) => route.abort());
  await page.locator(name).first().click();
  await page.locator(".detail .account").first().waitFor();
  assert.equal(await page.locator(".note.error").count(), 0);
  clean(page, [/net::ERR_FAILED/]);
  await mock?.stop();
});

test("a server that is gone is said so, and matching again works when it is back", async () => {
  const page = await world.page(address());
  await page.route("**/v1/match", (route) => route.abort());
  await page.locator(".brief-said select").selectOption("seed-001");
  await page.locator(".note.error").waitFor();
  assert.match(await page.locator(".note.error").innerText(), /does not answer/);
  assert.equal(await page.locator(".hit[data-id]").count(), 0, "no stale matches");
  await page.unroute("**/v1/match");
  await matching(page, () => page.locator(".note.error .button").click());
  assert.equal((await addressOf(page)).searchParams.get("profile"), "seed-001");
  clean(page, [/net::ERR_FAILED/]);
});

test("text from creators is never HTML here either", async () => {
  const evil = '<img src=x onerror="document.title=1">';
  const page = await world.page(address(), {
    before: (one) =>
      one.route("**/v1/match", async (route) => {
        const response = await route.fetch();
        const body = await response.json();
        body.matches = body.matches.slice(0, 2).map((match) => ({ ...match, name: evil, why: evil, parts: match.parts.map((part) => ({ ...part, reason: evil })) }));
        await route.fulfill({ response, json: body });
      }),
  });
  await page.locator(".meters").first().click();
  assert.equal(await page.locator(".hit img").count(), 0);
  assert.equal(await page.locator(name).first().innerText(), evil);
  assert.ok((await page.locator(".reckoning").innerText()).includes(evil));
  clean(page);
});

test("what belongs to matching is loaded only there", async () => {
  const loaded = [];
  const page = await world.page("/", { before: (one) => one.on("response", (response) => loaded.push(response.url())) });
  assert.equal(loaded.filter((url) => /Match|Plan|Compare|base-/.test(url)).length, 0);
  await page.locator("body").press("m");
  await page.locator(".brief-form").waitFor();
  assert.ok(loaded.some((url) => /Match-/.test(url)));
  assert.equal(loaded.filter((url) => /Plan-|base-/.test(url)).length, 0, "the plan and its chart wait for their turn");
  clean(page);
});

const views = () => {
  const compared = data.all.hits.slice(0, 4).map((one) => `&compare=${one.id}`).join("");
  return {
    form: [address(data.brief, "&edit=1&country=BR&followers=1000..500000"), ".brief-form"],
    matches: [address(), ".match-hit"],
    compare: [address(data.brief, `&show=compare${compared}`), '.compare-scroller[aria-busy="false"] .compare-parts'],
    plan: [address(data.brief, "&show=plan&plan_price=0.01"), ".budget-plot canvas"],
  };
};

for (const scheme of ["light", "dark"]) {
  test(`contrast of matching is AA, ${scheme}`, async () => {
    for (const [what, [path, wait]] of Object.entries(views())) {
      const page = await world.page(path, { scheme, wait });
      if (what === "matches") {
        await page.locator(".meters").first().click();
        await page.locator(name).first().click();
        await page.locator(".detail .judgement, .detail .subject").first().waitFor();
        await page.keyboard.press("c");
        await page.locator(".tray").waitFor();
      }
      const { looked, low } = await page.evaluate(lowContrast);
      assert.ok(looked > 20, `${what}: only ${looked} texts were looked at`);
      assert.deepEqual(low, [], what);
      clean(page);
    }
  });
}

for (const [width, height] of [[1440, 900], [1024, 768], [390, 844]]) {
  for (const scheme of ["light", "dark"]) {
    test(`screenshots of matching at ${width}, ${scheme}`, async () => {
      const at = `${width}-${scheme}`;
      for (const [what, [path, wait]] of Object.entries(views())) {
        const page = await world.page(path, { width, height, scheme, wait, hasTouch: width === 390 });
        await shoot(page, `match-${what}-${at}`);
        if (what === "matches") {
          await page.locator(".meters").first().click();
          await shoot(page, `match-numbers-${at}`);
          await page.locator(name).first().click();
          await page.locator(".detail .account").first().waitFor();
          await page.locator('[data-title="Credibility"]').evaluate((one) => one.scrollIntoView({ block: "start" }));
          await shoot(page, `match-creator-${at}`);
        }
        assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true, `${what} is wider than the screen`);
        clean(page);
      }
    });
  }
}
