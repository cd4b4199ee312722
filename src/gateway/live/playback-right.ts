import type { Call, Id } from "#kernel";
import { live } from "#services/live/contract";
import type { z } from "zod";
import type { ClientOf } from "../client-of.ts";

type Right = z.output<(typeof live)["methods"]["playback"]["output"]>;
interface Known {
  readonly untilMs: number;
  readonly right: Promise<Right>;
}

/** A change of who may watch takes effect within this time. */
const lifeMs = 3_000;
const knownMax = 100_000;

/**
 * The rights of viewers to watch live rooms. A player asks several times a second, so an answer counts for three seconds:
 * for all viewers of a room that is open to all, else for one token or account.
 */
export class PlaybackRights {
  readonly #client: ClientOf;
  readonly #cached = new Map<string, Known>();

  constructor(client: ClientOf) {
    this.#client = client;
  }

  /** True if the room is open to everybody by a cached answer; it asks no service. */
  async isOpen(id: Id): Promise<boolean> {
    const cached = this.#fresh(keyOf(id, ""));
    return cached ? (await cached.right.catch(() => undefined))?.isOpen === true : false;
  }

  /** @throws LiveNotFound, PasswordNeeded, BadPlaybackToken */
  async of(id: Id, token: string | undefined, call: Call): Promise<Right> {
    const key = keyOf(id, token ?? `user ${call.userId ?? 0} ${call.role ?? ""} ${call.unlock ?? ""}`);
    const cached = this.#fresh(key);
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

  #remember(key: string, right: Promise<Right>): void {
    if (this.#cached.size >= knownMax) this.#cached.clear();
    this.#cached.set(key, { untilMs: performance.now() + lifeMs, right });
  }
}

const keyOf = (id: Id, viewer: string): string => `${id} ${viewer}`;
