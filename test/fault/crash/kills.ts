import type { Failpoint } from "#kernel/environment/failpoint";

/** A failpoint, and at which of its passes in one life of the server it kills. */
export type Kill = readonly [name: Failpoint, nth: number];

/** The main job moves nothing and imports nothing: these have suites of their own. */
type Elsewhere = `transfer.${string}` | `import.${string}` | `move.${string}`;

/** One data folder whose server is killed several times. */
export interface Row {
  /** The folder: that of a first start, one without tables, or one of an older version; the latter two die before they are ready. */
  readonly folder: "used" | "empty" | "older";
  /** During one main job. */
  readonly kills: readonly Kill[];
  /** While it removes the bytes of what was made, a day after that was deleted. */
  readonly purge?: Kill;
}

/**
 * A job that was lost twice rests for some seconds, longer after a third time, and one that was lost eight times is given
 * up: at most three kills of a row hit jobs.
 */
export const rowsOfKills: readonly Row[] = [
  {
    folder: "empty",
    kills: [
      ["migrate.before_commit", 6],
      ["migrate.after_commit", 2],
      ["edge.before_answer", 2],
      ["job.after_step", 1],
      ["relay.before_delivery", 1],
    ],
  },
  {
    folder: "older",
    kills: [
      ["upgrade.copied", 1],
      ["upgrade.changed", 1],
      ["command.answered", 3],
      ["inbox.after_commit", 4],
    ],
  },
  {
    folder: "used",
    kills: [
      ["command.committed", 4],
      ["inbox.before_commit", 2],
      ["job.before_step", 1],
      ["job.after_finish", 1],
      ["relay.delivered", 1],
    ],
    purge: ["purge.bytes_removed", 1],
  },
];

/**
 * The server dies there in the nightly run alone. To a process that is killed they are as others above: what was renamed
 * and not synced is there, and what was claimed and not begun is begun again. Each run kills a small process at those of
 * jobs and files (transfer.test.ts), and a server with a new object that no record has (interrupted.test.ts).
 */
export const killedAtNight: readonly Failpoint[] = [
  "blob.before_rename",
  "blob.after_rename",
  "blob.after_sync",
  "job.claimed",
  "job.before_finish",
  "relay.forgotten",
];

/** At which of its passes each failpoint kills alone, in the nightly run. One that is missing here does not compile. */
export const passes = {
  "upgrade.copied": [1],
  "upgrade.changed": [1],
  "migrate.before_commit": [1, 6],
  "migrate.after_commit": [2],
  // The session, the media object, video made, like.
  "command.answered": [1, 2, 3, 4],
  // At start, account, upload complete, video made, like, view.
  "command.committed": [1, 2, 4, 6, 7, 8],
  "edge.before_answer": [1, 2],
  // The upload, and what is made of it.
  "blob.before_rename": [1, 2],
  "blob.after_rename": [1, 3],
  "blob.after_sync": [1, 4],
  "piece.before_sync": [1],
  "piece.after_sync": [1],
  "assemble.linked": [1],
  "upload.assembled": [1],
  "upload.settled": [1],
  "piece.dropped": [1],
  "relay.before_delivery": [1, 3],
  "inbox.before_commit": [1, 5],
  "inbox.after_commit": [1, 4],
  "relay.delivered": [1, 3],
  "relay.forgotten": [1],
  "job.claimed": [1],
  "job.before_step": [1],
  "job.after_step": [1, 2],
  "job.before_finish": [1, 2],
  "job.after_finish": [1, 2],
  "purge.bytes_removed": [1, 2],
} as const satisfies Record<Exclude<Failpoint, Elsewhere>, readonly number[]>;
