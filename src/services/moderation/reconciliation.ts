import type { Call, Client, Host, Id } from "#kernel";
import { copiesOf, type Derived } from "#kernel/db/projection";
import { auth } from "#services/auth/contract";
import { hashtag } from "#services/hashtag/contract";
import { interaction } from "#services/interaction/contract";
import { message } from "#services/message/contract";
import { user } from "#services/user/contract";
import { video } from "#services/video/contract";
import { usualRules, blocklistChanged } from "#policy/blocklist";
import { tellMeasure } from "./verdicts.ts";
import * as store from "./store.ts";
import { playlistThing, saidThing, videoThing } from "./things.ts";

type Tables = store.Tables;
type Measure = store.MeasureRow;
/** What lies on one person, by kind. */
type Standing = Partial<Record<Measure["kind"], Pick<Measure, "untilMs" | "reason">>>;
interface Person {
  readonly id: Id;
  readonly standing: Standing;
  /** What is decided about them is not done, so that they are not told of again. */
  readonly isBeyond?: boolean;
}

/**
 * What is kept here of others is compared with them, and so is what they keep of what is decided here: arrows point from
 * here to all of them, so that they cannot ask. What they do not know as it is, they are told again (docs/adr/014).
 */
export function comparing({ db, emit, client, now }: Pick<Host<Tables>, "db" | "emit" | "client" | "now">) {
  const people = copiesOf({
    kept: (after, limit) => store.people(db, after, limit),
    owned: async (page, call) => (await client(auth).batch(page, call)).items,
    idOf: ({ userId }) => userId,
    async repair(gone, owned, _, kept) {
      const found: string[] = [];
      for (const { id } of gone) {
        await db.tx((tx) => store.forgetPerson(tx, id, now()));
        found.push(`user ${id} was known and is not there any more`);
      }
      for (const { userId, role } of owned) {
        // Of whom nothing is known, the usual is assumed.
        const known = kept.get(userId)?.role ?? "user";
        if (known === role) continue;
        if (!kept.has(userId)) await db.tx(async (tx) => void (await store.lockPerson(tx, userId)));
        if (await db.tx((tx) => store.correctRole(tx, userId, known, role)))
          found.push(`user ${userId} was known in another role`);
      }
      return found;
    },
  });

  const videos = copiesOf({
    kept: (after, limit) => store.things(db, "video", after, limit),
    owned: async (page, call) => (await client(video).batch(page, call)).items,
    idOf: ({ videoId }) => videoId,
    async repair(gone, owned, _, kept) {
      const found: string[] = [];
      for (const { id } of gone) {
        await db.tx(async (tx) => {
          await store.forgetThing(tx, "video", id);
          await store.forgetUnder(tx, id);
        });
        found.push(`video ${id} was known and is not there any more`);
      }
      for (const told of owned) {
        const thing = videoThing(told);
        // What was never shown to anybody was not told either.
        if (!thing.is_shown && !kept.has(thing.id)) continue;
        if (await db.tx((tx) => store.noteThing(tx, thing))) found.push(`video ${thing.id} was not known as it is`);
      }
      return found;
    },
  });

  const playlists = copiesOf({
    kept: (after, limit) => store.things(db, "playlist", after, limit),
    owned: async (page, call) => (await client(video).playlistBatch(page, call)).items,
    idOf: ({ playlistId }) => playlistId,
    async repair(gone, owned) {
      const found: string[] = [];
      for (const { id } of gone) {
        await db.tx((tx) => store.forgetThing(tx, "playlist", id));
        found.push(`playlist ${id} was known and is not there any more`);
      }
      for (const told of owned)
        if (await db.tx((tx) => store.noteThing(tx, playlistThing(told))))
          found.push(`playlist ${told.playlistId} was not known as it is`);
      return found;
    },
  });

  const said = (kind: "comment" | "danmaku") =>
    copiesOf({
      kept: (after, limit) => store.things(db, kind, after, limit),
      owned: async (page, call) => (await client(interaction).batch({ ...page, kind }, call)).items,
      idOf: ({ id }) => id,
      async repair(gone, owned) {
        const found: string[] = [];
        for (const { id } of gone) {
          await db.tx((tx) => store.forgetThing(tx, kind, id));
          found.push(`${kind} ${id} was known and is not there any more`);
        }
        for (const told of owned)
          if (await db.tx((tx) => store.noteThing(tx, saidThing(kind, told))))
            found.push(`${kind} ${told.id} was not known as it is`);
        return found;
      },
    });

  /** Says once more what lies on somebody, of these kinds. */
  const tellAgain = (userId: Id, kinds: readonly Measure["kind"][]) =>
    db.tx(async (tx) => {
      // What is decided meanwhile is told after this.
      if (!(await store.lockPerson(tx, userId))) return;
      for (const kind of kinds)
        await tellMeasure({ emit, now }, tx, userId, kind, await store.measureOf(tx, userId, kind));
    });

  /** What `service` knows of who may say nothing, or may not come in. */
  const known = (
    service: string,
    kinds: readonly Measure["kind"][],
    kept: (after: number, limit: number, call: Call) => Promise<readonly Person[]>,
    isSame: (known: Standing, lies: Standing) => boolean,
  ) =>
    copiesOf({
      kept,
      owned: async ({ after, limit }) => peopleOf(await store.measuresAfter(db, after, limit)),
      idOf: ({ id }) => id,
      async repair(gone, owned, _, copies) {
        const wrong = [
          ...gone.filter(({ standing }) => !isSame(standing, {})),
          ...owned.filter(({ id, standing }) => {
            const copy = copies.get(id);
            return !copy?.isBeyond && !isSame(copy?.standing ?? {}, standing);
          }),
        ];
        for (const { id } of wrong) await tellAgain(id, kinds);
        return wrong.map(({ id }) => `what lies on user ${id} was not known to ${service}; it is told again`);
      },
    });
  const silenced = (contract: typeof video | typeof interaction | typeof hashtag | typeof message) =>
    known(
      contract.name,
      ["mute", "bar"],
      async (after, limit, call) => {
        const asked: Pick<Client<typeof video>, "mutedUsers"> = client(contract as typeof video); // All of them have it.
        return peopleOf((await asked.mutedUsers({ after, limit }, call)).items);
      },
      (one, other) => (["mute", "bar"] as const).every((kind) => isAlike(one[kind], other[kind])),
    );

  const words: Derived = {
    async *repair(call) {
      const wrong: string[] = [];
      const decided = await store.decidedWords(db);
      const body = decided ? JSON.stringify(blocklistChanged.payload.parse(decided)) : "";
      for (const contract of [auth, user, video, interaction, hashtag]) {
        const asked: Pick<Client<typeof user>, "blocklistCopy"> = client(contract as typeof user); // All of them have it.
        if ((await asked.blocklistCopy({}, call)).body !== body) wrong.push(contract.name);
      }
      if (wrong.length === 0) return;
      await db.tx(async (tx) => {
        const { version, rules } = await store.lockRules(tx, usualRules);
        // Copies ignore a version they have.
        await store.setRules(tx, version + 1, rules);
        const told = await store.decidedWords(tx);
        if (told) await emit(tx, blocklistChanged, 1, told);
      });
      yield `what is watched was not known to ${wrong.join(", ")}; it is told again`;
    },
  };

  /** Whom auth keeps out. Administrators it never does, whatever was decided before they were. */
  const barred = known(
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
    (one, other) => (one.bar === undefined) === (other.bar === undefined) && one.bar?.untilMs === other.bar?.untilMs,
  );

  const things = [videos, playlists, said("comment"), said("danmaku")];
  return {
    things,
    all: [
      people,
      ...things,
      silenced(video),
      silenced(interaction),
      silenced(hashtag),
      silenced(message),
      barred,
      words,
    ],
  };
}

const isAlike = (one: Standing["mute"], other: Standing["mute"]): boolean =>
  one?.untilMs === other?.untilMs && one?.reason === other?.reason;

const peopleOf = (rows: readonly Pick<Measure, "userId" | "kind" | "untilMs" | "reason">[]): Person[] =>
  [...Map.groupBy(rows, ({ userId }) => userId)].map(([id, all]) => ({
    id,
    standing: Object.fromEntries(all.map(({ kind, untilMs, reason }) => [kind, { untilMs, reason }])),
  }));
