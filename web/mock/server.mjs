// A stand-in for the server, for working on the page alone: docs/api.md over made-up creators.
//   node mock/server.mjs [--port N] [--creators N] [--embedded DONE/TOTAL] [--no-model] [--delay MS]
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { makeCreators } from "./data.mjs";
import { Matching, profiles } from "./match.mjs";
import { Invalid, search, similar, suggest } from "./search.mjs";

const dist = fileURLToPath(new URL("../dist/", import.meta.url));
const types = { ".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml" };
export const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

export function startMock(options = {}) {
  const creators = makeCreators(options.creators ?? 60);
  const byId = new Map(creators.map((c) => [c.id, c]));
  const embedded = { done: 1800, total: 1800, model: "all-minilm-l6-v2", ready: true, ...options.embedded };
  const state = { delay: options.delay ?? 0 };
  const matching = new Matching();
  let count = 0;

  function json(response, status, body, type = "application/json") {
    const id = `req_${(++count).toString(36).padStart(6, "0")}`;
    const text = JSON.stringify({ ...body, request_id: id });
    response.writeHead(status, { "Content-Type": type, "X-Request-Id": id, "Cache-Control": "no-store" });
    response.end(text);
  }
  function problem(response, status, title, detail, path, errors = []) {
    const body = { type: "https://creatordex.dev/problems/invalid-request", title, status, detail, instance: path, errors };
    json(response, status, body, "application/problem+json");
  }
  async function page(response, path) {
    const name = extname(path) === "" ? "index.html" : normalize(path).replace(/^(\.\.[/\\])+/, "");
    try {
      const bytes = await readFile(join(dist, name));
      response.writeHead(200, {
        "Content-Type": types[extname(name)] ?? "application/octet-stream",
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": name.startsWith("/assets/") ? "public, max-age=31536000, immutable" : "no-cache",
      });
      response.end(bytes);
    } catch {
      problem(response, 404, "Not found", "there is no such file", path);
    }
  }
  async function body(request) {
    const parts = [];
    for await (const part of request) parts.push(part);
    return JSON.parse(Buffer.concat(parts).toString() || "{}");
  }
  async function answer(request, response) {
    const url = new URL(request.url, "http://mock");
    const path = url.pathname;
    if (!path.startsWith("/v1/")) return page(response, path);
    if (state.delay) await new Promise((done) => setTimeout(done, state.delay));
    const number = (name, otherwise) => Number(url.searchParams.get(name) ?? otherwise);
    if (path === "/v1/creators/search") return json(response, 200, { ...search(creators, await body(request)), question_id: matching.ask(path) });
    if (path === "/v1/match") return json(response, 200, matching.match(creators, await body(request)));
    if (path === "/v1/match/plan") return json(response, 200, matching.plan(creators, await body(request)));
    if (path === "/v1/profiles") return json(response, 200, profiles);
    if (path === "/v1/campaigns") return json(response, 200, matching.list(number("limit", 20), number("skip", 0)));
    if (path === "/v1/events") {
      matching.event(await body(request));
      response.writeHead(204).end();
      return;
    }
    if (path.startsWith("/v1/campaigns/") && path.endsWith("/history")) {
      const [id, creator] = [path.split("/")[3], path.split("/")[5]].map(decodeURIComponent);
      return json(response, 200, matching.history(id, creator));
    }
    if (path.startsWith("/v1/campaigns/") && path.endsWith("/matches")) {
      const kept = matching.kept(decodeURIComponent(path.split("/")[3]), number("skip", 0), number("limit", 20));
      return kept ? json(response, 200, kept) : problem(response, 404, "Not found", "There is no campaign of this id.", path);
    }
    if (path.startsWith("/v1/campaigns/") && request.method === "DELETE") {
      matching.forget(decodeURIComponent(path.slice("/v1/campaigns/".length)));
      response.writeHead(204).end();
      return;
    }
    if (path.startsWith("/v1/campaigns/")) {
      const found = matching.campaign(decodeURIComponent(path.slice("/v1/campaigns/".length)));
      return found ? json(response, 200, found) : problem(response, 404, "Not found", "There is no campaign of this id.", path);
    }
    if (path === "/v1/suggest") return json(response, 200, suggest(creators, url.searchParams.get("q") ?? "", number("limit", 8)));
    if (path === "/v1/status") {
      return json(response, 200, { creators: creators.length, indexed: creators.length, embedded, revision: 40, index_generation: 12, version: "0.1.0" });
    }
    const match = /^\/v1\/creators\/([^/]+)(\/similar)?$/.exec(path);
    const found = match ? byId.get(decodeURIComponent(match[1])) : undefined;
    if (!found) return problem(response, 404, "Not found", "there is no creator with this id", path);
    if (match[2]) return json(response, 200, similar(creators, found.id, number("limit", 10)));
    const { bio, ...full } = found;
    return json(response, 200, full);
  }
  const server = createServer((request, response) => {
    answer(request, response).catch((error) => {
      const known = error instanceof Invalid;
      const errors = known && error.status !== 404 ? [{ pointer: error.pointer, code: error.code, detail: error.message }] : [];
      problem(response, known ? error.status : 500, known ? "Invalid request" : "Internal error", error.message, request.url, errors);
    });
  });
  return new Promise((done) => {
    server.listen(options.port ?? 0, "127.0.0.1", () => {
      const url = `http://127.0.0.1:${server.address().port}`;
      const stop = () => new Promise((stopped) => {
        server.close(stopped);
        server.closeAllConnections();
      });
      done({ url, stop, state, embedded, matching });
    });
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({ options: { port: { type: "string" }, creators: { type: "string" }, embedded: { type: "string" }, "no-model": { type: "boolean" }, delay: { type: "string" } } });
  const [done, total] = (values.embedded ?? "1800/1800").split("/").map(Number);
  const mock = await startMock({
    port: Number(values.port ?? 8000), creators: Number(values.creators ?? 60), delay: Number(values.delay ?? 0),
    embedded: { done, total, ...(values["no-model"] ? { ready: false, model: null } : {}) },
  });
  console.log(`mock server at ${mock.url}`);
}
