import type { Call, Id } from "#kernel";
import { CachePolicies } from "#kernel/cache/policies";
import type { CacheDeclaration, CachePolicy } from "#kernel/cache/policy";
import { live } from "#services/live/contract";
import type { z } from "zod";
import type { ClientOf } from "../client-of.ts";

type Right = z.output<(typeof live)["methods"]["playback"]["output"]>;
interface Known {
  readonly untilMs: number;
  readonly right: Promise<Right>;
}

/** A change of who may watch takes effect within this time, and that of the room's state (at most 2 s). */
const rightsCache: CacheDeclaration = {
  name: "gateway.live_rights",
  what: "Whether a viewer may watch a live room.",
  ttlMs: 3_000,
  lifetimeMsMax: 8_000,
};
const knownMax = 100_000;

/**
 * The rights of viewers to watch live rooms. A player asks several times a second, so an answer counts for seconds:
 * for all viewers of a room that is open to all, else for one token or account.
 */
export class PlaybackRights {
  readonly #client: ClientOf;
  readonly #policy: CachePolicy;
  readonly #cached = new Map<string, Known>();

  constructor(client: ClientOf, caches = new CachePolicies()) {
    this.#client = client;
    this.#policy = caches.declare(rightsCache);
    this.#policy.hold({
      entries: () => this.#cached.size,
      clear: () => this.#cached.clear(),
      deleteKey: (id) => this.#drop(id),
      deleteTag: (tag) => {
        if (tag.startsWith("live:")) this.#drop(tag.slice("live:".length));
      },
    });
  }

  /** True if the room is open to everybody by a cached answer; it asks no service. */
  async isOpen(id: Id): Promise<boolean> {
    const cached = this.#fresh(keyOf(id, ""));
    if (cached) this.#policy.count(true);
    return cached ? (await cached.right.catch(() => undefined))?.isOpen === true : false;
  }

  /** @throws LiveNotFound, PasswordNeeded, BadPlaybackToken */
  async of(id: Id, token: string | undefined, call: Call): Promise<Right> {
    const key = keyOf(id, token ?? `user ${call.userId ?? 0} ${call.role ?? ""} ${call.unlock ?? ""}`);
    const cached = this.#fresh(key);
    this.#policy.count(cached !== undefined);
    if (cached) return cached.right;
    const right = this.#client(live).playback({ id, ...(token !== undefined && { token }) }, call);
    this.#remember(key, right);
    // A refusal is remembered too; it is thrown where it is awaited.
    right.then(
      ({ isOpen }) => isOpen && this.#remember(keyOf(id, ""), right),
      () => undefined,
    );
    return right;
  }

  #fresh(key: string): Known | undefined {
    const cached = this.#cached.get(key);
    return cached && cached.untilMs > performance.now() ? cached : undefined;
  }

  #drop(id: string): void {
    for (const key of this.#cached.keys()) if (key.startsWith(`${id} `)) this.#cached.delete(key);
  }

  #remember(key: string, right: Promise<Right>): void {
    if (this.#cached.size >= knownMax) this.#cached.clear();
    this.#cached.set(key, { untilMs: performance.now() + this.#policy.ttlMs, right });
  }
}

const keyOf = (id: Id, viewer: string): string => `${id} ${viewer}`;
