import type { Call, Client, Host, Id } from "#kernel";
import { createReplicaProjection } from "#kernel/db/projection";
import { auth } from "#services/auth/contract";
import { hashtag } from "#services/hashtag/contract";
import { interaction } from "#services/interaction/contract";
import { message } from "#services/message/contract";
import { video } from "#services/video/contract";
import * as store from "./store.ts";
import { publishMeasure } from "./user-measures.ts";

type Measure = store.MeasureRow;
/** The measures of a user, by kind. */
type Standing = Partial<Record<Measure["kind"], Pick<Measure, "untilMs" | "reason">>>;
interface MeasuredUser {
  readonly id: Id;
  readonly standing: Standing;
  /** Decisions about this account have no effect there, so that they are not published again. */
  readonly isBeyond?: boolean;
}

/**
 * Compares the copies that other services have of mutes and bans. Copies that differ make the measures be published
 * again.
 */
export function measureCopiesOf({ db, emit, client, now }: Pick<Host<store.Tables>, "db" | "emit" | "client" | "now">) {
  /** Publishes the measures of these kinds again. */
  const republish = (userId: Id, kinds: readonly Measure["kind"][]) =>
    db.tx(async (tx) => {
      // A decision meanwhile waits for the lock, and is published after this.
      if (!(await store.lockUser(tx, userId))) return;
      for (const kind of kinds)
        await publishMeasure({ emit, now }, tx, userId, kind, await store.measureOf(tx, userId, kind));
    });

  /** The copies that `service` has of the measures of these kinds. */
  const copies = (
    service: string,
    kinds: readonly Measure["kind"][],
    stored: (after: number, limit: number, call: Call) => Promise<readonly MeasuredUser[]>,
    isSame: (copy: Standing, current: Standing) => boolean,
  ) =>
    createReplicaProjection({
      listStored: stored,
      listOwned: async ({ after, limit }) => usersOf(await store.measuresAfter(db, after, limit)),
      idOf: ({ id }) => id,
      async repair(deleted, owned, _, stored) {
        const wrong = [
          ...deleted.filter(({ standing }) => !isSame(standing, {})),
          ...owned.filter(({ id, standing }) => {
            const copy = stored.get(id);
            return !copy?.isBeyond && !isSame(copy?.standing ?? {}, standing);
          }),
        ];
        for (const { id } of wrong) await republish(id, kinds);
        return wrong.map(({ id }) => `${service} had outdated measures of user ${id}; they are published again`);
      },
    });
  const mutes = (contract: typeof video | typeof interaction | typeof hashtag | typeof message) =>
    copies(
      contract.name,
      ["mute", "bar"],
      async (after, limit, call) => {
        const service: Pick<Client<typeof video>, "mutedUsers"> = client(contract as typeof video); // All of them have it.
        return usersOf((await service.mutedUsers({ after, limit }, call)).items);
      },
      (copy, current) => (["mute", "bar"] as const).every((kind) => isSameMeasure(copy[kind], current[kind])),
    );

  /** Bans in auth. It never bans administrators, whatever was decided before they became ones. */
  const bans = copies(
    auth.name,
    ["bar"],
    async (after, limit, call) => {
      const { items } = await client(auth).batch({ after, limit }, call);
      return items.map(({ userId, role, state, stateUntilMs }) => ({
        id: userId,
        standing: state === "banned" || state === "suspended" ? { bar: { untilMs: stateUntilMs, reason: "" } } : {},
        isBeyond: role === "admin" || state === "pending",
      }));
    },
    (copy, current) =>
      (copy.bar === undefined) === (current.bar === undefined) && copy.bar?.untilMs === current.bar?.untilMs,
  );

  return [mutes(video), mutes(interaction), mutes(hashtag), mutes(message), bans];
}

const isSameMeasure = (measure: Standing["mute"], otherMeasure: Standing["mute"]): boolean =>
  measure?.untilMs === otherMeasure?.untilMs && measure?.reason === otherMeasure?.reason;

const usersOf = (rows: readonly Pick<Measure, "userId" | "kind" | "untilMs" | "reason">[]): MeasuredUser[] =>
  [...Map.groupBy(rows, ({ userId }) => userId)].map(([id, all]) => ({
    id,
    standing: Object.fromEntries(all.map(({ kind, untilMs, reason }) => [kind, { untilMs, reason }])),
  }));
