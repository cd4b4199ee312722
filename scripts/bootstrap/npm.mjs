import { spawn } from "node:child_process";
import { constants } from "node:fs";
import { access, mkdir } from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { say, Stop } from "./messages.mjs";
import { cache } from "./root.mjs";

const outputBytesKept = 20_000;

/** Runs npm in a folder; throws a {@link Stop} that says in plain words what was in the way. */
export async function npm(cwd, args) {
  const [program, first] = npmProgram();
  const { code, output } = await run(program, [...first, ...args], { cwd, env: await npmEnvironment() });
  if (code === 0) return;
  const reason = reasons.find(([pattern]) => pattern.test(output))?.[1] ?? "npm failed, see above";
  process.stderr.write(output.endsWith("\n") || output === "" ? output : `${output}\n`);
  throw new Stop(`${reason} (npm ${args.join(" ")})`);
}

const reasons = [
  [/ENOSPC|EDQUOT/, "there is no space left on the disk"],
  [
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ENOTCACHED|network/i,
    "the package registry cannot be reached; the first start needs a network, later ones do not",
  ],
  [/EINTEGRITY/, "a package is not the one the lockfile names: clear npm's cache, then try again"],
  [/EACCES|EPERM|EROFS/, "a folder cannot be written: make it writable, or start as the user who owns it"],
  [/spawn .*ENOENT/, "npm was not found: install Node with npm, or put npm on PATH"],
];

/** The npm that runs us, by the Node that runs it: ours may be replaced under it. */
function npmProgram() {
  const { npm_execpath: script, npm_node_execpath: node } = process.env;
  if (script?.endsWith(".js") && node !== undefined && !node.includes("node_modules")) return [node, [script]];
  return ["npm", []];
}

const inherited =
  /^npm_(?:package_|lifecycle_|command$|config_(?:ignore_scripts|workspaces?|include|omit|production|global|prefix|local_prefix|dry_run)$)/;

let isTold = false;
/** Without the settings of the npm above us, which would be taken for this one's. */
async function npmEnvironment() {
  const kept = Object.entries(process.env).filter(([name]) => !inherited.test(name));
  const env = Object.fromEntries(kept);
  env.PATH = (env.PATH ?? "")
    .split(delimiter)
    .filter((part) => !part.includes("node_modules"))
    .join(delimiter);
  const usual = env.npm_config_cache ?? join(homedir(), ".npm");
  if (await isWritable(usual)) return env;
  const instead = join(cache, "npm-cache");
  if (!isTold) say(`the home folder cannot be written (${usual}), so packages are kept in ${instead}`);
  isTold = true;
  return { ...env, npm_config_cache: instead, npm_config_logs_max: "0" };
}

const isWritable = (folder) =>
  mkdir(folder, { recursive: true })
    .then(() => access(folder, constants.W_OK | constants.X_OK))
    .then(
      () => true,
      () => false,
    );

/** Runs a program to its end; keeps the end of what it said. A program that cannot be run has code 127. */
export function run(program, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    const keep = (chunk) => {
      output = (output + chunk).slice(-outputBytesKept);
    };
    child.stdout.setEncoding("utf8").on("data", keep);
    child.stderr.setEncoding("utf8").on("data", keep);
    child.once("error", (error) => resolve({ code: 127, output: `${output}${error.message}\n` }));
    child.once("close", (code) => resolve({ code, output }));
  });
}
