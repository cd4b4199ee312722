import { createHash, randomBytes } from "node:crypto";
import { isIPv6 } from "node:net";

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
    const name = createHash("sha256")
      .update(`${this.#salt}:${day}:${networkOf(address)}`)
      .digest("base64url")
      .slice(0, 22);
    this.#known.set(address, name);
    return name;
  }
}

/**
 * What one client is given: an IPv4 address, or the /64 of an IPv6 address, for whoever has one of its addresses has all
 * of them and would be a new source with each (security S3.4). Pure.
 */
export function networkOf(address: string): string {
  const [, mapped] = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address) ?? [];
  if (mapped !== undefined) return mapped;
  if (!isIPv6(address)) return address;
  const [head = "", tail] = (address.split("%", 1)[0] ?? "").split("::");
  const groups = (text: string | undefined) => (text ? text.split(":") : []);
  const zeros = tail === undefined ? 0 : 8 - groups(head).length - groups(tail).length;
  const all = [...groups(head), ...Array.from({ length: zeros }, () => "0"), ...groups(tail)];
  const network = all.slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16));
  return `${network.join(":")}::/64`;
}
