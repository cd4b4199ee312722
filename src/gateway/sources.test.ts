import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { networkOf, Sources } from "./sources.ts";

describe("a source", () => {
  it("is one for all addresses of a /64, however they are written (S3.4)", () => {
    const group = fc.integer({ min: 0, max: 0xffff }).map((value) => value.toString(16));
    const four = fc.tuple(group, group, group, group);
    const sources = new Sources();
    fc.assert(
      fc.property(four, four, four, (network, a, b) => {
        const [one, other] = [a, b].map((host) => [...network, ...host].join(":"));
        assert.equal(sources.of(one ?? ""), sources.of(other ?? ""));
      }),
    );
    for (const written of ["2001:db8::1", "2001:db8:0:0::ffff", "2001:0db8:0000:0000:0:0:0:9", "2001:DB8::1%eth0"])
      assert.equal(networkOf(written), "2001:db8:0:0::/64");
    assert.equal(networkOf("::1"), "0:0:0:0::/64");
    assert.notEqual(networkOf("2001:db8:0:1::1"), networkOf("2001:db8::1"));
  });

  it("is one for an IPv4 address and its spelling as IPv6, and another for the next address", () => {
    assert.equal(networkOf("::ffff:203.0.113.9"), networkOf("203.0.113.9"));
    assert.notEqual(networkOf("203.0.113.8"), networkOf("203.0.113.9"));
  });
});
