import { createHash, randomBytes } from "node:crypto";
import { type Call, newCall } from "#kernel";
import { withinDeadline } from "#kernel/call";
import { networkOf } from "#kernel/clients/network";

const dayMs = 24 * 3_600_000;
const knownMax = 20_000;
/** Requests wait this long for the salt of a new day, once; after a failure no request waits for the next attempt. */
const usualWaitMs = 1_000;
const retryMs = 5_000;

/** The salt all gateways of today have in common, and for how long; asked of the auth service. */
type ReadSalt = (call: Call) => Promise<{ readonly salt: string; readonly endsInMs: number }>;

/**
 * Pseudonyms of clients' addresses that change each day: addresses are distinguished, not remembered. All gateways give an address
 * the same name on one day, also after a restart, for they share a salt; auth forgets it when its day is over, and each gateway with its first request after that.
 */
export class AddressPseudonyms {
  readonly #readSalt: ReadSalt;
  readonly #now: () => number;
  readonly #waitMs: number;
  readonly #pseudonyms = new Map<string, string>();
  #salt = "";
  /** When the salt expires. */
  #untilMs = Number.NEGATIVE_INFINITY;
  #isOwn = false;
  #requestedMs = Number.NEGATIVE_INFINITY;
  #renewing: Promise<void> | undefined;

  constructor(readSalt: ReadSalt, now: () => number = Date.now, waitMs = usualWaitMs) {
    this.#readSalt = readSalt;
    this.#now = now;
    this.#waitMs = waitMs;
  }

  /** Never fails. */
  async of(address: string): Promise<string> {
    const nowMs = this.#now();
    if (nowMs >= this.#untilMs) await this.#renew();
    else if (this.#isOwn && nowMs - this.#requestedMs >= retryMs) void this.#renew();
    return this.#nameOf(address);
  }

  #nameOf(address: string): string {
    const stored = this.#pseudonyms.get(address);
    if (stored !== undefined) return stored;
    if (this.#pseudonyms.size >= knownMax) this.#pseudonyms.clear();
    const name = createHash("sha256")
      .update(`${this.#salt}:${networkOf(address)}`)
      .digest("base64url")
      .slice(0, 22);
    this.#pseudonyms.set(address, name);
    return name;
  }

  #renew(): Promise<void> {
    return (this.#renewing ??= this.#renewOnce().finally(() => (this.#renewing = undefined)));
  }

  async #renewOnce(): Promise<void> {
    // Counted from the question: the day is not longer for an answer that took its time.
    const requestedMs = this.#now();
    this.#requestedMs = requestedMs;
    const call = newCall({ waitMs: this.#waitMs });
    try {
      const { salt, endsInMs } = await withinDeadline(call, this.#readSalt(call));
      this.#use(salt, requestedMs + endsInMs, false);
    } catch {
      // A view that counts twice is better than a request that fails, and yesterday's salt would tie two days together. Until
      // auth answers, this process has a salt of its own for the day; so it is with an auth that is older than the question.
      if (this.#now() >= this.#untilMs)
        this.#use(randomBytes(16).toString("base64url"), (Math.floor(requestedMs / dayMs) + 1) * dayMs, true);
    }
  }

  #use(salt: string, untilMs: number, isOwn: boolean): void {
    this.#pseudonyms.clear();
    this.#salt = salt;
    this.#untilMs = untilMs;
    this.#isOwn = isOwn;
  }
}
