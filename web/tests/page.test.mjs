// The page in a real browser. Against the server at CREATORDEX_URL, or against the mock where that is not set; so
// every expectation is asked from the API first and no test knows the data.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startMock } from "../mock/server.mjs";
import { lowContrast } from "./contrast.mjs";
import { World, clean, count, ids, query, ready, searching, shoot } from "./harness.mjs";

/** @type {World} */
let world;
let data; // what the API says of the data at hand

before(async () => {
  world = await World.open();
  const all = await world.search({ facets: ["platform", "niche", "country"], limit: 30 });
  const top = (field) => all.facets.find((one) => one.field === field).values.filter((one) => one.value !== "other");
  const niche = top("niche")[0].value;
  const inNiche = await world.search({ filter: { field: "niche", in: [niche] }, limit: 2 });
  data = { all, total: all.total.value, platform: top("platform")[0], niche, label: inNiche.hits[0].niche_label.toLowerCase() };
  assert.ok(data.total >= 20, "these tests want at least 20 creators to look at");
});
after(() => world?.close());

const box = "#q";
const name = ".hit-name";
const opened = (page) => page.locator(".detail h2").first();

async function type(page, words) {
  await searching(page, () => page.locator(box).fill(words));
}

test("the first view is small, whole, and shows at least eight results", async () => {
  let bytes = 0;
  const sizes = [];
  const page = await world.page("/", {
    before: (one) =>
      one.on("response", (response) => {
        if (response.url().includes("/v1/")) return;
        sizes.push(response.body().then((body) => (bytes += body.length)));
      }),
  });
  await Promise.all(sizes);
  assert.ok(bytes < 300_000, `the first view took ${bytes} bytes`);
  assert.equal(await count(page), data.total);
  const visible = await page.locator(".hit").evaluateAll((all) => all.filter((one) => one.getBoundingClientRect().bottom <= innerHeight).length);
  assert.ok(visible >= 8, `only ${visible} results are whole on a laptop screen`);
  assert.equal(await page.locator("[style]:not([style*=':'])").count(), 0);
  clean(page);
});

test("nothing jumps while the page loads", async () => {
  const page = await world.page("/", {
    before: (one) =>
      one.addInitScript(() => {
        window.shifted = 0;
        new PerformanceObserver((list) => list.getEntries().forEach((entry) => (window.shifted += entry.value))).observe({ type: "layout-shift", buffered: true });
      }),
  });
  await page.locator(".example, .hit").first().waitFor();
  const shifted = await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(window.shifted)))));
  assert.ok(shifted < 0.05, `layout shifted by ${shifted}`);
  clean(page);
});

test("typing searches by itself and stands in the address", async () => {
  const page = await world.page();
  await type(page, data.label);
  const asked = await world.search({ q: data.label, limit: 30 });
  assert.equal(query(page).get("q"), data.label);
  assert.equal(await count(page), asked.total.value);
  assert.deepEqual((await ids(page)).slice(0, asked.hits.length), asked.hits.map((one) => one.id));
  assert.equal(await page.locator("#announcer").innerText(), `${asked.total.value.toLocaleString("en-US")} creators found`);
  clean(page);
});

test("a facet narrows the list, and its own counts stay open", async () => {
  const page = await world.page();
  const { value } = data.platform;
  const others = await page.locator('[data-field="platform"] .facet').count();
  await searching(page, () => page.locator(`[data-field="platform"] input[data-value="${value}"]`).check());
  const asked = await world.search({ filter: { field: "platform", in: [value] }, limit: 1 });
  assert.equal(await count(page), asked.total.value);
  assert.deepEqual(query(page).getAll("platform"), [value]);
  assert.equal(await page.locator('[data-field="platform"] .facet').count(), others);
  await searching(page, () => page.locator('[data-field="platform"] .facet').filter({ has: page.locator(`[data-value="${value}"]`) }).locator(".facet-not").click());
  const without = await world.search({ filter: { not: { field: "platform", in: [value] } }, limit: 1 });
  assert.equal(await count(page), without.total.value);
  assert.deepEqual(query(page).getAll("platform"), [`!${value}`]);
  clean(page);
});

test("followers can be bounded by typing and by the slider", async () => {
  const page = await world.page();
  const low = page.getByLabel("Followers at least").and(page.locator(".bound"));
  await searching(page, async () => {
    await low.fill("10k");
    await low.press("Enter");
  });
  const asked = await world.search({ filter: { field: "followers", gte: 10_000 }, limit: 1 });
  assert.equal(await count(page), asked.total.value);
  assert.equal(query(page).get("followers"), "10000..");
  const slider = page.getByLabel("Followers at least").and(page.locator("[type=range]"));
  await searching(page, () => slider.press("ArrowRight"));
  const [bound] = query(page).get("followers").split("..");
  assert.ok(Number(bound) > 10_000);
  await low.fill("many");
  await low.press("Enter");
  assert.equal(await low.getAttribute("aria-invalid"), "true");
  clean(page);
});

test("what was understood is a chip that can be removed, and edited as a filter", async () => {
  const words = `${data.label} on ${data.platform.value}`;
  const asked = await world.search({ q: words, limit: 1 });
  const chip = asked.understood.chips.find((one) => one.field === "platform");
  assert.ok(chip, `the server read no platform from "${words}"`);
  const page = await world.page(`/?q=${encodeURIComponent(words)}`);
  assert.equal(await count(page), asked.total.value);
  await searching(page, () => page.locator(".chip.read", { hasText: chip.label }).locator(".chip-remove").click());
  assert.deepEqual(query(page).getAll("ignore"), [chip.id]);
  const without = await world.search({ q: words, ignore: [chip.id], limit: 1 });
  assert.equal(await count(page), without.total.value);
  await searching(page, () => page.goBack());
  await searching(page, () => page.locator(".chip.read", { hasText: chip.label }).locator(".chip-label").click());
  assert.deepEqual(query(page).getAll("platform"), [data.platform.value]);
  assert.deepEqual(query(page).getAll("ignore"), [chip.id]);
  assert.ok(await page.locator(`[data-field="platform"] input[data-value="${data.platform.value}"]`).evaluate((one) => one === document.activeElement));
  clean(page);
});

test("a creator opens beside the list, arrow keys walk, Back closes", async () => {
  const page = await world.page(`/?q=${encodeURIComponent(data.label)}`);
  const [first, second] = await ids(page);
  const creator = await world.api(`/v1/creators/${first}`);
  await page.locator(name).first().click();
  await page.locator(".detail .account").first().waitFor();
  assert.equal((await opened(page).innerText()).replace(/\s*Verified$/, ""), creator.name ?? `@${creator.handle}`);
  assert.equal(new URL(page.url()).pathname, `/creator/${first}`);
  assert.equal(query(page).get("q"), data.label);
  assert.ok(await page.locator(".hit").first().isVisible(), "the list stays");
  await page.keyboard.press("ArrowDown");
  await page.waitForURL(`**/creator/${second}?**`);
  await page.keyboard.press("ArrowUp");
  await page.waitForURL(`**/creator/${first}?**`);
  await page.goBack();
  await page.locator(".detail").waitFor({ state: "detached" });
  assert.equal(new URL(page.url()).pathname, "/");
  assert.equal(query(page).get("q"), data.label);
  clean(page);
});

test("the detail shows accounts, growth, posts, evidence, likes of it, and sources", async () => {
  const found = await world.search({ q: data.label, limit: 20 });
  let full;
  for (const hit of found.hits) {
    full = await world.api(`/v1/creators/${hit.id}`);
    if (full.content?.length > 0 && full.growth?.some((one) => one.points.length > 1)) break;
  }
  const page = await world.page(`/creator/${full.id}`);
  await page.locator(".detail .account").first().waitFor();
  assert.equal(await page.locator(".detail .account").count(), full.accounts.length);
  for (const title of ["What the texts say", "Accounts", "Figures", "Growth", "Credibility", "Quality", "Posts", "Similar creators", "Sources and dates to go"]) {
    assert.equal(await page.locator(".detail h3", { hasText: title }).count(), 1, title);
  }
  if (full.growth?.some((one) => one.points.length > 1)) await page.locator(".plot canvas").waitFor();
  if (full.content?.length > 0) assert.equal(await page.locator(".grid .item").count(), Math.min(6, full.content.length));
  const near = await world.api(`/v1/creators/${full.id}/similar?limit=8`);
  await page.waitForFunction((wanted) => document.querySelectorAll(".alike-name").length === wanted, near.hits.length);
  assert.equal(await page.locator(".origin").count(), full.accounts.flatMap((one) => one.origins ?? []).length);
  clean(page);
});

test("reload and a shared address show the same", async () => {
  const page = await world.page();
  await type(page, data.label);
  await searching(page, () => page.locator(".pick select").last().selectOption("followers"));
  await page.locator(name).nth(1).click();
  await page.locator(".detail .account").first().waitFor();
  const seen = { ids: await ids(page), title: await opened(page).innerText(), url: page.url() };
  await page.reload();
  await ready(page);
  await page.locator(".detail .account").first().waitFor();
  assert.deepEqual(await ids(page), seen.ids);
  assert.equal(await page.locator(box).inputValue(), data.label);
  const shared = await world.page(seen.url.slice(world.url.length));
  await shared.locator(".detail .account").first().waitFor();
  assert.deepEqual({ ids: await ids(shared), title: await opened(shared).innerText(), url: shared.url() }, seen);
  const asked = await world.search({ q: data.label, sort: [{ field: "followers", dir: "desc" }], limit: 30 });
  assert.deepEqual(seen.ids.slice(0, asked.hits.length), asked.hits.map((one) => one.id));
  clean(page);
  clean(shared);
});

test("suggestions are a list that keys can walk", async () => {
  const person = data.all.hits.find((one) => /^[A-Za-z]{4,}/.test(one.name ?? ""));
  const start = person.name.slice(0, 4);
  const asked = await world.api(`/v1/suggest?q=${encodeURIComponent(start)}&limit=8`);
  assert.ok(asked.suggestions.length > 0, `nothing is suggested for "${start}"`);
  const page = await world.page();
  await page.locator(box).pressSequentially(start);
  await page.locator("#suggestions [role=option]").first().waitFor();
  assert.equal(await page.locator(box).getAttribute("aria-expanded"), "true");
  assert.equal(await page.locator("#suggestions [role=option]").count(), asked.suggestions.length);
  await page.keyboard.press("ArrowDown");
  assert.equal(await page.locator(box).getAttribute("aria-activedescendant"), "suggestion-0");
  assert.equal(await page.locator("#suggestion-0").getAttribute("aria-selected"), "true");
  await page.keyboard.press("Enter");
  const first = asked.suggestions[0];
  if (first.creator) await page.waitForURL(`**/creator/${first.creator}**`);
  else assert.ok((await page.locator(box).inputValue()).endsWith(first.text));
  assert.equal(await page.locator(box).getAttribute("aria-expanded"), "false");
  clean(page);
});

test("everything works by keyboard alone", async () => {
  const page = await world.page();
  await page.keyboard.press("/");
  assert.equal(await page.evaluate(() => document.activeElement.id), "q");
  assert.equal(await page.locator(box).inputValue(), "");
  await searching(page, () => page.keyboard.type(data.label, { delay: 10 }));
  await page.keyboard.press("Enter");
  await ready(page);
  await page.keyboard.press("ArrowDown");
  await page.waitForFunction(() => document.activeElement?.classList.contains("hit-name"));
  const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
  assert.equal(outline, "solid", "the focus can be seen");
  await page.keyboard.press("ArrowDown");
  const second = (await ids(page))[1];
  await page.keyboard.press("Enter");
  await page.waitForURL(`**/creator/${second}?**`);
  await page.keyboard.press("Escape");
  await page.locator(".detail").waitFor({ state: "detached" });
  await page.waitForFunction((id) => document.activeElement?.closest(".hit")?.dataset.id === id, second);
  await page.keyboard.press("/");
  await searching(page, () => page.keyboard.press("Escape"));
  assert.equal(await page.locator(box).inputValue(), "");
  assert.equal(page.url(), `${world.url}/`);
  clean(page);
});

test("the score opens to numbers that add up", async () => {
  const page = await world.page(`/?q=${encodeURIComponent(data.label)}`);
  const score = page.locator(".score").first();
  await score.click();
  assert.equal(await score.getAttribute("aria-expanded"), "true");
  const thousandths = (text) => Math.round(Number(text) * 1000);
  const parts = (await page.locator(".numbers tbody td:last-child").allInnerTexts()).map(thousandths);
  const total = thousandths(await page.locator(".numbers tfoot td").innerText());
  assert.ok(parts.length > 0);
  assert.equal(parts.reduce((sum, one) => sum + one, 0), total);
  const asked = await world.search({ q: data.label, limit: 1 });
  assert.ok(Math.abs(total / 1000 - asked.hits[0].score) <= 0.001);
  await page.locator(".explain, .explain-wait:has-text('stands out')").first().waitFor();
  clean(page);
});

test("on a phone the regions are screens", async () => {
  const page = await world.page("/", { width: 390, height: 844, hasTouch: true });
  const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.equal(await overflow(), 0);
  assert.equal(await page.locator(".facets").isVisible(), false);
  await page.locator(".filters-button").click();
  await page.locator(".facets").waitFor();
  assert.equal(query(page).get("panel"), "filters");
  await searching(page, () => page.locator(`[data-field="platform"] input[data-value="${data.platform.value}"]`).check());
  await page.locator(".screen-foot .button").click();
  await page.locator(".facets").waitFor({ state: "hidden" });
  await page.locator(name).first().click();
  await page.locator(".detail .account").first().waitFor();
  const wide = await page.locator(".detail").evaluate((one) => one.getBoundingClientRect().width);
  assert.equal(wide, 390);
  assert.equal(await overflow(), 0);
  await page.locator(".back").click();
  await page.locator(".detail").waitFor({ state: "detached" });
  assert.equal(await page.locator(".hit").first().isVisible(), true);
  clean(page);
});

test("nothing found says which filter removed most and drops it", async () => {
  const page = await world.page(`/?q=${encodeURIComponent(data.label)}&followers=9e15..`);
  await page.locator(".nothing .button.primary").waitFor();
  assert.match(await page.locator(".nothing").innerText(), /followers/);
  await searching(page, () => page.locator(".nothing .button.primary").click());
  const asked = await world.search({ q: data.label, limit: 1 });
  assert.equal(await count(page), asked.total.value);
  assert.equal(query(page).get("followers"), null);
  clean(page);
});

test("examples work on the data at hand", async () => {
  const page = await world.page();
  await page.locator(".example").nth(2).waitFor();
  const words = await page.locator(".example").allInnerTexts();
  assert.equal(words.length, 3);
  for (const q of words) assert.ok((await world.search({ q, limit: 1 })).total.value > 0, q);
  await searching(page, () => page.locator(".example").first().click());
  assert.equal(await page.locator(box).inputValue(), words[0]);
  clean(page);
});

test("a list is loaded to its end without a gap or a double", async () => {
  const mock = world.real ? null : await startMock({ creators: 1000 });
  const page = await world.page("/", mock ? { url: mock.url } : {});
  const total = Math.min(await count(page), 1000);
  await page.evaluate(async (wanted) => {
    const scroller = document.querySelector(".scroller");
    while (document.querySelectorAll(".hit[data-id]").length < wanted) {
      scroller.scrollTop = scroller.scrollHeight;
      await new Promise((done) => setTimeout(done, 30));
      if (document.querySelector(".note.error")) throw new Error(document.querySelector(".note.error").innerText);
    }
  }, total);
  const seen = await ids(page);
  assert.equal(new Set(seen).size, seen.length);
  assert.ok(seen.length >= total);
  const frames = await page.evaluate(async () => {
    const scroller = document.querySelector(".scroller");
    scroller.scrollTop = 0;
    const gaps = [];
    let last = performance.now();
    for (let i = 0; i < 60; i++) {
      scroller.scrollTop += 600;
      await new Promise((done) => requestAnimationFrame(done));
      gaps.push(performance.now() - last);
      last = performance.now();
    }
    return gaps.sort((a, b) => a - b);
  });
  console.log(`# scrolling ${seen.length} results: median frame ${frames[30].toFixed(1)} ms, worst ${frames.at(-1).toFixed(1)} ms`);
  clean(page);
  await mock?.stop();
});

test("a server that is gone is said so, and trying again works when it is back", async () => {
  if (world.real) {
    const page = await world.page();
    await page.route("**/v1/creators/search", (route) => route.abort());
    await page.locator(box).fill("anything");
    await page.locator(".note.error").waitFor();
    await page.unroute("**/v1/creators/search");
    await searching(page, () => page.locator(".note.error .button").click());
    clean(page, [/net::ERR_FAILED/]);
    return;
  }
  const first = await startMock();
  const port = Number(new URL(first.url).port);
  const page = await world.page("/", { url: first.url });
  await first.stop();
  await page.locator(box).fill(data.label);
  await page.locator(".note.error").waitFor();
  assert.match(await page.locator(".note.error").innerText(), /does not answer/);
  assert.equal(await page.locator(".hit").count(), 0, "no stale results");
  await shoot(page, "error-1440-light");
  const second = await startMock({ port });
  await searching(page, () => page.locator(".note.error .button").click());
  assert.equal(await page.locator(".note.error").count(), 0);
  clean(page, [/ERR_CONNECTION_REFUSED|ERR_EMPTY_RESPONSE|ERR_CONNECTION_RESET/]);
  await second.stop();
});

test("a refusal shows its reason and the request id", async () => {
  const page = await world.page();
  const problem = { type: "about:blank", title: "Invalid request", status: 400, detail: "…", errors: [{ pointer: "/q", code: "too_long", detail: "is too long" }], request_id: "req_for_this_test" };
  await page.route("**/v1/creators/search", (route) => route.fulfill({ status: 400, contentType: "application/problem+json", body: JSON.stringify(problem) }));
  await page.locator(box).fill("anything");
  await page.locator(".note.error").waitFor();
  const said = await page.locator(".note.error").innerText();
  for (const words of ["Invalid request", "/q: is too long", "req_for_this_test"]) assert.ok(said.includes(words), words);
  clean(page, [/status of 400/]);
});

test("a slow answer shows a progress line and keeps the list", async () => {
  const page = await world.page();
  let release;
  const held = new Promise((done) => (release = done));
  await page.route("**/v1/creators/search", async (route) => {
    await held;
    await route.continue();
  });
  await page.locator(box).fill(data.label);
  await page.locator(".progress.on").waitFor({ state: "attached" });
  assert.ok((await page.locator(".hit").count()) > 0);
  await searching(page, async () => release());
  assert.equal(await page.locator(".progress.on").count(), 0);
  clean(page);
});

test("meaning that fills in or is missing is said", async () => {
  const status = (embedded) => async (page) =>
    page.route("**/v1/status", (route) =>
      route.fulfill({ json: { creators: 1000, indexed: 1000, embedded, revision: 1, index_generation: 1, version: "0", request_id: "r" } }));
  const filling = await world.page("/", { before: status({ done: 420, total: 1800, model: "m", ready: true }) });
  await filling.locator(".status-line").waitFor();
  assert.match(await filling.locator(".status-line").innerText(), /420 of 1,800 texts/);
  const missing = await world.page("/", { before: status({ done: 0, total: 0, model: null, ready: false }) });
  await missing.locator(".status-line").waitFor();
  assert.match(await missing.locator(".status-line").innerText(), /words and filters works.*\.\/x/s);
  clean(filling);
  clean(missing);
});

test("text from creators is never HTML", async () => {
  const evil = '<img src=x onerror="document.title=1"><script>document.title=1</script>';
  const page = await world.page("/", {
    before: (one) =>
      one.route("**/v1/creators/search", async (route) => {
        const response = await route.fetch();
        const body = await response.json();
        body.hits = body.hits.slice(0, 3).map((hit) => ({
          ...hit, name: evil, handle: evil, why: evil, summary: evil,
          accounts: hit.accounts.map((account) => ({ ...account, handle: evil, url: "javascript:document.title=1" })),
          highlights: [{ field: "bio", html: `${evil} <mark onclick=x>a</mark> <mark>b</mark>` }],
        }));
        await route.fulfill({ response, json: body });
      }),
  });
  assert.equal(await page.locator(".hit img, .hit script").count(), 0);
  assert.equal(await page.locator('a[href^="javascript:"]').count(), 0);
  assert.equal(await page.locator(name).first().innerText(), evil);
  assert.equal(await page.locator(".hit mark").first().innerText(), "b");
  assert.equal(await page.title(), "creatordex");
  clean(page);
});

for (const scheme of ["light", "dark"]) {
  test(`contrast is AA, ${scheme}`, async () => {
    const words = `${data.label} on ${data.platform.value} not gaming`;
    const page = await world.page(`/?q=${encodeURIComponent(words)}&followers=1..&activity=!unknown`, { scheme });
    if ((await page.locator(name).count()) > 0) {
      await page.locator(".score").first().click();
      await page.locator(name).first().click();
      await page.locator(".detail .account").first().waitFor();
    }
    const wide = await page.evaluate(lowContrast);
    assert.ok(wide.looked > 60, `only ${wide.looked} texts were looked at`);
    assert.deepEqual(wide.low, []);
    const nothing = await world.page("/?q=x&followers=9e15..", { scheme, width: 390, height: 844 });
    assert.deepEqual((await nothing.evaluate(lowContrast)).low, []);
    clean(page);
  });
}

for (const [width, height] of [[1440, 900], [1024, 768], [390, 844]]) {
  for (const scheme of ["light", "dark"]) {
    test(`screenshots at ${width}, ${scheme}`, async () => {
      const at = `${width}-${scheme}`;
      const page = await world.page("/", { width, height, scheme });
      await page.locator(".example").first().waitFor();
      await shoot(page, `start-${at}`);
      await type(page, `${data.label} with 1k+ followers`);
      await page.locator(box).blur();
      await shoot(page, `results-${at}`);
      await page.locator(".score").first().click();
      await page.locator(".explain, .explain-wait:has-text('stands out')").first().waitFor();
      await shoot(page, `score-${at}`);
      await page.locator(".score").first().click();
      await page.locator(name).first().click();
      await page.locator(".detail .account").first().waitFor();
      await page.locator(".alike-name").first().waitFor();
      await shoot(page, `creator-${at}`);
      const growth = page.locator('[data-title="Growth"]');
      await growth.locator("canvas, .muted").first().waitFor();
      await growth.evaluate((one) => one.scrollIntoView({ block: "start" }));
      await shoot(page, `growth-${at}`);
      assert.equal(await page.evaluate(() => document.scrollingElement.scrollTop + document.querySelector(".shell").scrollTop), 0, "only regions scroll");
      const nothing = await world.page(`/?q=${encodeURIComponent(data.label)}&followers=9e15..&platform=${data.platform.value}`, { width, height, scheme });
      await nothing.locator(".nothing .button").first().waitFor();
      await shoot(nothing, `nothing-${at}`);
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);
      clean(page);
      clean(nothing);
    });
  }
}
