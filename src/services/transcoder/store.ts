import type { Id, Reader, Tx } from "#kernel";
import type { Generated } from "kysely";
import type { TaskKind } from "./jobs/task.ts";

/** The tables as `migrations.ts` leaves them. */
export interface Tables {
  /** Running processes, and those that a killed process left behind. Start times distinguish reused process ids. */
  "transcoder.children": { host: string; pid: number; start_time: number; owner_pid: number; owner_start_time: number };
  /** Tokens by which runners register. */
  "transcoder.registrations": {
    id: Id;
    label: string;
    token_hash: string;
    created_at_ms: number;
    used_at_ms: Generated<number | null>;
    runners: Generated<number>;
  };
  "transcoder.runners": {
    id: Id;
    name: string;
    description: string;
    token_hash: string;
    is_enabled: Generated<boolean>;
    version: string;
    address: string;
    created_at_ms: number;
    seen_at_ms: number;
    jobs_done: Generated<number>;
    jobs_failed: Generated<number>;
  };
  /** Jobs that runners took last, each with the keys that it may read and those that it has sent. */
  "transcoder.lent_jobs": {
    job_id: Id;
    fence: number;
    runner_id: Id;
    kind: TaskKind;
    media_id: Id;
    input_keys: string[];
    output_keys: Generated<string[]>;
    output_bytes: Generated<number>;
    output_bytes_max: number;
    reports: Generated<number>;
    progress: Generated<number>;
    started_at_ms: number;
    renewed_at_ms: number;
  };
}
export type Child = Tables["transcoder.children"];

export const insert = (tx: Tx<Tables>, child: Child) =>
  tx
    .insertInto("transcoder.children")
    .values(child)
    .onConflict((c) => c.doNothing())
    .execute();

export const remove = (tx: Tx<Tables>, { host, pid, start_time }: Child) =>
  tx
    .deleteFrom("transcoder.children")
    .where((e) => e.and({ host, pid, start_time }))
    .execute();

export const ofHost = (db: Reader<Tables>, host: string): Promise<Child[]> =>
  db
    .selectFrom("transcoder.children")
    .select(["host", "pid", "start_time", "owner_pid", "owner_start_time"])
    .where("host", "=", host)
    .execute();
