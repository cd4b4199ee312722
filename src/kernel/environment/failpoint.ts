import assert from "node:assert/strict";
import { ConfigError } from "../config-error.ts";

/** The action of a failpoint when it is reached (reliability F2). */
type FailpointAction = "crash" | "error" | "sleep";

/** Every failpoint there is, in the order of the main job: the durable step before it, and what has not happened yet. */
export const failpoints = {
  "upgrade.copied": "every database has its copy; no step of the upgrade was run",
  "upgrade.changed": "every database is upgraded; their copies still have the name of an upgrade under way",
  "migrate.before_commit": "a step of a database's upgrade was run; it is not committed",
  "migrate.after_commit": "a step of a database's upgrade is committed; the next one is not begun",
  "move.begun": "both databases have the mark of a move; the new one has no tables",
  "move.captured": "changes of the moved tables are recorded; no row is copied",
  "move.copied": "the new database has the rows of a snapshot; what changed since is not carried over",
  "move.prepared": "the new database has everything, and writes wait; the old one is still valid",
  "move.switched": "the new database is valid; the mark of the move is still there",
  "command.answered":
    "a command under an idempotency key has its answer; neither its changes nor the answer are committed",
  "command.committed": "a command of a service is committed; no answer was sent",
  "edge.before_answer": "everything a request asked for is done and composed; not a byte of the answer is sent",
  "piece.before_sync": "bytes of an upload are written; they are not on the disk, and not acknowledged",
  "piece.after_sync": "bytes of an upload are durable; no record counts them",
  "assemble.linked": "the one piece of an upload has a second, temporary name; its object does not exist",
  "blob.before_rename": "an object's bytes are on the disk; they have no name",
  "blob.after_rename": "an object has its name; the name is not on the disk",
  "blob.after_sync": "an object is durable; no record refers to it",
  "piece.dropped": "one of the pieces of a finished upload is removed; others may still be there",
  "upload.assembled": "the bytes of an upload are one object; no file has it",
  "upload.settled": "an upload has become a file; its pieces are still there",
  "relay.before_delivery": "an event is committed with its change; no consumer has it",
  "inbox.before_commit": "a consumer has applied an event; its transaction is not committed",
  "inbox.after_commit": "one consumer has committed an event; others may not have, and the outbox still has it",
  "relay.delivered": "all consumers have an event; the outbox still has it",
  "relay.forgotten": "the outbox has deleted events that all consumers have",
  "job.claimed": "a job has its lease; nothing of it is done",
  "job.before_step": "a part of a job's work is done; its results are not committed",
  "job.after_step": "a part of a job's results is committed; the job goes on",
  "job.before_finish": "a job's work is done; neither its last results nor its end are committed",
  "job.after_finish": "a job is over; what its results cause has not begun",
  "transfer.copied": "an object is in the other store too; it was not read back",
  "transfer.verified": "a copy in the other store is good; no record says so",
  "transfer.released": "an object is removed from the old store; no record says so",
  "import.kept": "bytes of an import are durable; no record counts them",
  "import.received": "an import has arrived whole; it is no file yet",
  "purge.bytes_removed": "the bytes of a deleted thing are removed; the record of them is not",
} as const;
export type Failpoint = keyof typeof failpoints;

export interface Failpoints {
  /** Marks a border between two durable steps; does nothing unless the point was armed. */
  hit(name: Failpoint): Promise<void>;
}

/** How long `sleep` waits: long enough for a test to act in between. */
const sleepMs = 3_000;

export const noFailpoints: Failpoints = { hit: async (name) => assertKnown(name) };

interface Armed {
  readonly action: FailpointAction;
  /** How many times it is passed before it acts; after that it acts each time. */
  passes: number;
}

/**
 * The points named in `KINORA_FAILPOINT=name:action[,name:action…]`, where `name:action@3` acts from the third time on.
 * `crash` ends this process as `kill -9` would; `error` throws; `sleep` waits three seconds.
 * @throws ConfigError for a name or an action that does not exist.
 */
export function createFailpoints(text: string): Failpoints {
  const armed = new Map<Failpoint, Armed>();
  for (const entry of text.split(",").filter(Boolean)) armed.set(...parse(entry.trim()));
  return {
    async hit(name) {
      assertKnown(name);
      const point = armed.get(name);
      if (point === undefined || point.passes-- > 0) return;
      if (point.action === "error") throw new Error(`failpoint ${name}`);
      if (point.action === "crash") process.kill(process.pid, "SIGKILL");
      await new Promise((resolve) => setTimeout(resolve, sleepMs));
    },
  };
}

function parse(entry: string): [Failpoint, Armed] {
  const [, name = "", action, nth = "1"] = /^([\w.-]+):(crash|error|sleep)(?:@([1-9]\d{0,4}))?$/.exec(entry) ?? [];
  const where = "KINORA_FAILPOINT";
  if (action === undefined)
    throw new ConfigError([{ where, says: `"${entry}" is not name:crash, name:error or name:sleep` }]);
  if (!isKnown(name))
    throw new ConfigError([
      { where, says: `there is no failpoint ${name}; there are ${Object.keys(failpoints).join(", ")}` },
    ]);
  // The pattern names the three actions and no other.
  return [name, { action: action as FailpointAction, passes: Number(nth) - 1 }];
}

const isKnown = (name: string): name is Failpoint => Object.hasOwn(failpoints, name);

/** A failpoint that is not in the list would be tested by no test. */
const assertKnown = (name: string): void => assert.ok(isKnown(name), `failpoint ${name} is not in the list`);
