import { BlockList, isIPv6 } from "node:net";

const loopback = ["127.0.0.0/8", "::1"];

/** Addresses from which many clients come: trusted proxies, and loopback unless it is limited too. */
export class Carriers {
  readonly #list = new BlockList();

  /** @param trustedProxies addresses or ranges */
  constructor(trustedProxies: readonly string[], { limitsLoopback }: { readonly limitsLoopback: boolean }) {
    for (const range of [...trustedProxies, ...(limitsLoopback ? [] : loopback)]) {
      const [address = "", bits] = range.split("/");
      if (bits === undefined) this.#list.addAddress(address, familyOf(address));
      else this.#list.addSubnet(address, Number(bits), familyOf(address));
    }
  }

  has(address: string): boolean {
    return this.#list.check(address, familyOf(address));
  }
}

const familyOf = (address: string) => (isIPv6(address) ? "ipv6" : "ipv4");
