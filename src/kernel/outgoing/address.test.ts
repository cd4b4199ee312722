import assert from "node:assert/strict";
import { BlockList } from "node:net";
import { describe, it } from "node:test";
import fc from "fast-check";
import { createAddressRule, isPublic, ownRanges } from "./address.ts";

describe("an allowed outgoing address", () => {
  it("may be any public address", () => {
    for (const address of ["1.1.1.1", "93.184.216.34", "223.255.255.255", "2606:4700:4700::1111", "2a00:1450::8a"])
      assert.equal(isPublic(address), true, address);
  });

  it("is in no special range, including the first and last addresses of each", () => {
    for (const address of ends) assert.equal(isPublic(address), false, address);
  });

  it("is written in strict notation, without a zone", () => {
    for (const address of [
      "8.8.8",
      "0x8.8.8.8",
      "08.8.8.8",
      "134744072",
      "2606:4700::1%eth0",
      "",
      "example.org",
      "8.8.8.8 ",
    ])
      assert.equal(isPublic(address), false, address);
  });

  it("is any address outside a plain list of refused ranges", () => {
    fc.assert(
      fc.property(fc.ipV4(), (address) => assert.equal(isPublic(address), !refused4.check(address, "ipv4"), address)),
      { numRuns: 5_000 },
    );
    const group = fc.nat(0xffff).map((part) => part.toString(16));
    const head = fc.oneof(
      fc.constantFrom("2001", "2002", "3fff", "3ffe", "2620", "fe80", "fc00", "ff02", "64", "0"),
      group,
    );
    const near = fc.tuple(head, fc.oneof(fc.constantFrom("0", "db8", "ff9b", "4f", "1ff", "200"), group));
    const address = fc.tuple(near, fc.array(group, { minLength: 6, maxLength: 6 }));
    fc.assert(
      fc.property(address, ([[first, second], others]) => {
        const text = [first, second, ...others].join(":");
        // The two groups that could make it ISATAP are shown below.
        if (others[3] !== "5efe") assert.equal(isPublic(text), !refused6(text), text);
      }),
      { numRuns: 5_000 },
    );
  });

  it("does not embed an IPv4 address in IPv6", () => {
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        const [a = 0, b = 0, c = 0, d = 0] = address.split(".").map(Number);
        const hex = [(a << 8) | b, (c << 8) | d].map((part) => part.toString(16)).join(":");
        const wrapped = [`::${hex}`, `::ffff:${hex}`, `::ffff:0:${hex}`, `64:ff9b::${hex}`, `64:ff9b:1::${hex}`];
        const tunnels = [`2002:${hex}::1`, `2001:0:${hex}::1`, `2a00:1450::5efe:${hex}`, `2a00:1450::200:5efe:${hex}`];
        for (const one of [...wrapped, ...tunnels, `::ffff:${address}`]) assert.equal(isPublic(one), false, one);
      }),
    );
  });

  it("may be an address that an operator excepts, in its listed form only", () => {
    const isAsked = createAddressRule(["127.0.0.1", "10.1.0.0/16", "::1", "fd00::/8"], () => []);
    for (const address of ["127.0.0.1", "10.1.2.3", "::1", "fd12::1", "1.1.1.1"]) assert.equal(isAsked(address), true);
    for (const address of ["127.0.0.2", "10.2.0.0", "::ffff:127.0.0.1", "::ffff:7f00:1", "::", "0.0.0.0", "fe80::1"])
      assert.equal(isAsked(address), false, address);
    assert.equal(isAsked("127.1"), false);
  });

  it("is not an address of this machine, unless an operator excepts it", () => {
    const own = () => ["203.0.114.7/32", "2a00:1450:1:2::7/64"];
    const [isAsked, isExcepted] = [createAddressRule([], own), createAddressRule(["203.0.114.7"], own)];
    assert.deepEqual([isAsked("203.0.114.7"), isAsked("203.0.114.8"), isExcepted("203.0.114.7")], [false, true, true]);
    assert.deepEqual([isAsked("2a00:1450:1:2::9"), isAsked("2a00:1450:1:3::9")], [false, true]);
    assert.ok(ownRanges().some((range) => range.startsWith("127.0.0.1/")));
  });
});

const ends = words(
  "0.0.0.0 0.255.255.255 10.0.0.0 10.255.255.255 100.64.0.0 100.127.255.255 127.0.0.0",
  "127.255.255.255 168.63.129.16 169.254.0.0 169.254.169.254 169.254.255.255 172.16.0.0",
  "172.31.255.255 192.0.0.0 192.0.0.255 192.0.2.0 192.0.2.255 192.88.99.0 192.168.0.0",
  "192.168.255.255 198.18.0.0 198.19.255.255 198.51.100.0 198.51.100.255 203.0.113.0",
  "203.0.113.255 224.0.0.0 239.255.255.255 240.0.0.0 255.255.255.255 :: ::1 ::ffff:1.1.1.1",
  "64:ff9b::1.1.1.1 64:ff9b:1::1 100::1 1fff:ffff:: 2001::1 2001:1ff:ffff:: 2001:db8::1",
  "2002:101:101::1 3fff::1 3fff:fff::1 4000::1 5f00::1 fc00::1 fdff::1 fe80::1 febf::1",
  "fec0::1 ff00::1 ff02::1 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
);

/** The rule once more, as a plain list. */
const refused4 = new BlockList();
for (const range of words(
  "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 168.63.129.16/32 169.254.0.0/16 172.16.0.0/12",
  "192.0.0.0/24 192.0.2.0/24 192.31.196.0/24 192.52.193.0/24 192.88.99.0/24 192.168.0.0/16",
  "192.175.48.0/24 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4",
)) {
  const [address = "", bits] = range.split("/");
  refused4.addSubnet(address, Number(bits), "ipv4");
}
const [given6, special6] = [new BlockList(), new BlockList()];
given6.addSubnet("2000::", 3, "ipv6");
for (const [address, bits] of [
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["3ffe::", 16],
  ["3fff::", 20],
  ["2620:4f:8000::", 48],
] as const)
  special6.addSubnet(address, bits, "ipv6");
const refused6 = (text: string): boolean => !given6.check(text, "ipv6") || special6.check(text, "ipv6");

function words(...lines: readonly string[]): string[] {
  return lines.flatMap((line) => line.split(" "));
}
