import { createHash, randomBytes } from "node:crypto";

const dayMs = 24 * 3_600_000;
const knownMax = 20_000;

/** Names for clients' addresses that change each day and with each process: sources are told apart, not remembered. */
export class Sources {
  readonly #salt = randomBytes(16).toString("hex");
  readonly #known = new Map<string, string>();
  #day = 0;

  of(address: string): string {
    const day = Math.floor(Date.now() / dayMs);
    if (day !== this.#day || this.#known.size > knownMax) this.#known.clear();
    this.#day = day;
    const known = this.#known.get(address);
    if (known !== undefined) return known;
    const name = createHash("sha256").update(`${this.#salt}:${day}:${address}`).digest("base64url").slice(0, 22);
    this.#known.set(address, name);
    return name;
  }
}
