export type { Say } from "./say.ts";
import type { Say } from "./say.ts";
import { mkdir, mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { binariesFor } from "./binaries.ts";
import { dataMajor, dataOwner, initialise, syncFolder } from "./cluster.ts";
import { fromSystem, PostgresError } from "./error.ts";
import { disguise } from "./disguise.ts";
import { type FolderLock, lockFolder } from "./folder-lock.ts";
import { supervise } from "./supervisor.ts";
import { endOrphan } from "./orphan.ts";
import { type Exit, launch, settingsFor } from "./postmaster.ts";

export { PostgresError, type PostgresReason } from "./error.ts";
export { type Exit, socketOf } from "./postmaster.ts";

/**
 * A running PostgreSQL that ends with this object, and with this process however that dies. If it ends on its own, it
 * is restarted: three times within a minute, and after a full disk when there is space.
 */
export interface Postgres {
  /** Folder of the unix socket, to be used as `host`; it may lie outside the data folder. */
  readonly socket: string;
  readonly user: "kinora";
  readonly pid: number;
  /** The server's major version. */
  readonly major: number;
  /** Settles when the server has ended finally, for whatever reason. */
  readonly exited: Promise<Exit>;
  /** Fast shutdown: clients are cut, a checkpoint is written. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** `sun_path` of unix(7) less its closing zero; PostgreSQL refuses to start beyond it. */
const socketPathBytesMax = 107;

/**
 * Starts PostgreSQL on `folder`/postgres, making the cluster on the first start. It listens on a unix socket that only
 * this user can reach. `settings` override postgresql.conf by name; `say` is called for everything that was repaired.
 * Call it from the main thread: the server ends when the thread that made it does.
 *
 * @throws {PostgresError} whose `reason` says what stands in the way.
 */
export async function startPostgres(
  folder: string,
  settings: Readonly<Record<string, string>> = {},
  say: Say = () => {},
): Promise<Postgres> {
  try {
    return await start(folder, settings, say);
  } catch (error) {
    throw fromSystem(error, folder);
  }
}

/**
 * The right to use `path`, made where it is missing, for a process that keeps its tables elsewhere; {@link startPostgres}
 * takes the same by itself.
 *
 * @throws {PostgresError} `in_use` while another process has it, `read_only` where it cannot be taken.
 */
export async function holdFolder(path: string, say: Say): Promise<FolderLock> {
  try {
    return (await holdData(path, say)).hold;
  } catch (error) {
    throw fromSystem(error, path);
  }
}

async function holdData(path: string, say: Say): Promise<{ folder: string; hold: FolderLock }> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  const folder = await realpath(path);
  return { folder, hold: await lockFolder(join(folder, "postgres.lock"), say) };
}

async function start(path: string, settings: Readonly<Record<string, string>>, say: Say): Promise<Postgres> {
  const { folder, hold } = await holdData(path, say);
  const data = join(folder, "postgres");
  try {
    const major = await dataMajor(data);
    const binaries = await binariesFor(major, say);
    const as = await disguise(await dataOwner(data));
    await as.open(folder);
    if (major === undefined) await initialise(data, binaries, as, { durable: settings["fsync"] !== "off", say });
    else await endOrphan(data, say);
    const socket = await socketFolder(folder, hold);
    await as.give(socket);
    const wishes = settingsFor(binaries.major, socket, settings);
    const server = await supervise(() => launch(binaries, data, as, wishes, say), { data, say });
    return {
      socket,
      user: "kinora",
      get pid() {
        return server.pid;
      },
      major: binaries.major,
      exited: server.exited,
      async [Symbol.asyncDispose]() {
        await server.stop();
        await hold.release();
      },
    };
  } catch (error) {
    await hold.release();
    throw error;
  }
}

/** Beside the data where the path is short enough, else a private folder that the hold removes. */
async function socketFolder(folder: string, hold: FolderLock): Promise<string> {
  const near = join(folder, "postgres.socket");
  if (Buffer.byteLength(join(near, ".s.PGSQL.5432.lock")) <= socketPathBytesMax) {
    await rm(near, { recursive: true, force: true });
    await mkdir(near, { mode: 0o700 });
    await syncFolder(folder);
    return near;
  }
  const far = await mkdtemp(join(tmpdir(), "kinora-"));
  if (Buffer.byteLength(join(far, ".s.PGSQL.5432.lock")) > socketPathBytesMax) {
    await rm(far, { recursive: true });
    throw new PostgresError("failed", `the temporary folder ${tmpdir()} has too long a path for a unix socket`);
  }
  await hold.alsoRemove(far);
  return far;
}
