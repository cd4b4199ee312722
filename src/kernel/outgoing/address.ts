import { isIP } from "node:net";
import { networkInterfaces } from "node:os";
import ipaddr from "ipaddr.js";

type Range = readonly [address: ipaddr.IPv4 | ipaddr.IPv6, bits: number];
const ranges = (...all: readonly string[]): Range[] => all.map((text) => ipaddr.parseCIDR(text));

/** IPv6 that is given out at all; everything else is loopback, local, mapped, translated, multicast or not yet used. */
const global6 = ranges("2000::/3");
/** Within the public space, but no place of the public net. */
const special = ranges(
  // IANA's special-purpose registry (RFC 6890): protocol assignments, Teredo and benchmarking among them, documentation.
  "2001::/23",
  "2001:db8::/32",
  "3fff::/20",
  // 6to4 (RFC 3056) wraps any IPv4 address; 3ffe::/16 was the 6bone (RFC 3701); AS112 answers for private names.
  "2002::/16",
  "3ffe::/16",
  "2620:4f:8000::/48",
  // Reached from inside a cloud machine it is the host's own service, public as it looks (Azure's WireServer).
  "168.63.129.16/32",
);

const isWithin = (address: ipaddr.IPv4 | ipaddr.IPv6, all: readonly Range[]): boolean =>
  all.some(([range, bits]) => range.kind() === address.kind() && address.match(range, bits));

/** ISATAP (RFC 5214 §6.1) carries an IPv4 address in an interface identifier of `0:5efe` or `200:5efe`. */
const isIsatap = ({ parts }: ipaddr.IPv6): boolean => ((parts[4] ?? 0) & 0xfdff) === 0 && parts[5] === 0x5efe;

/** True for an address that is public on the internet, as a resolver writes it. */
export function isPublic(text: string): boolean {
  // Only the strict form: a text that is read leniently here may mean another address to the code that connects.
  if (isIP(text) === 0 || text.includes("%")) return false;
  const address = ipaddr.parse(text);
  if (isWithin(address, special)) return false;
  if (address.kind() === "ipv4") return address.range() === "unicast";
  return address instanceof ipaddr.IPv6 && isWithin(address, global6) && !isIsatap(address);
}

/** This machine, and the net it is on where that is its own to filter: a firewall in front of it is not between them. */
export const ownRanges = (): string[] =>
  Object.values(networkInterfaces()).flatMap((all = []) =>
    all.flatMap(({ address, family, cidr }) => {
      if (address.includes("%")) return [];
      return family === "IPv6" && cidr !== null ? [cidr] : [`${address}/${family === "IPv6" ? 128 : 32}`];
    }),
  );

/** Reads addresses and ranges such as `10.0.0.0/8`; an address is the range of itself. */
const rangesOf = (all: readonly string[]): Range[] =>
  ranges(...all.map((text) => (text.includes("/") ? text : `${text}/${isIP(text) === 6 ? 128 : 32}`)));

/** Decides which addresses are asked: public ones that are not our own, and those an operator listed, exactly as listed. */
export function createAddressRule(
  allow: readonly string[],
  ownAddresses: () => readonly string[],
): (address: string) => boolean {
  const exceptions = rangesOf(allow);
  return (text) => {
    if (isIP(text) === 0 || text.includes("%")) return false;
    const address = ipaddr.parse(text);
    return isWithin(address, exceptions) || (isPublic(text) && !isWithin(address, rangesOf(ownAddresses())));
  };
}
