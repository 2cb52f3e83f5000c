// Runs the unit tests beside the sources: they are bundled for Node, which cannot read TypeScript everywhere yet.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const src = fileURLToPath(new URL("../src", import.meta.url));
const tests = readdirSync(src, { recursive: true }).filter((name) => name.endsWith(".test.ts")).map((name) => join(src, name));
if (tests.length === 0) throw new Error("no unit tests were found under src");
const out = mkdtempSync(join(tmpdir(), "creatordex-unit-"));
let status = 1;
try {
  await build({ entryPoints: tests, bundle: true, platform: "node", format: "esm", target: "node20", outdir: out, outExtension: { ".js": ".mjs" }, logLevel: "warning" });
  const built = readdirSync(out, { recursive: true }).filter((name) => name.endsWith(".mjs")).map((name) => join(out, name));
  status = spawnSync(process.execPath, ["--test", ...built], { stdio: "inherit" }).status ?? 1;
} finally {
  rmSync(out, { recursive: true, force: true });
}
process.exit(status);
