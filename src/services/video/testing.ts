import assert from "node:assert/strict";
import { mediaFailed, mediaReady } from "#events/media";
import { contentFlagged } from "#events/moderation";
import {
  metadataCreated,
  metadataDeleted,
  metadataUpdated,
  playlistDeleted,
  playlistUpdated,
  videoDeleted,
  videoMediaReleased,
  videoMediaReplaced,
  videoPublished,
  videoUpdated,
} from "#events/video";
import { type Client, contract, type EventType, type Host, on, plugin } from "#kernel";
import { ServiceUnavailable } from "#kernel/errors";
import { callOf, TestHost } from "#kernel/host/testing";
import { auth } from "#services/auth/contract";
import { media } from "#services/media/contract";
import { recommend } from "#services/recommend/contract";
import { recommendPlugin } from "#services/recommend/plugin";
import { relation } from "#services/relation/contract";
import { user } from "#services/user/contract";
import { sql } from "kysely";
import type { z } from "zod";
import { video } from "./contract.ts";
import { videoPlugin } from "./plugin.ts";

/** The owner of all videos of the fixture, and the only other user. */
export const [mira, noor] = [1, 2] as const;
export const notFound = { code: "video.not_found", http: 404, message: "no such video", details: {} };
/** Since when the chain of the fixture is silent. */
export const silentSinceMs = Date.UTC(2026, 0, 2);
export const service = callOf(undefined, { caller: "test" });

type Brief = z.output<typeof media.methods.briefs.output>["items"][number];
interface Relationship {
  isFollowed?: boolean;
  isBlocked?: boolean;
  isBlocking?: boolean;
}

/** The service on a real host with the feed, and with fakes of other services. */
export class VideoFixture {
  /** Published events, in order. */
  readonly published: string[] = [];
  /** The events about metadata, for consumers outside. */
  readonly metadata: string[] = [];
  /** How a user is related to all others. */
  readonly relationships = new Map<number, Relationship>();
  /** Since when users follow all others, for those who do. */
  readonly followedSince = new Map<number, number>();
  /** The state of the tokens of each user; unknown where there is none. */
  readonly holdings = new Map<number, "held" | "waiting_for_finality" | "not_held">();
  /** How often chains were asked anew. */
  asks = 0;
  /** Relation is unavailable. */
  areTiesDown = false;
  /** Runs once between an answer of media and its use. */
  meanwhile: (() => Promise<unknown>) | undefined;
  // A test is not about the pace of its machine.
  readonly host = new TestHost({ settings: { recommend: { personalMsMax: 60_000 } } });
  readonly client: Client<typeof video> = this.host.client(video);
  readonly feed: Client<typeof recommend> = this.host.client(recommend);
  readonly #objects = new Map<number, Brief>();
  #lastObject = 1_000;
  /** The host of the media fake, which publishes the events of a test. */
  #neighbour: Host | undefined;

  async start(): Promise<void> {
    await this.host.add(this.#media());
    await this.host.add(userFake);
    await this.host.add(this.#relation());
    await this.host.add(this.#wallets());
    await this.host.add(videoPlugin);
    await this.host.add(recommendPlugin);
    await this.host.add(this.#listener());
  }

  async clear(): Promise<void> {
    await this.host.clear();
    this.published.length = 0;
    this.metadata.length = 0;
    this.#objects.clear();
    this.relationships.clear();
    this.followedSince.clear();
    this.holdings.clear();
    this.asks = 0;
    this.areTiesDown = false;
  }

  /** A media object. */
  object(
    id: number,
    userId: number,
    status: Brief["status"],
    kind: Brief["kind"] = "video",
    chapters: Brief["chapters"] = [],
  ): void {
    this.#objects.set(id, {
      id,
      userId,
      kind,
      status,
      statusReason: null,
      width: 640,
      height: 360,
      durationMs: 6_000,
      sizeBytes: 1_000,
      hasCover: false,
      thumb: null,
      gainDb: 0,
      hasStoryboard: false,
      hasPreview: false,
      hasWaveform: false,
      chapters,
    });
  }

  /** A new media object of mira's. */
  newObject(status: Brief["status"]): number {
    this.object(++this.#lastObject, mira, status);
    return this.#lastObject;
  }

  /** A video of mira's that can be played immediately. */
  publish(input: Partial<z.input<(typeof video)["methods"]["create"]["input"]>>) {
    return this.client.create({ title: "Sea", mediaId: this.newObject("ready"), ...input }, callOf(mira));
  }

  async emit<P extends z.ZodType>(type: EventType<P>, key: number, payload: z.input<P>): Promise<void> {
    const neighbour = this.#neighbour ?? assert.fail("it has not started");
    await neighbour.db.tx((tx) => neighbour.emit(tx, type, key, payload));
  }

  async ready(mediaId: number, chapters: Brief["chapters"] = []): Promise<void> {
    const film = { kind: "video" as const, width: 640, height: 360, durationMs: 6_000, fps: 30 };
    await this.emit(mediaReady, mediaId, {
      mediaId,
      userId: mira,
      sizeBytes: 1_000,
      hasCover: true,
      chapters,
      ...film,
    });
    await this.host.drain();
  }

  async fail(mediaId: number): Promise<void> {
    const error = { error: "media.unreadable", message: "it ends in the middle" };
    await this.emit(mediaFailed, mediaId, { mediaId, userId: mira, ...error });
    await this.host.drain();
  }

  /** As if so much time had passed since videos were planned, and their jobs were due a little early. */
  async passTime(ms: number): Promise<void> {
    const database = this.host.database("video");
    await sql`UPDATE video.videos SET publish_at_ms = publish_at_ms - ${ms}::bigint`.execute(database);
    await sql`
      UPDATE jobs SET due_ms = 0, payload = jsonb_set(payload::jsonb, '{atMs}',
        to_jsonb((payload::jsonb ->> 'atMs')::bigint - ${ms}::bigint))::text
      WHERE kind = 'publish' AND state = 'queued'`.execute(database);
    await this.host.drain();
  }

  /** Asserts that the services find no contradiction. */
  async assertConsistent(): Promise<void> {
    const findings: string[] = [];
    for await (const { service: of, finding } of (await this.host.host()).verify({ readsAll: false }))
      findings.push(`${of}: ${finding}`);
    assert.deepEqual(findings, []);
  }

  #media() {
    return plugin({
      contract: contract("media", 1, { briefs: media.methods.briefs }),
      needs: [],
      migrations: [],
      start: (host: Host) => {
        this.#neighbour = host;
        return {
          handlers: {
            briefs: async ({ ids }) => {
              const happens = this.meanwhile;
              this.meanwhile = undefined;
              await happens?.();
              return { items: ids.flatMap((id) => this.#objects.get(id) ?? []) };
            },
          },
        };
      },
    });
  }

  #relation() {
    return plugin({
      contract: contract("relation", 1, {
        towards: relation.methods.towards,
        followedSince: relation.methods.followedSince,
      }),
      needs: [],
      migrations: [],
      start: () => ({
        handlers: {
          towards: async ({ userId, otherIds }) => {
            if (this.areTiesDown) throw ServiceUnavailable({ service: "relation" });
            const none = { isFollowed: false, isBlocked: false, isBlocking: false };
            return { items: otherIds.map((id) => ({ ...none, userId: id, ...this.relationships.get(userId) })) };
          },
          followedSince: async ({ userId, otherIds }) => {
            if (this.areTiesDown) throw ServiceUnavailable({ service: "relation" });
            const sinceMs = this.followedSince.get(userId);
            return { items: sinceMs === undefined ? [] : otherIds.map((id) => ({ userId: id, sinceMs })) };
          },
        },
      }),
    });
  }

  #wallets() {
    const { holds, termFaults } = auth.methods;
    return plugin({
      contract: contract("auth", 1, { holds, termFaults }),
      needs: [],
      migrations: [],
      start: () => ({
        handlers: {
          holds: async ({ userId, terms, isAnew }) => {
            if (isAnew) this.asks += 1;
            const state = this.holdings.get(userId);
            const holding = state
              ? { state, hasWallet: true }
              : { state: "unknown" as const, hasWallet: true, sinceMs: silentSinceMs, chain: "Ethereum" };
            return { items: terms.map(() => holding) };
          },
          termFaults: async ({ terms }) => ({
            items: terms.map(({ chainId }) => (chainId === 1 ? {} : { fault: "unknown_chain" as const })),
          }),
        },
      }),
    });
  }

  #listener() {
    const record = (line: string): undefined => void this.published.push(line);
    return plugin({
      contract: contract("listener", 1, {}),
      needs: [],
      migrations: [],
      start: () => ({
        handlers: {},
        subscriptions: [
          on(videoPublished, async (_, { videoId, visibility }) => record(`published:${videoId}:${visibility}`)),
          on(videoUpdated, async (_, { videoId, changed }) => record(`updated:${videoId}:${changed.join()}`)),
          on(videoMediaReplaced, async (_, { videoId, mediaId, formerMediaId }) =>
            record(`replaced:${videoId}:${formerMediaId}>${mediaId}`),
          ),
          on(videoMediaReleased, async (_, { videoId, mediaId }) => record(`released:${videoId}:${mediaId}`)),
          on(videoDeleted, async (_, { videoId, isLastOfMedia }) => record(`deleted:${videoId}:${isLastOfMedia}`)),
          on(playlistUpdated, async (_, { playlistId, title, description, version }) =>
            record(`playlist:${playlistId}:${title}:${description}:${version}`),
          ),
          on(metadataCreated, async (_, { contentId }) => void this.metadata.push(`created:${contentId}`)),
          on(
            metadataUpdated,
            async (_, { contentId, changed }) => void this.metadata.push(`updated:${contentId}:${changed.join()}`),
          ),
          on(metadataDeleted, async (_, { contentId }) => void this.metadata.push(`deleted:${contentId}`)),
          on(contentFlagged, async (_, { kind, id, excerpt }) => record(`flagged:${kind}:${id}:${excerpt}`)),
          on(playlistDeleted, async (_, { playlistId }) => record(`playlist deleted:${playlistId}`)),
        ],
      }),
    });
  }
}

const userFake = plugin({
  contract: contract("user", 1, { briefs: user.methods.briefs }),
  needs: [],
  migrations: [],
  start: () => ({
    handlers: {
      briefs: async ({ ids }) => ({
        items: ids
          .filter((id) => id <= noor)
          .map((id) => ({ id, username: "u", nickname: "u", avatar: "", introduction: "" })),
      }),
    },
  }),
});
