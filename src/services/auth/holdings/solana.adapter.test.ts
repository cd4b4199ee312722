import assert from "node:assert/strict";
import { generateKeyPairSync, sign } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { address } from "@solana/kit";
import { base58Of } from "#chain/base58";
import { callOf, TestHost } from "#kernel/host/testing";
import { createSplToken } from "#test/chain/spl-token";
import { type Solana, startSolana } from "#test/servers/solana";
import { auth } from "../contract.ts";
import { authPlugin } from "../plugin.ts";

describe("a wallet of Solana", () => {
  before(async () => {
    cluster = await startSolana();
    host = new TestHost({
      environment: { now: () => Date.now() + skewMs },
      settings: {
        auth: {
          chains: [
            {
              id: -2,
              namespace: "solana",
              name: "Sol",
              endpoints: [cluster.url],
              genesis: cluster.genesis,
              block_age_max_seconds: 3_600,
            },
          ],
        },
      },
    });
    await host.add(authPlugin);
  });
  after(async () => {
    await host[Symbol.asyncDispose]();
    await cluster[Symbol.asyncDispose]();
  });

  it("signs in, and opens what its token opens, from the final purchase to the sale", async () => {
    const client = host.client(auth);
    const { publicKey, privateKey } = generateKeyPairSync("ed25519");
    const wallet = base58Of(new Uint8Array(publicKey.export({ format: "der", type: "spki" }).subarray(-32)));
    const { challengeId, message } = await client.challenge({ wallet, namespace: "solana" }, callOf());
    const signature = base58Of(new Uint8Array(sign(null, Buffer.from(message), privateKey)));
    const { userId = 0 } = await client.loginByWallet({ challengeId, signature, chainId: -2 }, callOf());
    const token = await createSplToken(cluster);
    const terms = [{ chainId: -2, contract: token.mint, standard: "spl" as const, min: "5" }];
    const state = async () => {
      skewMs += 60_000;
      const { items } = await client.holds({ userId, terms }, callOf());
      return items[0]?.state;
    };
    assert.equal(await state(), "not_held");
    await token.mintTo(address(wallet), 5n);
    assert.equal(await state(), "waiting_for_finality");
    cluster.finalize();
    assert.equal(await state(), "held");
    const held = await client.holding({ chainId: -2, contract: token.mint }, callOf(userId));
    assert.deepEqual([held.standard, held.balance, held.owned], ["spl", "5", true]);
    await token.freeze(address(wallet));
    assert.equal(await state(), "not_held");
  });
});

let cluster = {} as Solana; // Set before all tests.
let host = {} as TestHost;
let skewMs = 0;
