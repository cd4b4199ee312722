import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { decodeFunctionResult, encodeFunctionData, parseAbi, serializeErc6492Signature } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { callData, deploy, hex } from "#test/chain/deploy";
import { endpointAt } from "#test/chain/endpoints";
import { type Anvil, startAnvil } from "#test/servers/anvil";
import type { ChainSource } from "../endpoints/source.ts";
import { personalDigest } from "./evm-signature.ts";
import { verifyEvmWallet } from "./evm-wallet.ts";

describe("a signature of an EVM wallet", () => {
  before(async () => {
    [chain, otherChain] = await Promise.all([startAnvil(31_337), startAnvil(31_338)]);
    signature = await owner.signMessage({ message });
    wallet = await deploy(chain, "Wallet", BigInt(owner.address));
    factory = await deploy(chain, "WalletFactory");
  });
  after(async () => {
    await chain[Symbol.asyncDispose]();
    await otherChain[Symbol.asyncDispose]();
  });

  it("is a key's where the key signed, without a question to the chain", async () => {
    const silent: ChainSource = { ...sourceOf(chain), endpoints: [] };
    const address = owner.address.toLowerCase();
    assert.deepEqual(await verifyEvmWallet(silent, { address, digest, signature }), { state: "key" });
  });

  it("is a contract's where the contract accepts it (EIP-1271)", async () => {
    assert.deepEqual(await verify(wallet, signature), { state: "contract" });
    assert.deepEqual(await verify(wallet, await stranger.signMessage({ message })), { state: "refused" });
    assert.deepEqual(await verify(wallet, await owner.signMessage({ message: `${message} ` })), { state: "refused" });
  });

  it("is refused on a chain where the contract is not", async () => {
    assert.deepEqual(await verify(wallet, signature, sourceOf(otherChain, 31_338)), { state: "refused" });
  });

  it("is a contract's that its factory has yet to make (EIP-6492), and stays so once it is made", async () => {
    const planned = await plannedWallet();
    const wrapped = wrap(factory, callData("make", owner.address, salt), signature);
    assert.equal(await chain.ask("eth_getCode", planned, "latest"), "0x");
    assert.deepEqual(await verify(planned, signature), { state: "refused" });
    assert.deepEqual(await verify(planned, wrapped), { state: "contract" });
    const forged = wrap(factory, callData("make", owner.address, salt), await stranger.signMessage({ message }));
    assert.deepEqual(await verify(planned, forged), { state: "refused" });
    const ofOther = wrap(factory, callData("make", stranger.address, salt), await stranger.signMessage({ message }));
    assert.deepEqual(await verify(planned, ofOther), { state: "refused" });
    await chain.send(chain.accounts[0] ?? "", callData("make", owner.address, salt), factory);
    assert.deepEqual(await verify(planned, wrapped), { state: "contract" });
    assert.deepEqual(await verify(planned, signature), { state: "contract" });
  });

  it("of an address without code is not made valid by preparing another contract", async () => {
    const yes = await deploy(chain, "SaysYes");
    const wrapped = wrap(yes, "0x", signature);
    assert.deepEqual(await verify(stranger.address.toLowerCase(), wrapped), { state: "refused" });
  });

  it("opens a contract that says yes to all for itself alone", async () => {
    const yes = await deploy(chain, "SaysYes");
    assert.deepEqual(await verify(yes, "0x00"), { state: "contract" });
    assert.deepEqual(await verify(wallet, "0x00"), { state: "refused" });
  });

  it("is refused or unknown within a second where the contract burns its gas or answers 4 MB", async () => {
    for (const name of ["BurnsGas", "Floods"] as const) {
      const contract = await deploy(chain, name);
      const beganMs = performance.now();
      assert.deepEqual(await verify(contract, signature), { state: "refused" });
      assert.ok(performance.now() - beganMs < 1_000);
    }
    const burner = await deploy(chain, "BurnsGas");
    assert.deepEqual(await verify(await plannedWallet(`0x${"02".repeat(32)}`), wrap(burner, "0x", signature)), {
      state: "refused",
    });
  });

  it("is refused where its wrapper is cut off or points outside of itself, and beyond 8 KiB", async () => {
    const wrapped = wrap(factory, callData("make", owner.address, salt), signature);
    const magic = wrapped.slice(-64);
    const pointing = (place: number, word: string) =>
      `0x${wrapped.slice(2, 2 + place * 64)}${word.padStart(64, "0")}${wrapped.slice(2 + (place + 1) * 64)}`;
    for (const broken of [
      `0x${magic}`,
      `0x${wrapped.slice(2, 66)}${magic}`,
      pointing(1, "ffff"),
      pointing(2, "f".repeat(64)),
      pointing(0, "f".repeat(64)),
      pointing(3, "ffff"),
      pointing(3, "140"),
      `0x${"00".repeat(8_193)}`,
      "0x",
      "0xZZ",
      "",
    ])
      assert.deepEqual(
        await verify(wallet, broken, { ...sourceOf(chain), endpoints: [] }),
        { state: "refused" },
        broken,
      );
  });

  it("is unknown where the chain cannot be asked", async () => {
    assert.deepEqual(
      await verify(wallet, signature, { ...sourceOf(chain), endpoints: [endpointAt("http://127.0.0.1:9")] }),
      {
        state: "unavailable",
        fault: "no_answer",
      },
    );
  });
});

let [chain, otherChain] = [{} as Anvil, {} as Anvil]; // Set before all tests.
let [wallet, factory, signature] = ["", "", ""];
const owner = privateKeyToAccount(`0x${"11".repeat(32)}`);
const stranger = privateKeyToAccount(`0x${"22".repeat(32)}`);
const message = "video.example wants you to sign in with your Ethereum account";
const digest = personalDigest(message);
const salt = `0x${"01".repeat(32)}`;

const sourceOf = ({ url }: Anvil, id = 31_337): ChainSource => ({
  chain: { id, agree: 1, grant: { kind: "finalized" }, genesis: "", block_age_max_seconds: 120, deadline_ms: 3_000 },
  endpoints: [endpointAt(url)],
  now: Date.now,
});
const verify = (address: string, signed: string, source = sourceOf(chain)) =>
  verifyEvmWallet(source, { address, digest, signature: signed });

/** As viem wraps it. */
const wrap = (maker: string, data: string, signed: string): string =>
  serializeErc6492Signature({ address: hex(maker), data: hex(data), signature: hex(signed) });

const factoryAbi = parseAbi(["function addressOf(address key, bytes32 salt) view returns (address)"]);
async function plannedWallet(ownSalt = salt): Promise<string> {
  const data = encodeFunctionData({ abi: factoryAbi, functionName: "addressOf", args: [owner.address, hex(ownSalt)] });
  const result = String(await chain.ask("eth_call", { to: factory, data }, "latest"));
  return decodeFunctionResult({ abi: factoryAbi, functionName: "addressOf", data: hex(result) }).toLowerCase();
}
