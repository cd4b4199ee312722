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
 * is recognised by its process number and the moment it began: in a container that is started again the numbers repeat.
 */
export async function alone(work, home = cache) {
  const folder = join(home, "lock");
  await mkdir(home, { recursive: true }).catch((error) => {
    throw new Stop(`cannot write in ${root} (${error.code}): make it writable, or start as the user who owns it`);
  });
  for (const until = Date.now() + waitMsMax; !(await tryTake(folder)); await sleep(200))
    if (Date.now() > until) throw new Stop(`another start is still preparing this folder; if not, remove ${folder}`);
  try {
    return await work();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

let isTold = false;
async function tryTake(folder) {
  try {
    await mkdir(folder);
    await writeFile(join(folder, "pid"), `${process.pid} ${await sinceOf(process.pid)}`.trim());
    return true;
  } catch (error) {
    if (error.code !== "EEXIST") throw new Stop(`cannot write in ${root} (${error.code})`);
  }
  const [number, since] = (await readFile(join(folder, "pid"), "utf8").catch(() => "0")).split(" ");
  const pid = Number(number);
  const { mtimeMs } = await stat(folder).catch(() => ({ mtimeMs: Date.now() }));
  const isDead = pid > 0 ? !(await isAlive(pid, since)) : Date.now() - mtimeMs > anonymousMsMax;
  if (isDead) await rm(folder, { recursive: true, force: true });
  else if (!isTold) {
    isTold = true;
    say(`waiting for process ${pid}, which prepares this folder`);
  }
  return false;
}

/** Whether the process that wrote the note is there; it is not this one, which would know. */
async function isAlive(pid, since) {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (error.code !== "EPERM") return false;
  }
  const now = await sinceOf(pid);
  return since === undefined || now === "" || now === since;
}

/** When a process began, in clock ticks: field 22 of proc(5) `stat`, after its name, which may hold blanks; or nothing. */
async function sinceOf(pid) {
  const text = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  return text.slice(text.lastIndexOf(")") + 2).split(" ")[19] ?? "";
}
