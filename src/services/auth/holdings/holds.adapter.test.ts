import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import { holdingsChanged, nftVerified } from "#events/auth";
import { contract, on, plugin } from "#kernel";
import { embeddedCache } from "#kernel/cache/embedded";
import { callOf, TestHost } from "#kernel/host/testing";
import { callData, deploy } from "#test/chain/deploy";
import { type Relay, startRelay } from "#test/chain/endpoints";
import { type Anvil, startAnvil } from "#test/servers/anvil";
import { until } from "#test/until";
import { auth } from "../contract.ts";
import { authPlugin } from "../plugin.ts";
import type { Tables } from "../store.ts";
import * as walletStore from "../wallets/wallet-store.ts";

describe("gates ask who holds a token", () => {
  before(async () => {
    chain = await startAnvil(31_337);
    relays = await Promise.all([startRelay(chain.url), startRelay(chain.url)]);
    [minter = "", buyer = "", other = ""] = chain.accounts;
    collection = await deploy(chain, "Collection");
    await chain.mine(4);
    host = new TestHost({
      environment: { now: () => Date.now() + skewMs },
      parts: { cache: embeddedCache(1_000, () => performance.now() + cacheMs) },
      settings: { auth: { chains: [settings(relays.map(({ url }) => `${url}/?key=hidden`))] } },
    });
    client = host.client(auth);
    await host.add(authPlugin);
    await host.add(listener);
  });
  beforeEach(async () => {
    await host.clear();
    events.length = 0;
    cacheMs += 60_000;
    const { userId } = await client.ensure({ username: "Mira", password: "sesame" }, callOf());
    own = userId;
    skewMs += 120_000;
  });
  afterEach(() => {
    for (const relay of relays) relay.behaviour = { kind: "honest" };
  });
  after(async () => {
    await host[Symbol.asyncDispose]();
    for (const relay of relays) await relay[Symbol.asyncDispose]();
    await chain[Symbol.asyncDispose]();
  });

  it("by any wallet of the account, from the purchase over its finality to the sale (S3.8)", async () => {
    await chain.send(minter, callData("mint", minter, 1n), collection);
    assert.deepEqual(await stateOf("1"), { state: "not_held", hasWallet: false });
    await link(other);
    await link(buyer);
    assert.deepEqual(await stateOf("1"), { state: "not_held", hasWallet: true });
    await chain.send(minter, callData("transferFrom", minter, buyer, 1n), collection);
    assert.deepEqual(await stateOf("1"), { state: "not_held", hasWallet: true }, "the answer is cached");
    skewMs += 5_000;
    assert.deepEqual(await stateOf("1", true), { state: "waiting_for_finality", hasWallet: true });
    await chain.mine(2);
    skewMs += 60_000;
    assert.deepEqual(await stateOf("1"), { state: "held", hasWallet: true });
    await chain.send(buyer, callData("transferFrom", buyer, minter, 1n), collection);
    skewMs += 60_000;
    assert.deepEqual(await stateOf("1"), { state: "not_held", hasWallet: true });
  });

  it("and get no answer while endpoints lie, hang, lag or are silent, never that nobody holds it (S3.8)", async () => {
    await chain.send(minter, callData("mint", buyer, 2n), collection);
    await chain.mine(2);
    await link(buyer);
    const lie = { kind: "liar", lie: lieAboutCalls } as const;
    for (const behaviour of [lie, { kind: "hang" }, { kind: "error" }, { kind: "garbage" }] as const) {
      const [relay] = relays;
      assert.ok(relay);
      relay.behaviour = behaviour;
      skewMs += 60_000;
      const { state, sinceMs, chain: name } = await stateOf("2");
      assert.deepEqual([state, name], ["unknown", "Anvil"], behaviour.kind);
      assert.ok(sinceMs !== undefined);
      relay.behaviour = { kind: "honest" };
      skewMs += 2_000;
      assert.equal((await stateOf("2")).state, "held", behaviour.kind);
    }
  });

  it("and users ask the same, with the words of other systems, and get a failure while the chain is silent", async () => {
    await chain.send(minter, callData("mint", buyer, 3n), collection);
    await chain.mine(2);
    const own = userCall();
    const nobody = await client.tokenHolding({ tokenId: "3", contract: collection, chainId: 31_337 }, own);
    assert.deepEqual([nobody.owned, nobody.state, nobody.block], [false, "not_held", null]);
    await link(buyer);
    const held = await client.tokenHolding({ tokenId: "3", contract: collection, chainId: 31_337 }, own);
    assert.deepEqual([held.owned, held.hasNft, held.balance, held.standard], [true, true, "1", "erc721"]);
    assert.ok((held.block ?? 0) > 4 && held.tokenId === "3");
    const any = await client.holding({ contract: collection, chainId: 31_337 }, own);
    assert.deepEqual([any.state, any.tokenId], ["held", null]);
    const named = { contractAddress: collection, chainId: 31_337, tokenId: "3" };
    assert.equal((await client.verifyHolding({ ...named, ownerAddress: other }, own)).owned, false);
    assert.equal((await client.verifyHolding({ ...named, wallet: buyer }, own)).owned, true);
    for (const relay of relays) relay.behaviour = { kind: "error" };
    skewMs += 60_000;
    await assert.rejects(client.verifyHolding(named, own), (error: Error & { http?: number }) => {
      assert.match(error.message, /^Anvil cannot be asked right now/);
      return error.http === 503;
    });
  });

  it("and users ask 30 times a minute, for what a chain can answer", async () => {
    const own = userCall();
    const named = { contract: collection, chainId: 31_337 };
    await assert.rejects(client.holding({ ...named, chainId: 1 }, own), { code: "auth.unknown_chain" });
    await assert.rejects(client.holding({ ...named, contract: "0x1" }, own), { code: "kernel.invalid_input" });
    await assert.rejects(client.holding({ ...named, standard: "spl" }, own), { code: "kernel.invalid_input" });
    await assert.rejects(client.verifyHolding({ chainId: 31_337 }, own), { code: "kernel.invalid_input" });
    await assert.rejects(client.verifyHolding({ ...named, address: "x" }, own), { code: "auth.bad_address" });
    const results = await Promise.allSettled(Array.from({ length: 40 }, () => client.holding(named, own)));
    const refused = results.filter((result) => result.status === "rejected");
    assert.equal(refused.length, 14);
    for (const { reason } of refused) assert.deepEqual([reason.code, reason.http], ["gate.too_many_checks", 429]);
  });

  it("and a changed answer is an event for the account", async () => {
    await chain.send(minter, callData("mint", minter, 4n), collection);
    await chain.mine(2);
    await link(buyer);
    const named = { contract: collection, chainId: 31_337, tokenId: "4" };
    for (let n = 0; n < 2; n++) await client.verifyHolding(named, userCall());
    await chain.send(minter, callData("transferFrom", minter, buyer, 4n), collection);
    await chain.mine(2);
    skewMs += 60_000;
    for (let n = 0; n < 2; n++) await client.verifyHolding(named, userCall());
    await until(() => events.length === 3);
    assert.deepEqual(events.toSorted(), ["changed held", "verified held", "verified not_held"]);
  });

  it("by no contract wallet of another chain, and by no wallet that was unlinked", async () => {
    await chain.send(minter, callData("mint", buyer, 5n), collection);
    await chain.mine(2);
    await link(buyer, 31_338);
    assert.deepEqual(await stateOf("5"), { state: "not_held", hasWallet: false });
    await link(buyer, 31_337);
    assert.deepEqual(await stateOf("5"), { state: "held", hasWallet: true });
    const { items } = await client.wallets({}, userCall());
    await client.unlinkWallet({ id: items[1]?.id ?? 0 }, userCall());
    assert.deepEqual(await stateOf("5"), { state: "not_held", hasWallet: false });
  });

  it("and get no answer while one of several wallets is not known", async () => {
    await link(other);
    await link(buyer);
    const terms = [{ chainId: 31_337, contract: collection, standard: "erc721" as const, min: "9" }];
    const state = async () => (await client.holds({ userId: own, terms }, callOf())).items[0]?.state;
    const [relay] = relays;
    assert.ok(relay);
    // The last digit of the answer about the second wallet.
    const lie = ({ method, result }: { readonly method: string; readonly result: unknown }) =>
      method === "eth_call" && typeof result === "string" ? `${result.slice(0, -1)}e` : result;
    relay.behaviour = { kind: "liar", lie };
    assert.equal(await state(), "unknown");
    relay.behaviour = { kind: "honest" };
    skewMs += 2_000;
    assert.equal(await state(), "not_held");
  });

  it("and a chain is listed without the addresses of its endpoints, up, degraded or down", async () => {
    const [status] = (await client.chains({}, callOf())).items;
    assert.ok(status);
    const { sinceMs: _, block, ...known } = status;
    assert.ok((block ?? 0) > 4);
    assert.deepEqual(known, {
      chainId: 31_337,
      namespace: "eip155",
      name: "Anvil",
      state: "up",
      grant: "finalized",
      estimateSeconds: known.estimateSeconds,
    });
    const [relay] = relays;
    assert.ok(relay);
    relay.behaviour = { kind: "error" };
    cacheMs += 10_000;
    const [details] = (await client.chainDetails({}, callOf(own, { role: "admin" }))).items;
    assert.deepEqual([details?.state, details?.fault, details?.block], ["down", "no_answer", null]);
    const [first, second] = details?.endpoints ?? [];
    assert.deepEqual([first?.fault, second?.fault], ["no_answer", null]);
    assert.ok((first?.errors ?? 0) > 0 && (second?.requests ?? 0) > 0);
    assert.doesNotMatch(JSON.stringify(details), /hidden|key=/);
  });

  it("and terms that no chain can answer are named before a gate is stored", async () => {
    const term = { chainId: 31_337, contract: collection, standard: "erc721" as const };
    const { items } = await client.termFaults(
      {
        terms: [
          term,
          { ...term, chainId: 1 },
          { ...term, contract: "0x12" },
          { ...term, standard: "spl" },
          { ...term, standard: "erc1155" },
        ],
      },
      callOf(),
    );
    assert.deepEqual(
      items.map(({ fault }) => fault),
      [undefined, "unknown_chain", "bad_contract", "bad_standard", "token_id_missing"],
    );
    assert.equal(items[0]?.chain, "Anvil");
    const unknown = await client.holds({ userId: own, terms: [{ ...term, chainId: 1 }] }, callOf());
    assert.deepEqual(unknown.items, [{ state: "unknown", hasWallet: false }]);
  });
});

let [chain, host, client] = [{} as Anvil, {} as TestHost, {} as ReturnType<typeof clientOf>]; // Set before all tests.
let relays: Relay[] = [];
let [minter, buyer, other, collection] = ["", "", "", ""];
let own = 0;
let skewMs = 0;
const events: string[] = [];
const userCall = () => callOf(own);
let cacheMs = 0;
let walletId = 0;
const clientOf = (of: TestHost) => of.client(auth);

const settings = (endpoints: readonly string[]) => ({
  id: 31_337,
  namespace: "eip155",
  name: "Anvil",
  endpoints,
  agree: 2,
  block_age_max_seconds: 3_600,
  deadline_ms: 1_000,
});

const listener = plugin({
  contract: contract("listener", 1, {}),
  needs: [],
  migrations: [],
  start: () => ({
    handlers: {},
    subscriptions: [
      on(holdingsChanged, async (_, { userId, state }) => void (userId === own && events.push(`changed ${state}`))),
      on(nftVerified, async (_, { userId, state }) => void (userId === own && events.push(`verified ${state}`))),
    ],
  }),
});

/** @param chainId of a contract */
async function link(address: string, chainId: number | null = null): Promise<void> {
  const row = {
    id: ++walletId,
    userId: own,
    namespace: "eip155" as const,
    address: address.toLowerCase(),
    chainId,
    name: "",
    isPublic: false,
    linkedAtMs: 1,
  };
  await host.database<Tables>("auth").tx((tx) => walletStore.insert(tx, row));
}

async function stateOf(tokenId: string, isAnew = false) {
  const terms = [{ chainId: 31_337, contract: collection, standard: "erc721" as const, tokenId }];
  const { items } = await client.holds({ userId: own, terms, isAnew }, callOf());
  assert.ok(items[0]);
  return items[0];
}

/** Says that nobody owns anything. */
const lieAboutCalls = ({ method, result }: { readonly method: string; readonly result: unknown }) =>
  method === "eth_call" && typeof result === "string" ? `0x${"0".repeat(result.length - 2)}` : result;
