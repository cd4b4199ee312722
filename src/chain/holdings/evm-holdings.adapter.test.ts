import assert from "node:assert/strict";
import { after, before, beforeEach, afterEach, describe, it } from "node:test";
import { callData, deploy } from "#test/chain/deploy";
import { endpointAt, type Relay, startRelay } from "#test/chain/endpoints";
import { type Anvil, startAnvil } from "#test/servers/anvil";
import type { ChainSource } from "../endpoints/source.ts";
import { createChainReader } from "../chain-reader.ts";
import type { Holding, TokenCondition } from "./condition.ts";

describe("holdings on an EVM chain", () => {
  before(async () => {
    chain = await startAnvil(31_337);
    relays = await Promise.all([startRelay(chain.url), startRelay(chain.url), startRelay(chain.url)]);
    [minter = "", seller = "", buyer = ""] = chain.accounts;
    collection = await deploy(chain, "Collection");
    coin = await deploy(chain, "Coin");
    items = await deploy(chain, "Items");
    await chain.mine(4);
  });
  after(async () => {
    for (const relay of relays) await relay[Symbol.asyncDispose]();
    await chain[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    snapshot = await chain.ask("evm_snapshot");
  });
  afterEach(async () => {
    for (const relay of relays) relay.behaviour = { kind: "honest" };
    await chain.ask("evm_revert", snapshot);
  });

  it("are final for a buyer two blocks after the purchase, and end for the seller at the sale", async () => {
    await chain.send(minter, callData("mint", seller, 7n), collection);
    await chain.mine(2);
    assert.equal(await stateOf(seller, token(7n)), "held");
    await chain.send(seller, callData("transferFrom", seller, buyer, 7n), collection);
    assert.deepEqual(
      [await stateOf(seller, token(7n)), await stateOf(buyer, token(7n))],
      ["not_held", "waiting_for_finality"],
    );
    await chain.mine(2);
    assert.deepEqual([await stateOf(seller, token(7n)), await stateOf(buyer, token(7n))], ["not_held", "held"]);
  });

  it("count by balance and by id for the three standards", async () => {
    await chain.send(minter, callData("mint", buyer, 8n), collection);
    await chain.send(minter, callData("mint", buyer, 500n), coin);
    await chain.send(minter, callData("mint", buyer, 3n, 2n), items);
    await chain.mine(2);
    const conditions: readonly [TokenCondition, string, bigint][] = [
      [token(8n), "held", 1n],
      [token(9n), "not_held", 0n],
      [{ standard: "erc721", contract: collection, min: 1n }, "held", 1n],
      [{ standard: "erc20", contract: coin, min: 500n }, "held", 500n],
      [{ standard: "erc20", contract: coin, min: 501n }, "not_held", 500n],
      [{ standard: "erc1155", contract: items, tokenId: 3n, min: 2n }, "held", 2n],
      [{ standard: "erc1155", contract: items, tokenId: 4n, min: 1n }, "not_held", 0n],
      [{ standard: "erc20", contract: coin, min: 0n }, "held", 500n],
      [{ standard: "erc1155", contract: items, tokenId: 4n, min: 0n }, "not_held", 0n],
    ];
    const holdings = await createChainReader(sourceOf(2)).holdings(
      conditions.map(([condition]) => ({ wallet: buyer, condition })),
    );
    const results = holdings.map((holding) => [holding.state, "balance" in holding && holding.balance]);
    assert.deepEqual(
      results,
      conditions.map(([, state, balance]) => [state, balance]),
    );
  });

  it("are not held after a reorganisation of the purchase", async () => {
    await chain.send(minter, callData("mint", buyer, 7n), collection);
    assert.equal(await stateOf(buyer, token(7n)), "waiting_for_finality");
    await chain.ask("anvil_reorg", 1, []);
    await chain.mine(3);
    assert.equal(await stateOf(buyer, token(7n)), "not_held");
  });

  it("are asked anew where the chain is reorganised between naming its block and reading", async () => {
    await chain.send(minter, callData("mint", buyer, 7n), collection);
    await chain.mine(2);
    const [relay] = relays;
    assert.ok(relay);
    let heads = 0;
    const oldHash = `0x${"ab".repeat(32)}`;
    relay.behaviour = {
      kind: "liar",
      lie: ({ method, params, result }) => {
        if (method !== "eth_getBlockByNumber" || params[0] !== "latest") return result;
        heads += 1;
        return heads === 1 ? { ...(result as object), hash: oldHash } : result; // A block of the chain.
      },
    };
    assert.equal(await stateOf(buyer, token(7n), sourceOf(1, 1)), "held");
    assert.equal(heads, 2);
  });

  it("are never held for a loan within a block", async () => {
    const lender = await deploy(chain, "Lender");
    const borrower = await deploy(chain, "Borrower");
    await chain.send(minter, callData("mint", lender, 7n), collection);
    await chain.send(minter, callData("lend", borrower, collection, 7n), lender);
    for (let block = 0; block < 4; block++) {
      assert.equal(await stateOf(borrower, token(7n)), "not_held");
      await chain.mine(1);
    }
    assert.equal(await stateOf(lender, token(7n)), "held");
  });

  it("are not held where a contract burns its gas, answers 4 MB or no clean word, or is not there", async () => {
    await chain.send(minter, callData("mint", buyer, 7n), collection);
    const contracts = [
      await deploy(chain, "BurnsGas"),
      await deploy(chain, "Floods"),
      await deploy(chain, "Untidy", 0n),
      await deploy(chain, "Untidy", 1n),
      await deploy(chain, "Untidy", 31n),
      await deploy(chain, "Untidy", 33n),
      await deploy(chain, "Untidy", 64n),
      `0x${"de".repeat(20)}`,
    ];
    const dirtyWord = await deploy(chain, "Untidy", 32n);
    await chain.mine(2);
    const checks = [
      ...contracts.map((contract) => ({ wallet: buyer, condition: { standard: "erc20", contract, min: 1n } as const })),
      { wallet: buyer, condition: { standard: "erc721", contract: dirtyWord, tokenId: 1n, min: 1n } as const },
      // Its neighbours in the same call lose nothing.
      { wallet: buyer, condition: token(7n) },
    ];
    const states = (await createChainReader(sourceOf(2)).holdings(checks)).map(({ state }) => state);
    assert.deepEqual(states, [...contracts.map(() => "not_held"), "not_held", "held"]);
  });

  it("are never asked for the zero address, which some contracts take for the caller", async () => {
    const contract = await deploy(chain, "AnswersByOrigin");
    const check = { wallet: `0x${"0".repeat(40)}`, condition: { standard: "erc20", contract, min: 1n } as const };
    await assert.rejects(createChainReader(sourceOf(2)).holdings([check]), RangeError);
  });

  it("are 1,000 checks in at most 12 batches of all endpoints together", async () => {
    await chain.send(minter, callData("mint", buyer, 500n), coin);
    await chain.mine(2);
    const checks = Array.from({ length: 1_000 }, (_, index) => ({
      wallet: index === 999 ? buyer : `0x${(index + 1).toString(16).padStart(40, "0")}`,
      condition: { standard: "erc20", contract: coin, min: 1n } as const,
    }));
    for (const relay of relays) relay.bodies.length = 0;
    const holdings = await createChainReader(sourceOf(2, 2)).holdings(checks);
    assert.deepEqual(
      holdings.flatMap(({ state }, index) => (state === "not_held" ? [] : [[index, state]])),
      [[999, "held"]],
    );
    const batches = relays.reduce((sum, { bodies }) => sum + bodies.length, 0);
    assert.ok(batches <= 12, `${batches} batches`);
  });

  it("are asked once for checks that are alike", async () => {
    await chain.send(minter, callData("mint", buyer, 7n), collection);
    await chain.mine(2);
    for (const relay of relays) relay.bodies.length = 0;
    const wallets = Array.from({ length: 200 }, (_, index) => `0x${(index + 1).toString(16).padStart(40, "0")}`);
    const checks = [...wallets, buyer].map((wallet) => ({ wallet, condition: token(7n) }));
    const states = (await createChainReader(sourceOf(1, 1)).holdings(checks)).map(({ state }) => state);
    assert.deepEqual(new Set(states.slice(0, -1)), new Set(["not_held"]));
    assert.equal(states.at(-1), "held");
    assert.equal(relays[0]?.bodies.length, 2);
  });

  describe("behind endpoints", () => {
    beforeEach(async () => {
      await chain.send(minter, callData("mint", buyer, 7n), collection);
      await chain.mine(2);
    });
    const lie = ({ method, result }: { method: string; result: unknown }) =>
      // Swaps the answer of the program: the word of the owner becomes another one.
      method === "eth_call" ? `0x01${"0".repeat(24)}${"11".repeat(20)}` : result;
    const lieAboutBlocks = ({ method, result }: { method: string; result: unknown }) =>
      method === "eth_getBlockByNumber" ? { ...(result as object), hash: `0x${"cd".repeat(32)}` } : result; // A block.

    it("are right with two honest ones beside one that lies about contracts or blocks", async () => {
      for (const one of [lie, lieAboutBlocks]) {
        behave({ kind: "liar", lie: one });
        assert.equal(await stateOf(buyer, token(7n), sourceOf(2)), "held");
      }
    });

    it("are unknown with one honest one beside one that lies", async () => {
      for (const one of [lie, lieAboutBlocks]) {
        behave({ kind: "liar", lie: one });
        assert.deepEqual(await holdingOf(buyer, token(7n), sourceOf(2, 2)), unavailable("disagreement"));
      }
    });

    it("are what a single trusted one says", async () => {
      behave({ kind: "liar", lie });
      assert.equal(await stateOf(buyer, token(7n), sourceOf(1, 1)), "not_held");
    });

    it("are not held where the word is the owner's address behind other bytes", async () => {
      const dirty = `0x01${"ff".repeat(12)}${buyer.slice(2)}`;
      behave({ kind: "liar", lie: ({ method, result }) => (method === "eth_call" ? dirty : result) });
      assert.equal(await stateOf(buyer, token(7n), sourceOf(1, 1)), "not_held");
    });

    it("are unknown while the block that an endpoint names is not on its chain", async () => {
      behave({ kind: "liar", lie: lieAboutBlocks });
      assert.deepEqual(await holdingOf(buyer, token(7n), sourceOf(1, 1)), unavailable("reorganised"));
    });

    it("are unknown where an endpoint answers a question with 400 kB", async () => {
      const long = `0x${"00".repeat(200_000)}`;
      behave({ kind: "liar", lie: ({ method, result }) => (method === "eth_call" ? long : result) });
      assert.deepEqual(await holdingOf(buyer, token(7n), sourceOf(1, 1)), unavailable("too_large"));
    });

    for (const kind of ["hang", "endless", "redirect", "error", "garbage"] as const) {
      it(`are right and quick with two honest ones beside one with the fault ${kind}`, async () => {
        behave({ kind });
        const beganMs = performance.now();
        assert.equal(await stateOf(buyer, token(7n), sourceOf(2)), "held");
        const tookMs = performance.now() - beganMs;
        assert.ok(tookMs < 1_500, `${tookMs} ms`);
      });

      it(`are unknown where the only one has the fault ${kind}`, async () => {
        behave({ kind });
        const { state } = await holdingOf(buyer, token(7n), {
          ...sourceOf(1, 1),
          chain: { ...settings, agree: 1, deadline_ms: 500 },
        });
        assert.equal(state, "unavailable");
      });
    }

    it("are unknown at endpoints of another chain", async () => {
      const source = { ...sourceOf(2), chain: { ...settings, id: 1 } };
      assert.deepEqual(await holdingOf(buyer, token(7n), source), unavailable("wrong_chain"));
    });

    it("are unknown where the newest block is older than the limit, or of the future", async () => {
      for (const shiftMs of [200_000, -200_000]) {
        const source = { ...sourceOf(2), now: () => Date.now() + shiftMs };
        assert.deepEqual(await holdingOf(buyer, token(7n), source), unavailable("stale"));
      }
    });

    it("are read at a block that a lagging endpoint has too", async () => {
      const [first] = relays;
      assert.ok(first);
      const old = await chain.ask("eth_getBlockByNumber", "latest", false);
      await chain.send(buyer, callData("transferFrom", buyer, seller, 7n), collection);
      first.behaviour = {
        kind: "liar",
        lie: ({ method, params, result }) =>
          method === "eth_getBlockByNumber" && params[0] === "latest" ? old : result,
      };
      assert.equal(await stateOf(buyer, token(7n), sourceOf(2, 2)), "held");
      // A third endpoint that has the block decides it with the second.
      assert.equal(await stateOf(buyer, token(7n), sourceOf(2, 3)), "not_held");
    });

    it("are granted by depth where the chain is configured so", async () => {
      const source = { ...sourceOf(2), chain: { ...settings, grant: { kind: "depth", blocks: 5 } as const } };
      assert.equal(await stateOf(buyer, token(7n), source), "waiting_for_finality");
      await chain.mine(4);
      assert.equal(await stateOf(buyer, token(7n), source), "held");
    });

    it("have a state with both blocks, or the fault of the chain", async () => {
      const latest = Number(await chain.ask("eth_blockNumber"));
      const state = await createChainReader(sourceOf(2)).probe();
      assert.ok("latest" in state && Math.abs(state.timestamp - Date.now() / 1_000) < 60);
      assert.deepEqual([state.latest, state.grant], [latest, latest - 2]);
      assert.ok(state.waitSeconds >= 0 && state.waitSeconds < 60);
      behave({ kind: "error" });
      assert.deepEqual(await createChainReader(sourceOf(2, 2)).probe(), { fault: "no_answer" });
    });

    it("report each request of an endpoint with its time and its fault", async () => {
      behave({ kind: "error" });
      const reports: string[] = [];
      await stateOf(buyer, token(7n), {
        ...sourceOf(2),
        observe: ({ endpoint, fault, durationMs }) => {
          assert.ok(durationMs >= 0);
          reports.push(`${endpoint} ${fault ?? "ok"}`);
        },
      });
      assert.ok(
        reports.includes("0 no_answer") && reports.includes("1 ok") && reports.includes("2 ok"),
        reports.join(),
      );
    });
  });
});

let chain: Anvil;
let relays: readonly Relay[] = [];
let snapshot: unknown;
let [minter, seller, buyer, collection, coin, items] = ["", "", "", "", "", ""];

const settings: ChainSource["chain"] = {
  id: 31_337,
  agree: 2,
  grant: { kind: "finalized" },
  genesis: "",
  block_age_max_seconds: 120,
  deadline_ms: 3_000,
};
const sourceOf = (agree: number, endpoints = 3): ChainSource => ({
  chain: { ...settings, agree },
  endpoints: relays.slice(0, endpoints).map(({ url }) => endpointAt(url)),
  now: Date.now,
});
const behave = (behaviour: Relay["behaviour"]): void => {
  const [first] = relays;
  if (first) first.behaviour = behaviour;
};
const token = (tokenId: bigint): TokenCondition => ({ standard: "erc721", contract: collection, tokenId, min: 1n });
const unavailable = (fault: string) => ({ state: "unavailable", fault });

async function holdingOf(wallet: string, condition: TokenCondition, source = sourceOf(2)): Promise<Holding> {
  const [holding] = await createChainReader(source).holdings([{ wallet, condition }]);
  assert.ok(holding);
  return holding;
}
const stateOf = async (...args: Parameters<typeof holdingOf>): Promise<string> => (await holdingOf(...args)).state;
