import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { base58Of as serverBase58Of } from "../../../../src/chain/base58.ts";
import { base58Of } from "./base58.ts";
import { findEthereumWallets } from "./ethereum.ts";
import { findSolanaWallets } from "./solana.ts";
import { type Wallet, WalletRefused } from "./wallet.ts";

const target = new EventTarget();
Object.assign(globalThis, {
  addEventListener: target.addEventListener.bind(target),
  removeEventListener: target.removeEventListener.bind(target),
  dispatchEvent: target.dispatchEvent.bind(target),
});

describe("the wallets of a browser", () => {
  it("are found when they announce themselves, also later, and not after the look has ended", async () => {
    const calls: unknown[] = [];
    const provider = {
      request: async (call: { method: string }) => {
        calls.push(call);
        if (call.method === "eth_requestAccounts") return ["0xAb"];
        return call.method === "eth_chainId" ? "0x89" : "0xFF";
      },
    };
    const found: Wallet[] = [];
    const end = findEthereumWallets((wallet) => found.push(wallet));
    const announce = (name: string, icon: string) =>
      target.dispatchEvent(
        new CustomEvent("eip6963:announceProvider", { detail: { info: { uuid: name, name, icon }, provider } }),
      );
    announce("One", "data:image/png;base64,AA");
    announce("Two", "https://tracker.example/a.png");
    end();
    announce("Three", "");
    assert.deepEqual(
      found.map(({ name, icon }) => [name, icon]),
      [
        ["One", "data:image/png;base64,AA"],
        ["Two", null],
      ],
    );
    const [wallet] = found;
    assert.deepEqual(await wallet?.connect(), { address: "0xAb", chainId: 137 });
    assert.equal(await wallet?.sign("hé", "0xAb"), "0xff");
    assert.deepEqual(calls.at(-1), { method: "personal_sign", params: ["0x68c3a9", "0xAb"] });
  });

  it("say that their user refused, and nothing else does", async () => {
    const errors = [{ code: 4001 }, new Error("broken")];
    const provider = { request: () => Promise.reject(errors.shift()) };
    const found: Wallet[] = [];
    Object.assign(globalThis, { ethereum: provider });
    findEthereumWallets((wallet) => found.push(wallet))();
    assert.equal(found.length, 1);
    await assert.rejects(async () => found[0]?.connect(), WalletRefused);
    await assert.rejects(async () => found[0]?.connect(), /broken/);
  });

  it("of Solana register themselves, before or after the page is ready, and sign in base58", async () => {
    const bytes = Uint8Array.from([0, 0, 1, 2, 255, ...Array.from({ length: 59 }, (_, n) => n)]);
    const standard = (name: string) => ({
      name,
      icon: "",
      features: {
        "standard:connect": { connect: async () => ({ accounts: [{ address: "So1" }] }) },
        "solana:signMessage": { signMessage: async () => [{ signature: bytes }] },
      },
    });
    target.addEventListener("wallet-standard:app-ready", (event) =>
      (event as CustomEvent<{ register: (wallet: object) => void }>).detail.register(standard("Early")),
    );
    const found: Wallet[] = [];
    const end = findSolanaWallets((wallet) => found.push(wallet));
    const register = (wallet: object) =>
      target.dispatchEvent(
        new CustomEvent("wallet-standard:register-wallet", {
          detail: ({ register: add }: { register: (wallet: object) => void }) => add(wallet),
        }),
      );
    register(standard("Late"));
    register({ name: "Bitcoin alone", icon: "", features: {} });
    end();
    assert.deepEqual(
      found.map(({ name }) => name),
      ["Early", "Late"],
    );
    await found[0]?.connect();
    assert.equal(await found[0]?.sign("text", "So1"), serverBase58Of(bytes));
    for (const some of [new Uint8Array(), Uint8Array.of(0), bytes]) assert.equal(base58Of(some), serverBase58Of(some));
  });
});
