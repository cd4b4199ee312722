import { execFileSync } from "node:child_process";
import { copyFile, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import packageJson from "../package.json" with { type: "json" };

/*
 * Writes the client package into sdk/dist, as it is published: the sources as ESM with their types, and a package.json
 * with the version of the repository.
 */
const root = join(import.meta.dirname, "..");
const sdk = join(root, "sdk");
const dist = join(sdk, "dist");
const { version } = packageJson;

await rm(dist, { recursive: true, force: true });
execFileSync(join(root, "node_modules/.bin/tsc"), ["-p", join(sdk, "tsconfig.build.json")], { stdio: "inherit" });
const { name, description, license, type, sideEffects, engines } = JSON.parse(
  await readFile(join(sdk, "package.json"), "utf8"),
) as Record<string, unknown>; // npm's file.
const exports = { ".": { types: "./index.d.ts", default: "./index.js" } };
const published = { name, version, description, license, type, sideEffects, engines, exports };
await writeFile(join(dist, "package.json"), `${JSON.stringify(published, null, 2)}\n`);
await copyFile(join(root, "LICENSE"), join(dist, "LICENSE"));
await copyFile(join(root, "docs/sdk.md"), join(dist, "README.md"));
console.log(`${String(name)} ${version} is in sdk/dist`);
