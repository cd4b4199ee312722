import { userErased } from "#events/auth";
import { liveStarted } from "#events/live";
import { messageSent, notificationCreated } from "#events/message";
import { type Call, type Client, contract, type EventType, type Host, on, plugin } from "#kernel";
import { callOf, TestHost } from "#kernel/host/testing";
import { silentLog } from "#kernel/log/port";
import { TestMailer } from "#kernel/mail/testing";
import { createGuardedOutgoing } from "#kernel/outgoing/guarded";
import { auth } from "#services/auth/contract";
import { type Live, live, LiveNotFound } from "#services/live/contract";
import { media, MediaNotFound } from "#services/media/contract";
import { relation } from "#services/relation/contract";
import { UserNotFound, user } from "#services/user/contract";
import { testUser } from "#services/user/testing";
import { VideoNotFound, video } from "#services/video/contract";
import type { z } from "zod";
import { message } from "./contract.ts";
import { messagePlugin } from "./plugin.ts";
import type { Tables } from "./store.ts";

export type Letter = z.output<(typeof auth)["methods"]["sendLetters"]["input"]>["letters"][number];

export const service = (userId?: number) => callOf(userId, { caller: "test" });
/** The owner of all videos of the stand, and a user id that nobody has. */
export const owner = 1_000;
export const nobody = 404;

/** The service on a real host, with stands where others are. Media 500 is user 1's; video 77 is private, 404 is not there. */
export class Stand {
  clockMs = 0;
  /** The blocks and follows between users, as `1:2`. */
  readonly blocks = new Set<string>();
  readonly follows = new Set<string>();
  /** The live rooms there are; `owner` has all of them. */
  readonly rooms = new Map<number, Pick<Live, "status" | "visibility">>();
  /** The published updates, in order. */
  readonly publishedEvents: string[] = [];
  readonly mailer = new TestMailer();
  /** The mails that auth was given, in order. */
  readonly letters: Letter[] = [];
  /** Sessions that have ended. */
  readonly ended = new Set<string>();
  readonly host: TestHost;
  readonly client: Client<typeof message>;
  #neighbour: Host | undefined;

  /** @param isGuarded the guard of outgoing requests is as in production; otherwise it lets them reach loopback */
  constructor({ isGuarded = false } = {}) {
    const outgoing = createGuardedOutgoing({ allow: isGuarded ? [] : ["127.0.0.0/8"], log: silentLog });
    this.host = new TestHost({ environment: { now: () => this.clockMs }, parts: { mail: this.mailer, outgoing } });
    this.client = this.host.client(message);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.host[Symbol.asyncDispose]();
  }

  async start(): Promise<void> {
    for (const one of [this.#video(), this.#live(), userStand, mediaStand, this.#relation(), this.#auth()])
      await this.host.add(one as typeof userStand);
    await this.host.add(messagePlugin);
    await this.host.add(this.#listener());
  }

  async clear(): Promise<void> {
    await this.host.clear();
    this.publishedEvents.length = 0;
    this.blocks.clear();
    this.follows.clear();
    this.rooms.clear();
    this.letters.length = 0;
    this.ended.clear();
    this.clockMs = Date.UTC(2026, 10, 20);
  }

  get db() {
    return this.host.database<Tables>("message");
  }

  /** Publishes a fact as its service does, and waits for its consumers. */
  async publishEvent<P extends z.ZodType>(type: EventType<P>, key: number, payload: z.input<P>): Promise<void> {
    await this.#neighbour?.db.tx(async (tx) => this.#neighbour?.emit(tx, type, key, payload));
    await this.host.drain();
  }

  /** Publishes that a room of `owner` was started; `status` is what it is when followers are about to be notified. */
  startRoom(
    liveId: number,
    {
      visibility = "public",
      status = "live",
      notifiesFollowers = true,
    }: Partial<Pick<Live, "visibility" | "status">> & { readonly notifiesFollowers?: boolean } = {},
  ): Promise<void> {
    this.rooms.set(liveId, { status, visibility });
    const payload = { ...roomState(liveId), visibility, startedAtMs: 1, notifiesFollowers };
    return this.publishEvent(liveStarted, liveId, payload);
  }

  say(from: number, to: number, content = "hi") {
    return this.client.send({ receiverId: to, content }, callOf(from));
  }

  #video() {
    return plugin({
      contract: contract("video", 1, { playable: video.methods.playable }),
      needs: [],
      migrations: [],
      start: (host: Host) => {
        this.#neighbour = host;
        return {
          handlers: {
            playable: async ({ id }: { id: number }, { userId }: Call) => {
              if (id === 404 || (id === 77 && userId !== owner)) throw VideoNotFound({});
              return {
                id,
                userId: owner,
                mediaId: id,
                title: "t",
                visibility: "public" as const,
                status: 1,
                generation: 1,
                allowDownload: true,
                allowComment: true,
                coverMediaId: null,
                durationMs: 60_000,
                chapters: [],
              };
            },
          },
        };
      },
    });
  }

  #live() {
    return plugin({
      contract: contract("live", 1, { get: live.methods.get }),
      needs: [],
      migrations: [],
      start: () => ({
        handlers: {
          get: async ({ id }: { id: number }) => {
            const room = this.rooms.get(id);
            if (!room) throw LiveNotFound({});
            return { ...roomOf(id), ...room };
          },
        },
      }),
    });
  }

  /** Users below 100 get mails; user 2 reads Chinese. */
  #auth() {
    const { mailRecipients, sendLetters, standing } = auth.methods;
    return plugin({
      contract: contract("auth", 1, { mailRecipients, sendLetters, standing }),
      needs: [],
      migrations: [],
      start: () => ({
        handlers: {
          mailRecipients: async ({ userIds }: { userIds: number[] }) => ({
            items: userIds.map((userId) => ({
              userId,
              username: `user${userId}`,
              language: userId === 2 ? ("zh" as const) : ("en" as const),
              getsMails: userId < 100,
            })),
          }),
          sendLetters: async ({ letters }: { letters: Letter[] }) => {
            this.letters.push(...letters);
            return {};
          },
          standing: async ({ sessionId }: { sessionId: string }) => ({ alive: !this.ended.has(sessionId) }),
        },
      }),
    });
  }

  #relation() {
    const { between, followersOf } = relation.methods;
    return plugin({
      contract: contract("relation", 1, { between, followersOf }),
      needs: [],
      migrations: [],
      start: () => ({
        handlers: {
          between: async ({ userId, otherIds }: { userId: number; otherIds: number[] }) => ({
            items: otherIds.map((id) => ({
              userId: id,
              isFollowed: this.follows.has(`${userId}:${id}`),
              isFollower: this.follows.has(`${id}:${userId}`),
              isBlocked: this.blocks.has(`${userId}:${id}`),
              isBlocking: this.blocks.has(`${id}:${userId}`),
            })),
          }),
          followersOf: async ({ userId, after, limit }: { userId: number; after: number; limit: number }) => {
            const all = [...this.follows]
              .map((pair) => pair.split(":").map(Number))
              .filter(([, whom]) => whom === userId);
            const userIds = all.slice(after, after + limit).map(([by = 0]) => by);
            return { userIds, next: after + limit < all.length ? after + limit : null };
          },
        },
      }),
    });
  }

  #listener() {
    return plugin({
      contract: contract("listener", 1, {}),
      needs: [],
      migrations: [],
      start: () => ({
        handlers: {},
        subscriptions: [
          on(
            messageSent,
            async (_, { senderId, receiverId }) => void this.publishedEvents.push(`sent ${senderId} ${receiverId}`),
          ),
          on(
            userErased,
            async (_, { userId, service: by }) => void this.publishedEvents.push(`erased ${userId} ${by}`),
          ),
          on(
            notificationCreated,
            async (_, { userId, type }) => void this.publishedEvents.push(`notified ${userId} ${type}`),
          ),
        ],
      }),
    });
  }
}

const userStand = plugin({
  contract: contract("user", 1, { get: user.methods.get, briefs: user.methods.briefs }),
  needs: [],
  migrations: [],
  start: () => ({
    handlers: {
      get: async ({ id }: { id: number }) => {
        if (id === nobody) throw UserNotFound({});
        return testUser(id);
      },
      briefs: async ({ ids }: { ids: number[] }) => ({
        items: ids.map((id) => ({ id, username: `user${id}`, nickname: `User ${id}`, avatar: "", introduction: "" })),
      }),
    },
  }),
});

const mediaStand = plugin({
  contract: contract("media", 1, { get: media.methods.get }),
  needs: [],
  migrations: [],
  start: () => ({
    handlers: {
      get: async ({ id }: { id: number }, { userId }: Call) => {
        if (id !== 500 || userId !== 1) throw MediaNotFound({});
        return {
          id,
          userId: 1,
          kind: "image" as const,
          mime: "image/webp",
          sizeBytes: 1,
          sha256: "",
          width: 1,
          height: 1,
          durationMs: 0,
          purpose: "picture" as const,
          hasCover: false,
          status: "ready" as const,
          statusReason: null,
          notices: [],
          renditions: [],
          createdAtMs: 1,
        };
      },
    },
  }),
});

/** A room as its service presents it. */
const roomOf = (id: number): Live => ({
  id,
  ownerId: owner,
  title: "Sea",
  description: "",
  coverUrl: "",
  pictureUrl: null,
  categoryId: null,
  roomId: id,
  status: "live",
  visibility: "public",
  isPrivate: false,
  onlineCount: 0,
  peakCount: 0,
  viewCount: 0,
  likeCount: 0,
  giftCount: 0,
  giftValue: 0,
  hasProducts: false,
  isMine: true,
  isRemoved: false,
  scheduledAtMs: null,
  startedAtMs: 1,
  endedAtMs: null,
  durationMs: 0,
  keepsRecording: true,
  videoId: null,
  createdAtMs: 1,
});

/** A room as its events state it. */
export const roomState = (liveId: number) => ({
  liveId,
  ownerId: owner,
  title: "Sea",
  description: "",
  categoryId: null,
  status: "live" as const,
  visibility: "public" as const,
  version: 2,
});
