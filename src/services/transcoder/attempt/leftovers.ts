import { hostname } from "node:os";
import type { Db, Log } from "#kernel";
import type { Children } from "#media/process/children";
import { endRecorded, isRunning, recordOf } from "#media/process/leftover";
import * as store from "../store.ts";

/** The records of running children, by which the next process of this machine finds them. */
export interface ChildRecords {
  insert(child: store.Child): Promise<unknown>;
  remove(child: store.Child): Promise<unknown>;
  ofHost(host: string): Promise<store.Child[]>;
}

/** Records in the service's own table. */
export const createTableRecords = (db: Db<store.Tables>): ChildRecords => ({
  insert: (child) => db.tx((tx) => store.insert(tx, child)),
  remove: (child) => db.tx((tx) => store.remove(tx, child)),
  ofHost: (host) => store.ofHost(db, host),
});

interface Parts {
  readonly records: ChildRecords;
  readonly children: Children;
  readonly log: Log;
}

/** Children that are recorded while they run, so that those a killed process leaves can be ended (reliability D5). */
export function createRecordedChildren({ records, children, log }: Parts): Children {
  const owner = recordOf(process.pid);
  const record = async (pid: number): Promise<store.Child | undefined> => {
    const [child, ours] = await Promise.all([recordOf(pid), owner]);
    if (!child || !ours) return undefined;
    const row = {
      host: hostname(),
      pid,
      start_time: child.startTime,
      owner_pid: ours.pid,
      owner_start_time: ours.startTime,
    };
    await records.insert(row);
    return row;
  };
  return {
    endGroup: (pid) => children.endGroup(pid),
    async start(command, options) {
      const child = await children.start(command, options);
      // The child already works while it is recorded; a child that cannot be recorded is ended.
      const recording = record(child.pid).catch((error: unknown) => {
        log.warn("a media process could not be recorded and was ended", { err: error });
        children.endGroup(child.pid);
        return undefined;
      });
      const unrecord = async () => {
        await child.ended;
        const row = await recording;
        if (row) await records.remove(row);
      };
      // A row that stays names an ended process: the next start removes it.
      unrecord().catch(() => undefined);
      return child;
    },
  };
}

/** Ends the children of killed processes of this machine; yields how many. */
export async function endLeftovers({ records, children }: Parts): Promise<number> {
  let ended = 0;
  for (const row of await records.ofHost(hostname())) {
    if (await isRunning({ pid: row.owner_pid, startTime: row.owner_start_time })) continue;
    if (await endRecorded({ pid: row.pid, startTime: row.start_time }, children)) ended += 1;
    await records.remove(row);
  }
  return ended;
}
