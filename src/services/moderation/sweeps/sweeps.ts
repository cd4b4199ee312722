import { accountSwept, sweepUndone } from "#events/moderation";
import { audited, type Call, callerOf, type Handlers, type Host, type Id, type JobKind, type Tx } from "#kernel";
import { AuthorUnknown, type moderation, YourOwn } from "../contract.ts";
import * as store from "../store.ts";
import { requireReach } from "../user-measures.ts";
import { createSweepJobs, type SweepWork } from "./sweep-jobs.ts";
import * as sweepStore from "./sweep-store.ts";

type Tables = store.Tables;

/**
 * Everything that an account did is taken back with one decision, and what was set aside comes back with another. Content is
 * set aside by events of its own; each service does the rest by the event of the sweep. Jobs go on where they were
 * stopped.
 */
export function createSweeps({
  db,
  emit,
  jobs,
  nextId,
  now,
}: Pick<Host<Tables>, "db" | "emit" | "jobs" | "nextId" | "now">): {
  readonly handlers: Pick<Handlers<typeof moderation>, "sweep" | "undoSweep">;
  readonly jobs: readonly JobKind[];
} {
  /** Locks the user of a sweep. @throws YourOwn, AuthorUnknown, OutOfReach */
  async function lockUser(tx: Tx<Tables>, userId: Id, call: Call): Promise<void> {
    if (userId === callerOf(call)) throw YourOwn({});
    const user = await store.lockUser(tx, userId);
    if (!user) throw AuthorUnknown({});
    requireReach(user.role, call);
  }

  const audit = (tx: Tx<Tables>, act: string, userId: Id, detail: string, call: Call) =>
    emit(tx, audited, userId, {
      act,
      actorId: callerOf(call),
      subject: { kind: "user", id: userId },
      detail,
      atMs: now(),
    });

  return {
    handlers: {
      async sweep({ id: userId, note }, call) {
        await db.tx(async (tx) => {
          await lockUser(tx, userId, call);
          const current = await sweepStore.inForce(tx, userId);
          const sweepId = current?.id ?? nextId();
          const atMs = now();
          if (!current)
            await sweepStore.insert(tx, {
              id: sweepId,
              user_id: userId,
              moderator_id: callerOf(call),
              note,
              created_at_ms: atMs,
              undone_at_ms: null,
            });
          // A second one also takes back what was done since the first.
          await emit(tx, accountSwept, userId, { userId, sweepId, atMs });
          await jobs.add(tx, "sweep", { payload: { sweepId } satisfies SweepWork });
          await audit(tx, "moderation.swept", userId, note, call);
        });
        return {};
      },

      async undoSweep({ id: userId }, call) {
        await db.tx(async (tx) => {
          await lockUser(tx, userId, call);
          const current = await sweepStore.inForce(tx, userId);
          if (!current) return;
          await sweepStore.lock(tx, current.id);
          await sweepStore.setUndone(tx, current.id, now());
          await emit(tx, sweepUndone, userId, { userId, sweepId: current.id, atMs: now() });
          await jobs.add(tx, "undo-sweep", { payload: { sweepId: current.id } satisfies SweepWork });
          await audit(tx, "moderation.sweep_undone", userId, "", call);
        });
        return {};
      },
    },
    jobs: createSweepJobs({ emit, now }),
  };
}
