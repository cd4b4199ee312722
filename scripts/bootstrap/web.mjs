import { createHash } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { alone } from "./lock.mjs";
import { say, Stop } from "./messages.mjs";
import { run } from "./npm.mjs";
import { exists, root } from "./root.mjs";

const web = join(root, "web");
const stampFile = join(web, "dist/.kinora-stamp");

/** Builds the web app unless what it is made of is what it was. */
export async function provideWeb(node) {
  const stamp = await inputs();
  if ((await built()) === stamp) return;
  await alone(async () => {
    const last = await built();
    if (last === stamp) return;
    const began = Date.now();
    say(last === "" ? "building the web app, once" : "building the web app, because it changed");
    const vite = join(root, "node_modules/vite/bin/vite.js");
    const env = { ...process.env, NO_COLOR: "1" };
    const { code, output } = await run(node, [vite, "build", "--logLevel", "warn"], { cwd: web, env });
    if (code !== 0) {
      process.stderr.write(output);
      if (!(await exists(join(web, "dist/index.html")))) throw new Stop("the web app could not be built, see above");
      say("the web app could not be built, see above; going on with the one built before");
      return;
    }
    await writeFile(stampFile, stamp);
    say(`the web app is ready after ${Math.round((Date.now() - began) / 100) / 10} s`);
  });
}

/** One number for the contents of everything the build reads. */
async function inputs() {
  const hash = createHash("sha256");
  const folders = [web, join(root, "sdk"), join(root, "api")];
  const files = [...(await Promise.all(folders.map(filesIn))).flat(), join(root, "package-lock.json")];
  for (const file of files) hash.update(`${relative(root, file)}\0`).update(await readFile(file));
  return hash.digest("hex");
}

async function filesIn(folder) {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const files = [];
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    if (["dist", "node_modules"].includes(entry.name) || /\.test\.tsx?$/.test(entry.name)) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) files.push(...(await filesIn(path)));
    else files.push(path);
  }
  return files;
}

async function built() {
  return (await exists(join(web, "dist/index.html"))) ? readFile(stampFile, "utf8").catch(() => "") : "";
}
