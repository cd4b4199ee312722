import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { glob, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { isNightly } from "../depth.ts";
import { Instance, type InstanceOptions } from "./instance.ts";
import { deleteKeys, settled } from "./tables.ts";
import { until } from "../until.ts";

const run = promisify(execFile);
const root = join(import.meta.dirname, "../..");
/** Lives as long as the run, so that its suites share what is in it. */
const runFolder = process.env["KINORA_TEST_RUN"] ?? tmpdir();
/** The demo videos on a busy machine. */
const madeWaitMs = 540_000;

/** The content of a template: that of a first start, or some of the demo videos and an administrator. */
export type Kind = "empty" | "demo";
/** The administrator of the demo. */
export const administrator = { username: "keeper", password: "blue bicycle" };

/**
 * A data folder on which a server was started and stopped once: a copy of one that is made once per run. The caller
 * removes it, or the instance that starts on it does. Each copy makes secrets and keys of its own.
 */
export async function templateCopy(kind: Kind = "empty"): Promise<string> {
  const template = await templateOf(kind);
  const copy = await mkdtemp(join(tmpdir(), "kinora-copy-"));
  await run("cp", ["-a", "--reflink=auto", `${template}/.`, copy]);
  return copy;
}

/** A server for tests whose subject is not its first start. */
export async function startOnTemplate(
  options: Omit<InstanceOptions, "data"> = {},
  kind: Kind = "empty",
): Promise<Instance> {
  return Instance.start({ ...options, data: await templateCopy(kind) });
}

const templates = new Map<Kind, Promise<string>>();

function templateOf(kind: Kind): Promise<string> {
  const template = templates.get(kind) ?? findOrMake(kind);
  templates.set(kind, template);
  return template;
}

async function findOrMake(kind: Kind): Promise<string> {
  const template = join(runFolder, `kinora-template-${kind}-${await sourceHash()}`);
  const lock = `${template}.lock`;
  const isFound = async () => {
    if (existsSync(template)) return true;
    if (!(await locked(lock))) return false;
    try {
      if (!existsSync(template)) await make(template, kind);
      return true;
    } finally {
      await rm(lock, { recursive: true });
    }
  };
  await until(isFound, { waitMs: madeWaitMs, said: () => `another process makes it: ${lock}` });
  return template;
}

/** Takes a lock, also that of a process that died. */
async function locked(lock: string): Promise<boolean> {
  try {
    await mkdir(lock);
    await writeFile(join(lock, "pid"), String(process.pid));
    return true;
  } catch {
    const holder = await readFile(join(lock, "pid"), "utf8").catch(() => "");
    if (holder !== "" && !existsSync(`/proc/${holder}`)) await rm(lock, { recursive: true, force: true });
    return false;
  }
}

async function make(template: string, kind: Kind): Promise<void> {
  const draft = await mkdtemp(join(runFolder, "kinora-draft-"));
  await using instance = await Instance.start({ data: draft, ...(kind === "demo" && demoOptions) });
  if (kind === "demo") {
    const isFilled = async () => (await demoCount(instance.url)) === demoVideos;
    await until(isFilled, { waitMs: madeWaitMs, said: () => instance.log.slice(-20).join("\n") });
    await settled(instance, madeWaitMs);
  }
  await deleteKeys(draft);
  assert.equal(await instance.stop(), 0);
  await rm(join(draft, "secrets"), { recursive: true });
  if (await isShutDown(draft)) await removeEmptyLog(draft);
  await rename(draft, template).catch((error: unknown) => {
    // Two may have taken the lock of one that died.
    if (!existsSync(template)) throw error;
  });
}

/** A machine so busy that the database was ended before its last checkpoint leaves a log that is still needed. */
async function isShutDown(folder: string): Promise<boolean> {
  // `state` of PostgreSQL's ControlFileData, after three numbers of 8, 4 and 4 bytes; DB_SHUTDOWNED is 1.
  return (await readFile(join(folder, "postgres/global/pg_control"))).readUInt32LE(16) === 1;
}

/** A stopped database needs the segment of its last checkpoint; the later ones are empty. */
async function removeEmptyLog(folder: string): Promise<void> {
  const wal = join(folder, "postgres/pg_wal");
  const [, ...empty] = (await readdir(wal)).filter((name) => /^[0-9A-F]{24}$/.test(name)).toSorted();
  for (const name of empty) await rm(join(wal, name));
}

/** A few of them: enough for lists, and soon made; all for the pictures of the documents. */
const demoVideos = process.env["SCREENSHOTS"] === "1" ? 24 : isNightly ? 6 : 4;
const demoOptions: InstanceOptions = {
  flags: ["--demo"],
  env: {
    KINORA_ADMIN_USERNAME: administrator.username,
    KINORA_ADMIN_PASSWORD: administrator.password,
    KINORA_RATE_LIMIT: "off",
    KINORA_DEMO_CLIPS: String(demoVideos),
  },
};

async function demoCount(url: string): Promise<number> {
  const answer = await fetch(`${url}/api/v1/recommend/feed?limit=50`);
  const { data } = (await answer.json()) as { data: { list: unknown[] } }; // The contract's own shape.
  return data.list.length;
}

/** A run by hand leaves its template behind; one of other tables or videos is not taken for it. */
async function sourceHash(): Promise<string> {
  const hash = createHash("sha256").update(String(demoVideos));
  const files = await Array.fromAsync(
    glob("{demo/**/*,src/{services/*/*migrations*,services/demo/*,policy/*,kernel/db/tables}}.ts", { cwd: root }),
  );
  for (const file of files.toSorted()) hash.update(await readFile(join(root, file)));
  return hash.digest("hex").slice(0, 12);
}
