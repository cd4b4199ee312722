import { BlockList, isIPv6 } from "node:net";

/** Addresses and ranges of addresses, such as `10.0.0.0/8`. */
export class AddressRanges {
  readonly #list = new BlockList();
  readonly isEmpty: boolean;

  /** @param ranges as the configuration has checked them */
  constructor(ranges: readonly string[]) {
    this.isEmpty = ranges.length === 0;
    for (const range of ranges) {
      const [address = "", bits] = range.split("/");
      if (bits === undefined) this.#list.addAddress(address, familyOf(address));
      else this.#list.addSubnet(address, Number(bits), familyOf(address));
    }
  }

  /** An IPv4 address is also found as the IPv6 address that stands for it (`::ffff:10.0.0.1`). */
  has(address: string): boolean {
    const [plain = ""] = address.split("%", 1);
    return plain !== "" && this.#list.check(plain, familyOf(plain));
  }
}

const familyOf = (address: string) => (isIPv6(address) ? "ipv6" : "ipv4");
