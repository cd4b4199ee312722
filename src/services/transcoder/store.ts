import type { Reader, Tx } from "#kernel";

/** The tables as `migrations.ts` leaves them. */
export interface Tables {
  /** Running processes, and those that a killed process left behind. Start times distinguish reused process ids. */
  "transcoder.children": { host: string; pid: number; start_time: number; owner_pid: number; owner_start_time: number };
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
