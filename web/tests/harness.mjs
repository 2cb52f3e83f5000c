// A browser, a server to look at, and what every test wants to know of a page: errors, foreign hosts, broken policy.
import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { startMock } from "../mock/server.mjs";

const flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const browserPath = process.env.CREATORDEX_CHROMIUM ?? "/usr/bin/chromium";
export const shots = process.env.CREATORDEX_SHOTS ?? fileURLToPath(new URL("../test-results", import.meta.url));

export class World {
  static async open() {
    const world = new World();
    world.real = process.env.CREATORDEX_URL?.replace(/\/$/, "") ?? null;
    if (!world.real) {
      const dist = fileURLToPath(new URL("../dist/index.html", import.meta.url));
      assert.ok(existsSync(dist), "the page is not built: run `npm run build` first");
      world.mock = await startMock();
    }
    world.url = world.real ?? world.mock.url;
    world.profile = mkdtempSync(join(tmpdir(), "creatordex-page-"));
    mkdirSync(shots, { recursive: true });
    world.browser = await chromium.launch({ executablePath: browserPath, args: [...flags, `--disk-cache-dir=${world.profile}`] });
    return world;
  }

  async close() {
    await this.browser?.close();
    await this.mock?.stop();
    if (this.profile) rmSync(this.profile, { recursive: true, force: true });
  }

  /** A fresh page in a fresh profile; `faults` gathers what must not happen. */
  async page(path = "/", options = {}) {
    const { width = 1440, height = 900, scheme = "light", url = this.url, before, wait, ...rest } = options;
    const context = await this.browser.newContext({ viewport: { width, height }, colorScheme: scheme, ...rest });
    const page = await context.newPage();
    const faults = [];
    page.on("pageerror", (error) => faults.push(`error: ${error.message}`));
    page.on("console", (message) => message.type() === "error" && faults.push(`console: ${message.text()}`));
    page.on("request", (request) => {
      if (!request.url().startsWith(url) && !request.url().startsWith("data:")) faults.push(`foreign host: ${request.url()}`);
    });
    await page.addInitScript(() => {
      addEventListener("securitypolicyviolation", (event) => console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`));
    });
    page.faults = faults;
    if (before) await before(page);
    await page.goto(url + path);
    if (wait) await page.locator(wait).first().waitFor();
    else await ready(page);
    return page;
  }

  async api(path, body) {
    const init = body === undefined ? {} : { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
    const response = await fetch(this.url + path, init);
    assert.ok(response.ok, `${path} answered ${response.status}: ${await response.clone().text()}`);
    return response.json();
  }

  search(body) {
    return this.api("/v1/creators/search", body);
  }
}

/** Waits until the page shows the answer to what its address asks. */
export async function ready(page) {
  await page.waitForSelector('.scroller[aria-busy="false"] :is(.hit:not(.bones), .note)');
}

/** Does something that makes the page search, and waits for what comes of it. */
export async function searching(page, act) {
  const answered = page.waitForResponse((response) => {
    const request = response.request();
    if (!request.url().endsWith("/v1/creators/search") || request.method() !== "POST") return false;
    return (request.postDataJSON()?.limit ?? 0) > 1;
  });
  await act();
  await answered;
  await page.waitForFunction(() => document.querySelector(".scroller")?.getAttribute("aria-busy") === "false");
  await ready(page);
}

export async function count(page) {
  return Number((await page.locator(".count").innerText()).replace(/\D/g, ""));
}

export function ids(page) {
  return page.locator(".hit[data-id]").evaluateAll((all) => all.map((one) => one.dataset.id));
}

export function query(page) {
  return new URL(page.url()).searchParams;
}

/** The address as the page itself has it: the browser tells us of a change a moment later. */
export async function addressOf(page) {
  return new URL(await page.evaluate(() => location.href));
}

/** The page did nothing it must not: no error, no foreign host, no broken policy. */
export function clean(page, expected = []) {
  const left = page.faults.filter((fault) => !expected.some((one) => one.test(fault)));
  assert.deepEqual(left, []);
}

export async function shoot(page, name) {
  await page.evaluate(() => document.fonts.ready);
  await page.screenshot({ path: join(shots, `${name}.png`) });
}
