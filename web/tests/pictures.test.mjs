// Searching by pictures, the pictures of a creator, and the figures of the service, in a real browser against the real
// program at CREATORDEX_URL, whose creators have pictures (tests/page/run.py gives them some). Every expectation is asked
// from the API first. There is no mock of this: without a server the tests are skipped.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { lowContrast } from "./contrast.mjs";
import { png, sunset } from "./draw.mjs";
import { World, addressOf, clean, count, ids, ready, shoot } from "./harness.mjs";

const skip = process.env.CREATORDEX_URL ? false : "CREATORDEX_URL is not set: pictures need the real program";
if (skip) console.log(`SKIPPED picture tests: ${skip}`);

/** @type {World} */
let world;
let data;

before(async () => {
  if (skip) return;
  world = await World.open();
  const { pictures } = await world.api("/v1/status");
  assert.ok(pictures.space && pictures.done > 40, `these tests want creators with pictures: ${JSON.stringify(pictures)}`);
  const all = await world.search({ limit: 100, highlight: false });
  const withPictures = all.hits.filter((one) => one.pictures.length > 0);
  data = { withPictures, total: pictures.total, readsWords: pictures.reads_words, one: withPictures[7], other: withPictures[12] };
});
after(() => world?.close());

const bytesOf = async (sha256) => Buffer.from(await (await fetch(`${world.url}/v1/images/${sha256}/thumbnail`)).arrayBuffer());
const example = async (hit) => ({ name: "example.jpg", mimeType: "image/jpeg", buffer: await bytesOf(hit.pictures[0].sha256) });
const slot = (page, name) => page.locator(`[data-file="${name}"]`);
const tiles = (page) => page.locator(".hit.tile[data-id]");
const noPlace = [/status of 400/];

/** Does something that makes the page ask for pictures; gives what was asked for the first page, and what came. */
async function asking(page, act) {
  const first = (request) => {
    const body = request.url().endsWith("/v1/images/search") ? request.postDataJSON() : null;
    return body !== null && body.limit > 1 && body.cursor === undefined;
  };
  const answered = page.waitForResponse((one) => first(one.request()));
  await act();
  const response = await answered;
  await page.waitForFunction(() => document.querySelector(".scroller")?.getAttribute("aria-busy") === "false");
  await ready(page);
  return { body: response.request().postDataJSON(), answer: response.ok() ? await response.json() : null };
}

const pick = (page, name, file) => asking(page, () => slot(page, name).setInputFiles(file));
/** The page asks for more by itself where there is room: what it shows begins with what was asked for first. */
async function beginsWith(page, answer) {
  assert.deepEqual((await ids(page)).slice(0, answer.hits.length), answer.hits.map((one) => one.id));
}
const ask = (body) => world.api("/v1/images/search", { limit: 30, min_similarity: -0.999, highlight: false, ...body });

/** How large the picture of a data: URL is, as a browser decodes it. */
function sizeOf(page, url) {
  return page.evaluate(async (source) => {
    const image = new Image();
    image.src = source;
    await image.decode();
    return [image.naturalWidth, image.naturalHeight];
  }, url);
}

/** Drops or pastes a file onto an element, as a browser would tell of it. */
function give(page, selector, kind, file) {
  return page.locator(selector).first().evaluate(
    (target, { kind, bytes, name, type }) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([Uint8Array.from(bytes)], name, { type }));
      const event = kind === "paste" ? new ClipboardEvent("paste", { clipboardData: transfer, bubbles: true, cancelable: true }) : new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true });
      target.dispatchEvent(event);
      return event.defaultPrevented;
    },
    { kind, bytes: [...file.buffer], name: file.name, type: file.mimeType },
  );
}

test("a picture that is chosen finds who shows it", { skip }, async () => {
  const page = await world.page("/pictures");
  const { body, answer } = await pick(page, "like", await example(data.one));
  assert.match(body.image, /^data:image\/jpeg;base64,/);
  assert.deepEqual(Object.keys(body).sort(), ["facets", "highlight", "image", "limit", "min_similarity"]);
  assert.equal(answer.hits[0].id, data.one.id);
  await beginsWith(page, answer);
  const asked = await ask({ image: body.image });
  assert.equal(await count(page), asked.total.value);
  assert.ok(asked.total.value >= data.withPictures.length);
  const first = tiles(page).first();
  await first.hover();
  assert.equal((await first.locator(".similarity").innerText()).replace(/\s*similar$/, ""), asked.hits[0].pictures[0].similarity.toFixed(2));
  assert.equal(await first.locator(".similarity").evaluate((one) => getComputedStyle(one).opacity), "1");
  assert.match(await page.locator("#announcer").innerText(), new RegExp(`^${asked.total.value} creators`));
  assert.match((await addressOf(page)).search, /^\?like=own-[0-9a-z]+$/);
  clean(page);
});

test("what leaves the browser is small and upright, and stays for reload and Back", { skip }, async () => {
  const page = await world.page("/pictures");
  const { body, answer } = await pick(page, "like", { name: "big.png", mimeType: "image/png", buffer: sunset(2400, 1500) });
  assert.deepEqual(await sizeOf(page, body.image), [1024, 640]);
  const address = page.url();
  const again = await asking(page, () => page.reload());
  assert.equal(again.body.image, body.image);
  await beginsWith(page, answer);
  await page.getByRole("button", { name: /take the picture out/ }).click();
  await page.locator(".picture-start").waitFor();
  assert.equal((await addressOf(page)).search, "");
  await asking(page, () => page.goBack());
  assert.equal(page.url(), address);
  const elsewhere = await world.page(new URL(address).pathname + new URL(address).search);
  assert.match(await elsewhere.locator(".note").innerText(), /not here.*own tab/s, "the picture did not travel with the address");
  await elsewhere.getByRole("button", { name: "Go on without it" }).click();
  await elsewhere.locator(".picture-start").waitFor();
  clean(page);
  clean(elsewhere);
});

test("filters, facets and words about creators narrow the grid", { skip }, async () => {
  const page = await world.page("/pictures");
  const { body, answer } = await pick(page, "like", await example(data.one));
  const { field, values } = answer.facets.find((one) => one.field === "platform");
  const chosen = values[1].value;
  const filter = { all: [{ field, in: [chosen] }] };
  const narrowed = await asking(page, () => page.locator(`[data-field="platform"] input[data-value="${chosen}"]`).check());
  assert.deepEqual(narrowed.body.filter, filter);
  const asked = await ask({ image: body.image, filter });
  assert.equal(await count(page), asked.total.value);
  assert.ok(asked.total.value < answer.total.value);
  await beginsWith(page, asked);
  assert.equal(await page.locator('[data-field="platform"] .facet').count(), values.length, "the field's own counts stay open");
  const words = await asking(page, async () => {
    await page.getByLabel("By creators").fill("videos with 1k+ followers");
    await page.keyboard.press("Enter");
  });
  assert.deepEqual(words.body.weights, { picture: 0.5 });
  await page.locator(".chip.read", { hasText: "1k" }).waitFor();
  const heavier = await asking(page, () => page.getByLabel("Pictures against what creators say").fill("0.9"));
  assert.deepEqual(heavier.body.weights, { picture: 0.9 });
  assert.equal((await addressOf(page)).searchParams.get("weigh"), "0.9");
  const cleared = await asking(page, () => page.getByRole("button", { name: "Clear all" }).click());
  assert.equal(cleared.body.filter, undefined);
  clean(page);
});

test("like this, minus that", { skip }, async () => {
  const page = await world.page("/pictures");
  const plain = await pick(page, "like", await example(data.one));
  const { body, answer } = await pick(page, "lessLike", await example(data.other));
  assert.equal(body.image, plain.body.image);
  assert.match(body.minus.image, /^data:image\/jpeg/);
  await beginsWith(page, await ask({ image: body.image, minus: body.minus }));
  const likeOther = (page) => page.hits.find((one) => one.id === data.other.id)?.pictures[0].similarity ?? -1;
  assert.ok(likeOther(answer) < likeOther(await ask({ image: body.image, limit: 100 })), "it is less like that");
  clean(page);
});

test("words that cannot be read are told before and after, with what works", { skip }, async () => {
  if (data.readsWords) return;
  const page = await world.page("/pictures");
  await page.locator(".status-line").waitFor();
  assert.ok(await page.getByLabel("Pictures like this").isDisabled());
  assert.match(await page.locator(".status-line").innerText(), /examples? works?, words do not.*creatordex model pull clip-vit-base-patch32/s);
  const refused = await world.page(`/pictures?shows=a+red+dress&like=${data.one.pictures[0].sha256}`);
  assert.match(await refused.locator(".note").innerText(), /Words cannot be compared.*creatordex model pull clip-vit-base-patch32/s);
  const { body } = await asking(refused, () => refused.getByRole("button", { name: "Go on without the words" }).click());
  assert.equal(body.text, undefined);
  assert.equal((await ids(refused))[0], data.one.id);
  clean(page);
  clean(refused, noPlace);
});

test("words and example are weighed by the slider", { skip }, async () => {
  // Only the model is pretended: the question goes to the real server without its words where it reads none.
  let sent;
  const page = await world.page(`/pictures?shows=sea&like=${data.one.pictures[0].sha256}&mix=0.2`, {
    before: async (one) => {
      await one.route("**/v1/status", async (route) => {
        const response = await route.fetch();
        const body = await response.json();
        await route.fulfill({ response, json: { ...body, pictures: { ...body.pictures, reads_words: true } } });
      });
      await one.route("**/v1/images/search", (route) => {
        const asked = route.request().postDataJSON();
        if (asked.limit > 1) sent = asked;
        const { text, ...rest } = asked;
        if (rest.minus?.text) delete rest.minus;
        return route.continue({ postData: JSON.stringify(data.readsWords ? asked : rest) });
      });
    },
  });
  assert.deepEqual(sent.weights, { text: 0.4, image: 1 });
  await asking(page, () => page.getByLabel("Words against the example").fill("0.75"));
  assert.equal(sent.text, "sea");
  assert.deepEqual(sent.weights, { text: 1, image: 0.5 });
  assert.equal((await addressOf(page)).searchParams.get("mix"), "0.75");
  await asking(page, () => page.getByLabel("Less like this").and(page.locator("input[type=text]")).fill("snow"));
  assert.deepEqual(sent.minus, { text: "snow" });
  clean(page);
});

test("a picture that is pasted into the search box or dropped on the page opens the place", { skip }, async () => {
  const file = await example(data.one);
  const pasted = await world.page("/?platform=youtube");
  const { body } = await asking(pasted, async () => assert.ok(await give(pasted, "#q", "paste", file)));
  assert.equal((await addressOf(pasted)).pathname, "/pictures");
  assert.deepEqual(body.filter, { all: [{ field: "platform", in: ["youtube"] }] }, "what was asked of creators stays");
  const dropped = await world.page("/match", { wait: ".brief-form" });
  const there = await asking(dropped, () => give(dropped, ".brief-form", "drop", file));
  assert.equal(there.answer.hits[0].id, data.one.id);
  const less = await asking(dropped, async () => give(dropped, '[data-slot="lessLike"]', "drop", await example(data.other)));
  assert.ok(less.body.image && less.body.minus.image, "each slot takes its own");
  const text = await world.page("/");
  await give(text, "#q", "drop", { name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("no picture") });
  await text.locator(".field-error[role=alert]").waitFor();
  assert.match(await text.locator(".field-error").innerText(), /not a picture/);
  const broken = await world.page("/pictures");
  await give(broken, ".scroller", "drop", { name: "broken.png", mimeType: "image/png", buffer: png(40, 40, () => [9, 9, 9]).subarray(0, 60) });
  await broken.locator(".note.error").waitFor();
  assert.match(await broken.locator(".note.error").innerText(), /\/image/, "the server says what it could not read");
  for (const page of [pasted, dropped, text]) clean(page);
  clean(broken, [...noPlace, /ERR_INVALID|decode/]);
});

test("the grid grows while it is scrolled, and pictures come when they are near", { skip }, async () => {
  const fetched = new Set();
  const page = await world.page("/pictures", {
    before: (one) => one.on("request", (request) => request.url().includes("/thumbnail") && fetched.add(request.url())),
  });
  await page.locator(".picture-start img").first().waitFor();
  fetched.clear();
  const { answer } = await pick(page, "like", await example(data.one));
  assert.ok(answer.next_cursor, "there is a second page");
  assert.ok((await tiles(page).count()) < answer.total.value, "not all at once");
  const sizes = await tiles(page).evaluateAll((all) => all.map((one) => one.querySelector(".tile-picture").getBoundingClientRect()).map((box) => Math.abs(box.width - box.height)));
  assert.ok(Math.max(...sizes) < 1.5, "room is kept before a picture is there");
  const early = fetched.size;
  const shown = answer.hits.reduce((sum, one) => sum + Math.min(4, one.pictures.length), 0);
  assert.ok(early < shown, `${early} of ${shown} pictures of the first page alone were fetched before anybody scrolled`);
  const toEnd = () => page.locator(".scroller").evaluate((one) => one.scrollTo(0, one.scrollHeight));
  for (let i = 0; i < 100 && (await tiles(page).count()) < answer.total.value; i++) {
    await toEnd();
    await page.waitForTimeout(50);
  }
  await toEnd();
  const all = await ids(page);
  assert.equal(new Set(all).size, answer.total.value);
  await page.waitForFunction(() => [...document.querySelectorAll(".tile:last-child .thumbnail")].every((one) => one.classList.contains("there")));
  assert.equal(await page.locator(".thumbnail.gone").count(), 0);
  clean(page);
});

test("a picture that is under way is stood in for by its colours, where they are told", { skip }, async () => {
  let release;
  const held = new Promise((done) => (release = done));
  const page = await world.page(`/pictures?like=${data.one.pictures[0].sha256}`, {
    before: async (one) => {
      await one.route("**/v1/images/search", async (route) => {
        const response = await route.fetch();
        const body = await response.json();
        body.hits.forEach((hit, i) => hit.pictures.forEach((picture) => (picture.blur = i === 1 ? null : "c81e1e".repeat(8) + "1e1ec8".repeat(8))));
        await route.fulfill({ response, json: body });
      });
      await one.route("**/thumbnail", async (route) => {
        if (route.request().resourceType() === "image") await held;
        await route.continue();
      });
    },
  });
  const first = tiles(page).first().locator(".tile-picture");
  const colours = await first.locator("canvas.blur").evaluate((one) => [0, 3].map((y) => [...one.getContext("2d").getImageData(0, y, 1, 1).data]));
  assert.deepEqual(colours, [[200, 30, 30, 255], [30, 30, 200, 255]]);
  assert.equal(await tiles(page).nth(1).locator("canvas").count(), 0);
  const before = await first.boundingBox();
  release();
  await first.locator(".thumbnail.there").waitFor();
  assert.equal(await first.locator("canvas").count(), 0);
  assert.deepEqual(await first.boundingBox(), before, "nothing moved");
  clean(page);
});

test("copies are marked with who showed them first", { skip }, async () => {
  const owners = new Map();
  for (const hit of data.withPictures) for (const { sha256 } of hit.pictures) owners.set(sha256, [...(owners.get(sha256) ?? []), hit]);
  const [sha256, both] = [...owners].find(([, all]) => all.length > 1);
  const page = await world.page(`/pictures?like=${sha256}`);
  const [first, second] = await ids(page);
  assert.deepEqual([first, second].sort(), both.map((one) => one.id).sort());
  const said = tiles(page).nth(1).locator(".same");
  assert.equal(await said.innerText(), `same picture as @${both.find((one) => one.id === first).handle}`);
  assert.equal(await tiles(page).nth(0).locator(".same").count(), 0);
  await said.locator("a").click();
  await page.locator(".detail .account").first().waitFor();
  assert.equal((await addressOf(page)).searchParams.get("creator"), first);
  clean(page);
});

test("a creator's pictures lead to pictures like them", { skip }, async () => {
  const who = data.withPictures.find((one) => one.pictures.length > 1);
  const full = await world.api(`/v1/creators/${who.id}`);
  const page = await world.page(`/creator/${who.id}`);
  const strip = page.locator('[data-title="Pictures"] .strip > li');
  await strip.first().waitFor();
  assert.equal(await strip.count(), full.pictures.length);
  const { sha256 } = full.pictures[1];
  const { body } = await asking(page, () => strip.nth(1).getByRole("link", { name: /Find like this/ }).click());
  assert.equal((await addressOf(page)).search, `?like=${sha256}`);
  assert.equal(Buffer.from(body.image.split(",")[1], "base64").compare(await bytesOf(sha256)), 0, "the picture this server knows is the example");
  assert.equal((await ids(page))[0], who.id);
  await page.goBack();
  await strip.first().waitFor();
  clean(page);
});

test("all of it by keyboard", { skip }, async () => {
  const page = await world.page();
  const chooser = new Promise((done) => page.on("filechooser", done)); // listened for early: a key is faster than that
  await page.locator("body").press("p");
  await page.locator(".picture-start").waitFor();
  const choose = page.getByRole("button", { name: "Like this: choose a picture", exact: true });
  for (let i = 0; i < 12 && !(await choose.evaluate((one) => one === document.activeElement)); i++) await page.keyboard.press("Tab");
  assert.ok(await choose.evaluate((one) => one === document.activeElement), `the focus is at ${await page.evaluate(() => document.activeElement?.outerHTML.slice(0, 200))}`);
  await page.keyboard.press("Enter");
  const file = await example(data.one);
  await asking(page, async () => (await chooser).setFiles(file));
  await page.keyboard.press("ArrowDown");
  await page.waitForFunction(() => document.activeElement?.classList.contains("hit-name"));
  await page.keyboard.press("Enter");
  await page.locator(".detail .account").first().waitFor();
  const [first, second] = await ids(page);
  assert.equal((await addressOf(page)).searchParams.get("creator"), first);
  await page.keyboard.press("ArrowDown");
  await page.waitForURL(`**creator=${second}**`);
  await page.keyboard.press("Escape");
  await page.locator(".detail").waitFor({ state: "detached" });
  await page.keyboard.press("c");
  await page.locator(".tray .chip").waitFor();
  await page.keyboard.press("h");
  await page.locator(".hit.away").waitFor();
  clean(page);
});

test("the figures of the service are those of the API, and grow", { skip }, async () => {
  const page = await world.page("/activity", { wait: ".activity-table" });
  const cell = (kind, column) => page.locator(".activity-table tbody tr", { hasText: kind }).locator("td").nth(column);
  const kindOf = (figures) => figures.by_kind.find((one) => one.kind === "picture_example");
  const before = Number((await cell("Pictures by example", 0).innerText()).replace(/\D/g, ""));
  assert.ok(before > 0);
  const image = `data:image/png;base64,${sunset(60, 40).toString("base64")}`;
  await ask({ image });
  await ask({ image, filter: { field: "followers", gte: 9e15 } });
  const now = await world.api("/v1/analytics");
  assert.equal(kindOf(now).asked, before + 2);
  await page.waitForFunction((asked) => [...document.querySelectorAll(".activity-table tbody tr")].some((row) => row.textContent.includes("Pictures by example") && row.querySelector("td").textContent === asked), (before + 2).toLocaleString("en-US"), { timeout: 15_000 });
  assert.match(await cell("Pictures by example", 1).locator("[title]").getAttribute("title"), new RegExp(`^${kindOf(now).without_hits} of ${kindOf(now).asked} `));
  await page.locator(".latency-plot canvas").waitFor();
  const facts = await page.locator(".activity-facts").innerText();
  for (const value of [now.index.creators, now.pictures.total]) assert.ok(facts.includes(value.toLocaleString("en-US")), facts);
  await page.goto(`${world.url}/`);
  await ready(page);
  await page.getByRole("link", { name: "Activity" }).first().click();
  await page.locator(".activity-table").waitFor();
  clean(page);
});

test("what strangers wrote about pictures is never HTML, and leads only where it may", { skip }, async () => {
  const evil = '<img src=x onerror="document.title=1">';
  const stranger = (picture) => ({ ...picture, caption: evil, url: "javascript:document.title=1", thumbnail: picture.thumbnail });
  const spoil = async (route) => {
    const response = await route.fetch();
    const body = await response.json();
    if (body.hits) body.hits = body.hits.map((hit) => ({ ...hit, name: evil, handle: evil, pictures: hit.pictures.map(stranger) }));
    else body.pictures = body.pictures.map(stranger);
    await route.fulfill({ response, json: body });
  };
  const page = await world.page(`/pictures?like=${data.one.pictures[0].sha256}`, {
    before: async (one) => {
      await one.route("**/v1/images/search", spoil);
      await one.route(`**/v1/creators/${data.one.id}`, spoil);
    },
  });
  assert.equal(await tiles(page).first().locator("img").first().getAttribute("alt"), `${evil}: ${evil}`);
  await page.locator(".hit-name").first().click();
  await page.locator(".detail .strip li").first().waitFor();
  assert.equal(await page.locator('a[href^="javascript:"], [onerror]').count(), 0);
  assert.equal(await page.locator(".detail .strip-actions a").count(), data.one.pictures.length, "no way to the source");
  assert.notEqual(await page.title(), "1");
  clean(page);
});

test("a picture that cannot be shown leaves its place", { skip }, async () => {
  const page = await world.page(`/pictures?like=${data.one.pictures[0].sha256}`, {
    before: (one) => one.route("**/thumbnail", (route) => (route.request().resourceType() === "image" ? route.abort() : route.continue())),
  });
  await tiles(page).first().locator(".thumbnail-none").first().waitFor();
  const box = await tiles(page).first().locator(".tile-picture").boundingBox();
  assert.ok(Math.abs(box.width - box.height) < 1.5);
  clean(page, [/ERR_FAILED/]);
});

for (const scheme of ["light", "dark"]) {
  test(`contrast is AA, ${scheme}`, { skip }, async () => {
    const page = await world.page(`/pictures?like=${data.one.pictures[0].sha256}&q=videos`, { scheme });
    await tiles(page).first().hover();
    const found = await page.evaluate(lowContrast);
    assert.ok(found.looked > 60, `only ${found.looked} texts were looked at`);
    assert.deepEqual(found.low, []);
    for (const path of ["/pictures", "/activity"]) {
      const other = await world.page(path, { scheme, wait: ".picture-start, .activity-table" });
      assert.deepEqual((await other.evaluate(lowContrast)).low, []);
      clean(other);
    }
    clean(page);
  });
}

for (const [width, height] of [[1440, 900], [1024, 768], [390, 844]]) {
  for (const scheme of ["light", "dark"]) {
    test(`screenshots at ${width}, ${scheme}`, { skip }, async () => {
      const at = `${width}-${scheme}`;
      const page = await world.page("/pictures", { width, height, scheme });
      await page.locator(".picture-start img").first().waitFor();
      await page.waitForFunction(() => document.querySelectorAll(".thumbnail.wait").length === 0);
      await shoot(page, `pictures-start-${at}`);
      await pick(page, "like", { name: "sunset.png", mimeType: "image/png", buffer: sunset(600, 400) });
      const seen = () => page.waitForFunction(() => [...document.querySelectorAll(".thumbnail.wait")].every((one) => one.getBoundingClientRect().top > innerHeight || one.getBoundingClientRect().width === 0));
      await seen();
      await tiles(page).nth(1).hover();
      await shoot(page, `pictures-grid-${at}`);
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth && document.scrollingElement.scrollTop === 0), true);
      if (width === 390) await page.getByRole("button", { name: /Less like, and by whom/ }).click();
      await pick(page, "lessLike", await example(data.other));
      await asking(page, async () => {
        await page.getByLabel("By creators").fill("videos with 1k+ followers");
        await page.keyboard.press("Enter");
      });
      await seen();
      await shoot(page, `pictures-mixed-${at}`);
      await page.locator(".hit-name").first().click();
      await page.locator(".detail .strip img").first().waitFor();
      await shoot(page, `pictures-creator-${at}`);
      const refused = await world.page("/pictures?shows=a+red+dress+on+a+beach", { width, height, scheme });
      await shoot(refused, `pictures-words-${at}`);
      const activity = await world.page("/activity", { width, height, scheme, wait: ".activity-table" });
      await activity.locator(".latency-plot canvas").waitFor();
      await shoot(activity, `activity-${at}`);
      assert.equal(await activity.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);
      for (const one of [page, activity]) clean(one);
      clean(refused, noPlace);
    });
  }
}
