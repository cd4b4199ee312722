import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePorts } from "../ports.ts";
import { until } from "../until.ts";
import { programsOfSystem, runProgram, Server, startServer } from "./postgres.ts";

/** A primary and a streaming standby of it. */
export interface Replication extends AsyncDisposable {
  readonly primary: Server;
  readonly standby: Server;
  /** Stops the replay of the log on the standby, which goes on receiving it. */
  pause(): Promise<void>;
  resume(): Promise<void>;
}

export async function startReplication(): Promise<Replication> {
  const programs = programsOfSystem();
  const root = await mkdtemp(join(tmpdir(), "kinora-replication-"));
  const [one = 0, other = 0] = await freePorts(2);
  const [first, second] = [join(root, "primary"), join(root, "standby")];
  const primary = await startServer(programs, first, one);
  const backup = ["-D", second, "-d", primary.url(), "-R", "-X", "stream", "-c", "fast", "--no-sync"];
  await runProgram(programs, "pg_basebackup", backup);
  const standby = new Server(programs, second, other);
  await standby.start();
  return {
    primary,
    standby,
    async pause() {
      await standby.ask("SELECT pg_wal_replay_pause()");
      await until(async () => {
        const [row] = await standby.ask<{ state: string }>("SELECT pg_get_wal_replay_pause_state() AS state");
        return row?.state === "paused";
      });
    },
    resume: async () => void (await standby.ask("SELECT pg_wal_replay_resume()")),
    async [Symbol.asyncDispose]() {
      await Promise.all([primary.kill(), standby.kill()]);
      await rm(root, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
    },
  };
}
