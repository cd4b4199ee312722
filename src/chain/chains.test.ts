import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readChains } from "./chains.ts";

const [a, b, c] = ["https://a.example", "https://b.example", "https://c.example"];
const ethereum = { id: 1, namespace: "eip155", name: "Ethereum", endpoints: [a] };

describe("the configuration of chains", () => {
  it("has defaults for agreement, grant, age and deadline", () => {
    const [one, two] = readChains(JSON.stringify([ethereum, { ...ethereum, id: 137, endpoints: [a, b, c] }]));
    assert.deepEqual(one, {
      ...ethereum,
      agree: 1,
      grant: { kind: "finalized" },
      block_age_max_seconds: 120,
      deadline_ms: 3_000,
      genesis: "5eykt4UsFv8P8NJdTREpY1vzqKqZKvdpKuc147dw2N9d",
    });
    assert.equal(two?.agree, 2);
  });

  it("reads a grant by depth", () => {
    const [chain] = readChains(JSON.stringify([{ ...ethereum, grant: "depth:12" }]));
    assert.deepEqual(chain?.grant, { kind: "depth", blocks: 12 });
  });

  it("knows the main cluster of Solana, and needs the genesis hash of others", () => {
    const solana = { id: -1, namespace: "solana", name: "Solana", endpoints: [a] };
    assert.equal(readChains(JSON.stringify([solana])).length, 1);
    assert.throws(() => readChains(JSON.stringify([{ ...solana, id: -2 }])), /needs its genesis hash/);
  });

  for (const [flaw, change, says] of [
    ["no endpoint", { endpoints: [] }, /at 0\.endpoints: a chain needs an endpoint/],
    ["an endpoint that is no address", { endpoints: ["node"] }, /an endpoint is an address of http or https/],
    ["an endpoint of another scheme", { endpoints: ["wss://a.example"] }, /an endpoint is an address of http or https/],
    ["the same endpoint twice", { endpoints: [a, `${a}/`] }, /an endpoint is named twice/],
    ["more agreement than endpoints", { agree: 2 }, /agree is larger than the number of endpoints/],
    ["an unknown grant", { grant: "latest" }, /grant is finalized, safe, or depth:n/],
    ["a depth of zero", { grant: "depth:0" }, /grant is finalized, safe, or depth:n/],
    ["a negative id", { id: -5 }, /its EIP-155 number/],
    ["an id of zero", { id: 0 }, /its EIP-155 number/],
    ["a genesis of an EVM chain", { genesis: "1".repeat(32) }, /only a cluster of Solana/],
    ["a depth on Solana", { id: -1, namespace: "solana", grant: "depth:3" }, /Solana grants at finalized or safe/],
    ["an unknown setting", { rpc: a }, /at 0: Unrecognized key: "rpc"/],
  ] as const)
    it(`is refused with ${flaw}`, () => {
      assert.throws(() => readChains(JSON.stringify([{ ...ethereum, ...change }])), says);
    });

  it("is refused where it is not JSON, not a list, or names a chain twice", () => {
    assert.throws(() => readChains("{"), /must be JSON/);
    assert.throws(() => readChains("{}"), /expected array/);
    assert.throws(() => readChains(JSON.stringify([ethereum, ethereum])), /a chain id occurs twice/);
  });

  it("is refused without the address of an endpoint in the sentence, which may have a key", () => {
    const secret = "https://u:key@a.example/v2/key#x";
    assert.throws(
      () => readChains(JSON.stringify([{ ...ethereum, endpoints: [secret] }])),
      ({ message }: Error) => /no fragment/.test(message) && !message.includes("key"),
    );
  });
});
