import { AddressRanges } from "./address-ranges.ts";

const loopback = ["127.0.0.0/8", "::1"];

/** Addresses from which many clients come: trusted proxies, and loopback unless it is limited too. */
export class Carriers {
  readonly #ranges: AddressRanges;

  /** @param trustedProxies addresses or ranges */
  constructor(trustedProxies: readonly string[], { limitsLoopback }: { readonly limitsLoopback: boolean }) {
    this.#ranges = new AddressRanges([...trustedProxies, ...(limitsLoopback ? [] : loopback)]);
  }

  has(address: string): boolean {
    return this.#ranges.has(address);
  }
}
