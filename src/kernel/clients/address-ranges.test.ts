import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { AddressRanges } from "./address-ranges.ts";

describe("ranges of addresses", () => {
  it("contain addresses of both versions, to the bit", () => {
    const ranges = new AddressRanges(["10.4.0.0/14", "192.0.2.7", "2001:db8::/33", "fe80::/10"]);
    for (const address of [
      "10.4.0.0",
      "10.7.255.255",
      "192.0.2.7",
      "2001:db8:7fff::1",
      "fe80::1%eth0",
      "::ffff:10.5.0.1",
    ])
      assert.ok(ranges.has(address), address);
    for (const address of [
      "10.8.0.0",
      "10.3.255.255",
      "192.0.2.8",
      "2001:db8:8000::1",
      "::1",
      "::ffff:10.8.0.1",
      "",
      "x",
    ])
      assert.ok(!ranges.has(address), address);
  });

  it("contain nothing when there are none", () => {
    assert.ok(new AddressRanges([]).isEmpty);
    assert.ok(!new AddressRanges([]).has("127.0.0.1"));
    assert.ok(new AddressRanges(["0.0.0.0/0"]).has("203.0.113.1"));
  });
});
