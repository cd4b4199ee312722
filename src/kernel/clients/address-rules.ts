import { AddressRanges } from "./address-ranges.ts";

/** Loopback: health checks and operators of this machine. */
const loopback = new AddressRanges(["127.0.0.0/8", "::1"]);

interface Lists {
  /** Addresses or ranges that are refused. */
  readonly deny: readonly string[];
  /** Addresses or ranges that alone are admitted, where there are some. */
  readonly allow: readonly string[];
  /** Addresses or ranges whose `X-Forwarded-For` is believed. */
  readonly trustedProxies: readonly string[];
}

/** Admits clients by their addresses. A refused range inside an allowed one stays refused. */
export class AddressRules {
  readonly #deny: AddressRanges;
  readonly #allow: AddressRanges;
  readonly #trusted: AddressRanges;

  constructor({ deny, allow, trustedProxies }: Lists) {
    this.#deny = new AddressRanges(deny);
    this.#allow = new AddressRanges(allow);
    this.#trusted = new AddressRanges(trustedProxies);
  }

  /** True for every address. */
  get isOpen(): boolean {
    return this.#deny.isEmpty && this.#allow.isEmpty;
  }

  /**
   * True if this client may come in. A peer of this machine always may, unless it passes on a request of another
   * client as a trusted proxy.
   */
  admits(peer: string, forwardedFor?: string): boolean {
    if (this.isOpen) return true;
    const address = this.#clientOf(peer, forwardedFor);
    if (address === peer && loopback.has(peer)) return true;
    return !this.#deny.has(address) && (this.#allow.isEmpty || this.#allow.has(address));
  }

  /** The last address that no trusted proxy has (security S3.4): what stands before it, anybody may have written. */
  #clientOf(peer: string, forwardedFor = ""): string {
    let address = peer;
    for (const claimed of forwardedFor.split(",").toReversed()) {
      if (!this.#trusted.has(address)) break;
      address = claimed.trim() || address;
    }
    return address;
  }
}
