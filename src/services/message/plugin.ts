import { type Host, type Id, job, KinoraError, on, onAll, plugin, type Tx } from "#kernel";
import { countsOf } from "#kernel/db/counts";
import { userRegistered } from "#services/auth/contract";
import { userDeleted, userErased } from "#policy/deleted-users";
import { commentCreated, commentDeleted, commentLiked, videoLiked } from "#services/interaction/contract";
import { media } from "#services/media/contract";
import { contentRemoved, contentRestored, decisionMade } from "#services/moderation/contract";
import { relation, userBlocked, userFollowed } from "#services/relation/contract";
import { user } from "#services/user/contract";
import { video, videoDeleted, videoPublished, videoUpdated } from "#services/video/contract";
import * as checkStore from "./check-store.ts";
import { message, messageSent, notificationCreated } from "./contract.ts";
import * as conversationStore from "./conversation-store.ts";
import { conversingOf } from "./conversations.ts";
import { commentLikedOf, decidedOf, type Fact, followedOf, likedOf, publishedOf, saidOf, welcomeOf } from "./facts.ts";
import * as forgetStore from "./forget-store.ts";
import { deletedUsers } from "#policy/deleted-users";
import { mutes } from "#policy/mutes";
import { migrations } from "./migrations.ts";
import { noticingOf } from "./notifications.ts";
import * as notificationStore from "./notification-store.ts";
import * as store from "./store.ts";
import { tellingOf } from "./notification-delivery.ts";
import { updatingOf } from "./live-updates.ts";
import { Wakes } from "./wakes.ts";
import { writingOf } from "./messages.ts";

/** Far longer than any event or call is under way. */
const goneKeptMs = 8 * 24 * 3_600_000;
/** So many followers are told of a video at once, and so much of somebody who is gone is let go of. */
const atOnce = 500;

/** Followers are told of what they may see without being told where it is. */
const shownToFollowers: ReadonlySet<string> = new Set(["public", "followers"]);

/** What may be told of videos that are not the reader's own. */
const aboutOthers: ReadonlySet<Fact["kind"]> = new Set(["mention", "reply", "comment_like"]);
/** Of these everybody may read what they were told; of all else only some may, and nobody is asked who. */
const shownByAddress: ReadonlySet<string> = new Set(["public", "unlisted"]);

type Db = Tx<store.Tables>;
interface Publication {
  readonly videoId: Id;
  readonly userId: Id;
  readonly title: string;
}

/** The status of a video everybody may watch whom its visibility allows. */
const published = 1;

/** What one may not see is not there; any other failure is one. */
function unseen(error: unknown): false {
  if (error instanceof KinoraError && error.kind === "not_found") return false;
  throw error;
}

export const messagePlugin = plugin({
  contract: message,
  needs: [video, user, relation, media],
  migrations,
  copies: [deletedUsers, mutes],
  events: [messageSent, notificationCreated, userErased],
  start(host: Host<store.Tables>) {
    const { db, now, client, call, jobs } = host;
    const wakes = new Wakes();
    const telling = tellingOf(host);
    const updating = updatingOf(host, wakes);
    /** What needs to be asked of others first is told by a job: no network inside a transaction. */
    const later = async (tx: Db, facts: readonly Fact[]) => {
      const others = facts.filter(({ userId, senderId }) => userId !== senderId);
      if (others.length > 0) await jobs.add(tx, "tell", { payload: { facts: others } });
    };

    /** Those of these facts whose readers and senders do not block each other, and who may see what it is about. */
    async function heard(facts: readonly Fact[]): Promise<Fact[]> {
      const bySender = [...Map.groupBy(facts, ({ senderId }) => senderId)];
      const near = (await Promise.all(bySender.map(([senderId, of]) => nearOf(senderId, of)))).flat();
      const isSeen = await Promise.all(
        near.map(async ({ kind, userId, videoId }) =>
          videoId !== null && aboutOthers.has(kind) ? sees(videoId, userId) : true,
        ),
      );
      return near.filter((_, place) => isSeen[place]);
    }
    async function nearOf(senderId: Id | null, facts: readonly Fact[]): Promise<readonly Fact[]> {
      if (senderId === null) return facts;
      const otherIds = facts.map(({ userId }) => userId);
      const { items } = await client(relation).between({ userId: senderId, otherIds }, call());
      const apart = new Set(items.filter((one) => one.isBlocked || one.isBlocking).map(({ userId }) => userId));
      return facts.filter(({ userId }) => !apart.has(userId));
    }
    const sees = (videoId: Id, userId?: Id): Promise<boolean> =>
      client(video)
        .playable({ id: videoId }, call(userId === undefined ? {} : { userId }))
        .then(() => true, unseen);

    /** It may have been hidden or taken down since it was told: its author sees it nevertheless. */
    const isForFollowers = (videoId: Id, authorId: Id): Promise<boolean> =>
      client(video)
        .playable({ id: videoId }, call({ userId: authorId }))
        .then(({ status, visibility }) => status === published && shownToFollowers.has(visibility), unseen);

    return {
      handlers: {
        ...writingOf(host, wakes),
        ...conversingOf(host, wakes),
        ...noticingOf(host, telling, wakes),
        ...updating.handlers,
      },

      subscriptions: [
        onAll(videoLiked, (tx: Db, all) =>
          later(
            tx,
            all.flatMap(({ authorId, ...like }) => (authorId === undefined ? [] : [likedOf({ ...like, authorId })])),
          ),
        ),
        on(commentCreated, (tx: Db, comment) => later(tx, saidOf(comment))),
        on(commentLiked, (tx: Db, liked) => later(tx, [commentLikedOf(liked)])),
        on(userFollowed, async (tx: Db, pair) => {
          // Whoever follows somebody wants to hear from them.
          const [side] = await conversationStore.sidesWith(tx, pair.userId, [pair.targetId]);
          if (side?.isRequest) await conversationStore.accept(tx, pair.userId, side.id);
          await later(tx, [followedOf(pair)]);
        }),
        on(userRegistered, async (tx: Db, { userId }) => void (await telling.tell(tx, [welcomeOf(userId)]))),
        on(decisionMade, async (tx: Db, told) => void (await telling.tell(tx, [decidedOf(told)]))),
        on(videoPublished, async (tx: Db, { videoId, userId, title, visibility }) => {
          if (shownToFollowers.has(visibility))
            await jobs.add(tx, "publish", { payload: { videoId, userId, title }, uniqueKey: String(videoId) });
        }),
        on(videoUpdated, async (tx: Db, { videoId, userId, changed, visibility, publishedAtMs }) => {
          const isFewer = changed.includes("visibility") && !shownByAddress.has(visibility);
          const isGone = changed.includes("status") && publishedAtMs === null;
          if (!isFewer && !isGone) return;
          await jobs.add(tx, "drop", { payload: { videoId, exceptOf: userId } });
        }),
        on(videoDeleted, async (tx: Db, { videoId }) => {
          await store.bury(tx, "video", videoId, now());
          await jobs.add(tx, "drop", { payload: { videoId, exceptOf: null } });
        }),
        on(commentDeleted, async (tx: Db, { commentId }) => {
          await store.bury(tx, "comment", commentId, now());
          await telling.changed(tx, await notificationStore.dropComment(tx, commentId));
        }),
        on(userBlocked, async (tx: Db, { userId, targetId }) => {
          await telling.changed(tx, await notificationStore.dropBetween(tx, userId, targetId));
        }),
        on(contentRemoved, async (tx: Db, { kind, id }) => {
          if (kind === "message") await conversationStore.setRemoved(tx, id, true);
        }),
        on(contentRestored, async (tx: Db, { kind, id }) => {
          if (kind === "message") await conversationStore.setRemoved(tx, id, false);
          // What is told of it from here on is heard again.
          if (kind === "comment") await store.unbury(tx, "comment", id);
        }),
        on(userDeleted, async (tx: Db, { userId }) => {
          await store.bury(tx, "user", userId, now());
          await forgetStore.markGone(tx, userId, now());
          await jobs.add(tx, "forget", { payload: { userId }, uniqueKey: String(userId) });
        }),
      ],

      jobs: [
        job<{ readonly facts: readonly Fact[] }>({
          kind: "tell",
          // What is told at once mostly concerns the same few people, whose inboxes are one line each.
          concurrency: 1,
          attemptsMax: 12,
          leaseMs: 30_000,
          async run(running) {
            const facts = await heard(running.payload.facts);
            await running.finish(async (tx: Db) => void (await telling.tell(tx, facts)));
            wakes.wake(facts.map(({ userId }) => userId));
          },
        }),
        job<Publication>({
          kind: "publish",
          concurrency: 1,
          attemptsMax: 12,
          leaseMs: 60_000,
          // In batches: whoever is followed by millions holds up nobody, and who was told before is not told again.
          async run(running) {
            const { videoId, userId } = running.payload;
            let after: number | null = (await isForFollowers(videoId, userId)) ? 0 : null;
            while (after !== null) {
              // A process that stops has not told everybody: the next one goes on.
              running.signal.throwIfAborted();
              const batch: { userIds: Id[]; next: number | null } = await client(relation).followersOf(
                { userId, after, limit: atOnce },
                call(),
              );
              const facts = batch.userIds.map((id) => publishedOf(running.payload, id));
              await running.step(async (tx: Db) => void (await telling.tell(tx, facts)));
              wakes.wake(batch.userIds);
              after = batch.next;
            }
            await running.finish(async () => undefined);
          },
        }),
        job<{ readonly videoId: Id; readonly exceptOf: Id | null }>({
          kind: "drop",
          concurrency: 1,
          attemptsMax: 20,
          leaseMs: 30_000,
          async run(running) {
            const { videoId, exceptOf } = running.payload;
            const met = { ids: [videoId] };
            while (met.ids.length > 0) {
              await running.step(async (tx: Db) => {
                met.ids = await notificationStore.dropSomeOfVideo(tx, videoId, exceptOf, atOnce);
                await telling.changed(tx, met.ids);
              });
              wakes.wake(met.ids);
            }
            await running.finish(async () => undefined);
          },
        }),
        job<{ readonly userId: Id }>({
          kind: "forget",
          concurrency: 1,
          attemptsMax: 20,
          leaseMs: 30_000,
          async run(running) {
            const { userId } = running.payload;
            const met = { count: 1 };
            while (met.count > 0)
              await running.step(async (tx: Db) => {
                met.count = await forgetStore.forgetSome(tx, userId, atOnce);
              });
            // The receipt is given when it is true.
            await running.finish((tx: Db) => host.emit(tx, userErased, userId, { userId, service: message.name }));
          },
        }),
      ],

      async *verify() {
        for (const { id } of await checkStore.lost(db)) yield `nobody has message ${id}`;
      },

      schedules: [
        {
          name: "message.old",
          pattern: "23 * * * *",
          run: () =>
            db.tx(async (tx) => {
              await notificationStore.dropOld(tx, now() - notificationStore.keptMs);
              await store.forgetGone(tx, now() - goneKeptMs);
              await forgetStore.forgetMarks(tx, now() - goneKeptMs);
            }),
        },
      ],

      async stop() {
        updating.stop();
      },
    };
  },
  derived: ({ db }) => [countsOf(db, checkStore.counts)],
});
