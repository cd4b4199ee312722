import { mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { say, Stop } from "./messages.mjs";
import { cache, root } from "./root.mjs";

const waitMsMax = 10 * 60_000;
/** A holder that has not yet written its number is given this long to do so. */
const anonymousMsMax = 5_000;

/**
 * Runs `work` while no other bootstrap of this checkout does: making a folder succeeds for one only. A holder that died
 * is recognised by its process number.
 */
export async function alone(work) {
  const folder = join(cache, "lock");
  await mkdir(cache, { recursive: true }).catch((error) => {
    throw new Stop(`cannot write in ${root} (${error.code}): make it writable, or start as the user who owns it`);
  });
  for (const until = Date.now() + waitMsMax; !(await taken(folder)); await sleep(200))
    if (Date.now() > until) throw new Stop(`another start is still preparing this folder; if not, remove ${folder}`);
  try {
    return await work();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

let isTold = false;
async function taken(folder) {
  try {
    await mkdir(folder);
    await writeFile(join(folder, "pid"), String(process.pid));
    return true;
  } catch (error) {
    if (error.code !== "EEXIST") throw new Stop(`cannot write in ${root} (${error.code})`);
  }
  const pid = Number(await readFile(join(folder, "pid"), "utf8").catch(() => "0"));
  const { mtimeMs } = await stat(folder).catch(() => ({ mtimeMs: Date.now() }));
  const isDead = pid > 0 ? !isAlive(pid) : Date.now() - mtimeMs > anonymousMsMax;
  if (isDead) await rm(folder, { recursive: true, force: true });
  else if (!isTold) {
    isTold = true;
    say(`waiting for process ${pid}, which prepares this folder`);
  }
  return false;
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}
