import assert from "node:assert/strict";
import { userDeleted } from "#events/auth";
import { contentFlagged } from "#events/moderation";
import {
  giftSent,
  liveCreated,
  liveDeleted,
  liveEnded,
  liveStarted,
  liveUpdated,
  userJoined,
  userLeft,
} from "#events/live";
import { type Client, contract, type Db, type EventType, type Host, on, plugin, type Role } from "#kernel";
import type { HostParts } from "#kernel/host/parts";
import { ServiceUnavailable } from "#kernel/errors";
import { callOf, TestHost } from "#kernel/host/testing";
import { auth } from "#services/auth/contract";
import { relation } from "#services/relation/contract";
import { user } from "#services/user/contract";
import { testUser } from "#services/user/testing";
import { video } from "#services/video/contract";
import { sql } from "kysely";
import type { z } from "zod";
import { live } from "./contract.ts";
import { livePlugin } from "./plugin.ts";
import type { Tables } from "./store.ts";

/** The owner of the rooms of the fixture, and another user. */
export const [host, guest] = [1, 2] as const;
export const notFound = { code: "live.not_found", kind: "not_found" };

/** Tables with rows that migrations make. */
const seededTables = ["live.accounts", "live.live_gifts"];

interface Relationship {
  readonly isFollowed?: boolean;
  readonly isBlocked?: boolean;
  readonly isBlocking?: boolean;
}

/** The service on a real host, with fakes of other services. */
export class LiveFixture {
  /** Published events of rooms, in order. */
  readonly published: string[] = [];
  /** The accounts that entered and left rooms. */
  readonly attendance: string[] = [];
  /** How a user is related to all others. */
  readonly relationships = new Map<number, Relationship>();
  /** The roles of those who are more than users. */
  readonly roles = new Map<number, Role>();
  /** Since when users follow the owner of the rooms. */
  readonly followedSince = new Map<number, number>();
  /** The service of follows is unavailable to gates. */
  areFollowsDown = false;
  readonly host: TestHost;
  readonly client: Client<typeof live>;
  /** Publishes that an account was deleted, as the service of accounts does. */
  readonly deleteAccount = (userId: number): Promise<void> => this.emit(userDeleted, userId, { userId });
  #neighbour: Host<object> | undefined;
  /** The rows that migrations make, as JSON, by table. */
  #seeded = new Map<string, string>();

  constructor(settings: object = {}, parts: Partial<HostParts> = {}) {
    this.host = new TestHost({ settings: { live: settings }, parts });
    this.client = this.host.client(live);
  }

  /** `addVideos` adds the service of videos and those it needs, in place of a fake. */
  async start(addVideos?: (host: TestHost) => Promise<void>): Promise<void> {
    await this.host.add(userFake);
    await this.host.add(this.#relation());
    await this.host.add(this.#auth());
    if (addVideos) await addVideos(this.host);
    else await this.host.add(videoFake);
    await this.host.add(livePlugin);
    await this.host.add(this.#listener());
    for (const table of seededTables) {
      const rows = sql<{ rows: string }>`SELECT json_agg(row)::text AS rows FROM ${sql.table(table)} AS row`;
      this.#seeded.set(table, (await rows.execute(this.db)).rows[0]?.rows ?? "[]");
    }
  }

  get db(): Db<Tables> {
    return this.host.database<Tables>("live");
  }

  async clear(): Promise<void> {
    await this.host.clear();
    for (const [table, rows] of this.#seeded)
      await sql`INSERT INTO ${sql.table(table)} SELECT * FROM json_populate_recordset(NULL::${sql.table(table)}, ${rows}::json)`.execute(
        this.db,
      );
    this.published.length = 0;
    this.attendance.length = 0;
    this.relationships.clear();
    this.roles.clear();
    this.followedSince.clear();
    this.areFollowsDown = false;
  }

  /** Publishes an event of another service. */
  async emit<P extends z.ZodType>(type: EventType<P>, key: number, payload: z.input<P>): Promise<void> {
    const neighbour = this.#neighbour ?? assert.fail("it has not started");
    await neighbour.db.tx((tx) => neighbour.emit(tx, type, key, payload));
  }

  /** A room of the host's, with its key. */
  async room(input: Partial<z.input<(typeof live)["methods"]["create"]["input"]>> = {}) {
    const { streamKey = "", ...room } = await this.client.create({ title: "Harbour", ...input }, callOf(host));
    return { ...room, streamKey };
  }

  /** A room of the host's that is live. */
  async liveRoom(input: Partial<z.input<(typeof live)["methods"]["create"]["input"]>> = {}) {
    const room = await this.room(input);
    await this.client.start({ id: room.id }, callOf(host));
    return room;
  }

  #relation() {
    const { towards, followedSince } = relation.methods;
    return plugin({
      contract: contract("relation", 1, { towards, followedSince }),
      needs: [],
      migrations: [],
      start: () => ({
        handlers: {
          towards: async ({ userId, otherIds }) => ({
            items: otherIds.map((otherId) => ({
              userId: otherId,
              isFollowed: false,
              isBlocked: false,
              isBlocking: false,
              ...this.relationships.get(userId),
            })),
          }),
          followedSince: async ({ userId, otherIds }) => {
            if (this.areFollowsDown) throw ServiceUnavailable({ service: "relation" });
            const sinceMs = this.followedSince.get(userId);
            return { items: sinceMs === undefined ? [] : otherIds.map((id) => ({ userId: id, sinceMs })) };
          },
        },
      }),
    });
  }

  #auth() {
    const { account, holds, termFaults } = auth.methods;
    return plugin({
      contract: contract("auth", 1, { account, holds, termFaults }),
      needs: [],
      migrations: [],
      start: () => ({
        handlers: {
          account: async ({ userId = 0 }) => ({ found: true, userId, role: this.roles.get(userId) ?? "user" }),
          holds: async ({ terms }) => ({ items: terms.map(() => ({ state: "not_held" as const, hasWallet: true })) }),
          termFaults: async ({ terms }) => ({
            items: terms.map(({ chainId }) => (chainId === 1 ? {} : { fault: "unknown_chain" as const })),
          }),
        },
      }),
    });
  }

  #listener() {
    const recordEvent =
      (name: string) =>
      async (_: unknown, { liveId }: { liveId: number }) =>
        void this.published.push(`${name} ${liveId}`);
    return plugin({
      contract: contract("listener", 1, {}),
      needs: [],
      migrations: [],
      events: [userDeleted],
      start: (neighbour: Host<object>) => {
        this.#neighbour = neighbour;
        return {
          handlers: {},
          subscriptions: [
            on(liveCreated, recordEvent("created")),
            on(liveUpdated, recordEvent("updated")),
            on(liveStarted, async (tx: unknown, payload: { liveId: number; notifiesFollowers: boolean }) => {
              await recordEvent("started")(tx, payload);
              if (payload.notifiesFollowers) await recordEvent("announced")(tx, payload);
            }),
            on(liveEnded, recordEvent("ended")),
            on(liveDeleted, recordEvent("deleted")),
            on(userJoined, async (_, { userId }) => void this.attendance.push(`${userId} joined`)),
            on(userLeft, async (_, { userId }) => void this.attendance.push(`${userId} left`)),
            on(giftSent, recordEvent("gift")),
            on(contentFlagged, async (_, { authorId }) => void this.published.push(`flagged ${authorId}`)),
          ],
        };
      },
    });
  }
}

const userFake = plugin({
  contract: contract("user", 1, { briefs: user.methods.briefs }),
  needs: [],
  migrations: [],
  start: () => ({
    handlers: { briefs: async ({ ids }) => ({ items: ids.map((id) => ({ ...testUser(id), role: undefined })) }) },
  }),
});
const videoFake = plugin({
  contract: contract("video", 1, { categories: video.methods.categories }),
  needs: [],
  migrations: [],
  start: () => ({ handlers: { categories: async () => ({ items: [] }) } }),
});
