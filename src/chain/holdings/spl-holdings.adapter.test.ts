import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { type Address, generateKeyPairSigner, type KeyPairSigner, address } from "@solana/kit";
import { endpointAt, type Relay, startRelay } from "#test/chain/endpoints";
import { createSplToken } from "#test/chain/spl-token";
import { type Solana, startSolana } from "#test/servers/solana";
import type { ChainSource } from "../endpoints/source.ts";
import type { Holding } from "./condition.ts";
import { createChainReader } from "../chain-reader.ts";

describe("holdings of an SPL token", () => {
  before(async () => {
    cluster = await startSolana();
    relays = await Promise.all([startRelay(cluster.url), startRelay(cluster.url)]);
  });
  after(async () => {
    for (const relay of relays) await relay[Symbol.asyncDispose]();
    await cluster[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    for (const relay of relays) relay.behaviour = { kind: "honest" };
    [seller, buyer] = await Promise.all([generateKeyPairSigner(), generateKeyPairSigner()]);
  });

  for (const [name, program] of [
    ["the token program", "TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA"],
    ["Token-2022", "TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb"],
  ] as const) {
    it(`are minted, final, transferred and asked for again under ${name}`, async () => {
      const token = await createToken(address(program));
      await token.mintTo(seller.address, 10n);
      assert.equal((await holding(seller, token.mint)).state, "waiting_for_finality");
      cluster.finalize();
      assert.deepEqual(await holding(seller, token.mint), { state: "held", balance: 10n, block: cluster.slot() });
      await token.transfer(seller, buyer.address, 10n);
      assert.equal((await holding(seller, token.mint)).state, "not_held");
      assert.equal((await holding(buyer, token.mint)).state, "waiting_for_finality");
      cluster.finalize();
      assert.equal((await holding(buyer, token.mint)).state, "held");
    });

    it(`are not held in a frozen account, and are again once it is thawed, under ${name}`, async () => {
      const token = await createToken(address(program));
      await token.mintTo(buyer.address, 10n);
      await token.freeze(buyer.address);
      cluster.finalize();
      assert.deepEqual(await holding(buyer, token.mint), { state: "not_held", balance: 0n, block: cluster.slot() });
      await token.thaw(buyer.address);
      cluster.finalize();
      assert.equal((await holding(buyer, token.mint)).state, "held");
    });
  }

  it("have a state with both slots", async () => {
    cluster.finalize();
    const grant = cluster.slot();
    const { mint } = await createToken();
    assert.equal((await holding(buyer, mint)).state, "not_held");
    const state = await createChainReader(sourceOf(2)).probe();
    assert.ok("latest" in state && Math.abs(state.timestamp - Date.now() / 1_000) < 60);
    assert.deepEqual([state.latest, state.grant, state.waitSeconds], [grant + 1, grant, 0.4]);
  });

  it("need the least amount, of the token asked for", async () => {
    const [token, other] = [await createToken(), await createToken()];
    await token.mintTo(buyer.address, 9n);
    await other.mintTo(buyer.address, 100n);
    cluster.finalize();
    assert.equal((await holding(buyer, token.mint, 9n)).state, "held");
    assert.equal((await holding(buyer, token.mint, 10n)).state, "not_held");
  });

  it("are unknown where an endpoint lists accounts of another token, owner, program, kind or state, or one twice", async () => {
    const [token, other] = [await createToken(), await createToken()];
    await token.mintTo(buyer.address, 9n);
    await other.mintTo(buyer.address, 100n);
    cluster.finalize();
    const alterations: readonly ((listed: Listed) => unknown)[] = [
      (listed) => alter(listed, (bytes) => bytes.fill(1, 0, 32)),
      (listed) => alter(listed, (bytes) => bytes.fill(1, 32, 64)),
      (listed) => alter(listed, (bytes) => bytes.fill(0, 108, 109)),
      (listed) => alter(listed, (bytes) => bytes.fill(3, 108, 109)),
      (listed) => alter(listed, (bytes) => bytes.subarray(0, 164)),
      (listed) => alter(listed, (bytes) => Buffer.concat([bytes, Buffer.of(2)])),
      (listed) => ({ ...listed, account: { ...listed.account, owner: "11111111111111111111111111111111" } }),
      (listed) => ({ ...listed, account: { ...listed.account, data: "text" } }),
    ];
    const [first] = relays;
    assert.ok(first);
    for (const alteration of alterations) {
      first.behaviour = { kind: "liar", lie: withAccounts((accounts) => accounts.map(alteration)) };
      assert.deepEqual(await holding(buyer, token.mint, 1n, 1), { state: "unavailable", fault: "bad_answer" });
    }
    first.behaviour = { kind: "liar", lie: withAccounts((accounts) => [...accounts, ...accounts]) };
    assert.deepEqual(await holding(buyer, token.mint, 1n, 1), { state: "unavailable", fault: "bad_answer" });
  });

  it("are unknown where two endpoints disagree, one hangs, or the cluster is another one", async () => {
    const token = await createToken();
    await token.mintTo(buyer.address, 9n);
    cluster.finalize();
    const [first] = relays;
    assert.ok(first);
    first.behaviour = { kind: "liar", lie: withAccounts(() => []) };
    assert.deepEqual(await holding(buyer, token.mint), { state: "unavailable", fault: "disagreement" });
    first.behaviour = { kind: "hang" };
    assert.deepEqual(await holding(buyer, token.mint), { state: "unavailable", fault: "no_answer" });
    first.behaviour = {
      kind: "liar",
      lie: ({ method, result }) =>
        method === "getGenesisHash" ? "5eykt4UsFv8P8NJdTREpY1vzqKqZKvdpKuc147dw2N9d" : result,
    };
    assert.deepEqual(await holding(buyer, token.mint), { state: "unavailable", fault: "wrong_chain" });
  });

  it("are known for others where strangers made too many accounts for one wallet", async () => {
    const token = await createToken();
    await token.mintTo(buyer.address, 9n);
    await token.mintTo(seller.address, 9n);
    cluster.finalize();
    const [first] = relays;
    assert.ok(first);
    first.behaviour = {
      kind: "liar",
      lie: withAccounts((accounts, owner) => (owner === seller.address ? Array(2_000).fill(accounts[0]) : accounts)),
    };
    const wallets = [seller, buyer].map(({ address: wallet }) => wallet);
    const checks = wallets.map((wallet) => ({
      wallet,
      condition: { standard: "spl", contract: token.mint, min: 1n } as const,
    }));
    const states = (await createChainReader(sourceOf(1)).holdings(checks)).map(({ state }) => state);
    assert.deepEqual(states, ["unavailable", "held"]);
  });
});

let cluster = {} as Solana; // Set before all tests.
let relays: readonly Relay[] = [];
let [seller, buyer] = [{} as KeyPairSigner, {} as KeyPairSigner]; // Set before each test.

interface Listed {
  readonly pubkey: string;
  readonly account: { readonly owner: string; readonly data: readonly [string, "base64"] };
}

function alter(listed: Listed, change: (bytes: Buffer) => Buffer): Listed {
  const bytes = change(Buffer.from(listed.account.data[0], "base64"));
  return { ...listed, account: { ...listed.account, data: [bytes.toString("base64"), "base64"] } };
}

/** Changes the lists of accounts alone. */
const withAccounts =
  (change: (accounts: readonly Listed[], owner: unknown) => unknown) =>
  ({ method, params, result }: { method: string; params: readonly unknown[]; result: unknown }): unknown =>
    method === "getTokenAccountsByOwner"
      ? { ...(result as object), value: change((result as { value: readonly Listed[] }).value, params[0]) } // By the protocol.
      : result;

const sourceOf = (agree: number): ChainSource => ({
  chain: {
    id: -2,
    agree,
    grant: { kind: "finalized" },
    genesis: cluster.genesis,
    block_age_max_seconds: 120,
    deadline_ms: 1_000,
  },
  endpoints: relays.slice(0, agree).map(({ url }) => endpointAt(url)),
  now: Date.now,
});

async function holding(owner: KeyPairSigner, mint: string, min = 1n, agree = 2): Promise<Holding> {
  const condition = { standard: "spl", contract: mint, min } as const;
  const [result] = await createChainReader(sourceOf(agree)).holdings([{ wallet: owner.address, condition }]);
  assert.ok(result);
  return result;
}

const createToken = (program?: Address) => createSplToken(cluster, program);
