import assert from "node:assert/strict";
import { generateKeyPairSync, sign } from "node:crypto";
import { after, before, beforeEach, describe, it } from "node:test";
import { base58Of } from "#chain/base58";
import type { TypedSignIn } from "#chain/message/typed-data";
import { forViem } from "#chain/testing";
import { walletLinked, walletUnlinked } from "#events/auth";
import { type Call, contract as createContract, on, plugin } from "#kernel";
import { callOf, TestHost } from "#kernel/host/testing";
import { deploy } from "#test/chain/deploy";
import { type Relay, startRelay } from "#test/chain/endpoints";
import { type Anvil, startAnvil } from "#test/servers/anvil";
import { decodeJwt } from "jose";
import { type PrivateKeyAccount, privateKeyToAccount } from "viem/accounts";
import { auth } from "../contract.ts";
import { codeAt } from "../factors/totp.ts";
import { authPlugin } from "../plugin.ts";
import { alterationsOf, signatureForms as forms } from "./testing.ts";

describe("a wallet", () => {
  before(async () => {
    [chain, other] = await Promise.all([startAnvil(31_337), startAnvil(31_338)]);
    relay = await startRelay(chain.url);
    contract = await deploy(chain, "Wallet", BigInt(account.address));
    yes = await deploy(chain, "SaysYes");
    host = new TestHost({
      environment: { now: () => Date.now() + skewMs },
      settings: {
        auth: {
          address: "https://video.example",
          chains: [
            { ...settings, id: 31_337, namespace: "eip155", name: "First", endpoints: [relay.url] },
            { ...settings, id: 31_338, namespace: "eip155", name: "Second", endpoints: [other.url] },
            { ...settings, id: -2, namespace: "solana", name: "Sol", endpoints: ["http://127.0.0.1:9"], genesis },
          ],
        },
      },
    });
    client = host.client(auth);
    await host.add(authPlugin);
    await host.add(listener);
  });
  beforeEach(async () => {
    await host.clear();
    events.length = 0;
    relay.behaviour = { kind: "honest" };
    const db = host.database<{ "auth.instance": { id: boolean } }>("auth");
    await db.insertInto("auth.instance").values({ id: true }).execute();
  });
  after(async () => {
    await host[Symbol.asyncDispose]();
    for (const server of [relay, chain, other]) await server[Symbol.asyncDispose]();
  });

  describe("that is a key", () => {
    it("makes an account with a name from its address, and signs in to it on every chain of its kind", async () => {
      const first = await logIn(account);
      assert.equal(first.address, account.address);
      assert.deepEqual(decodeJwt(first.token ?? "")["amr"], ["wallet"]);
      const { username } = await client.account({ userId: first.userId }, callOf());
      assert.equal(username, `${account.address.slice(0, 6)}_${account.address.slice(-4)}`);
      for (const options of [{ chainId: 31_338 }, { signType: "eip712" as const }, { wallet: account.address }])
        assert.equal((await logIn(account, options)).userId, first.userId);
      assert.notEqual((await logIn(stranger)).userId, first.userId);
    });

    it("signs a message that names the configured address, the chain and the time", async () => {
      const { message, ...challenge } = await client.challenge({ address: account.address, chainId: 31_337 }, callOf());
      const [domain, address, , statement, , uri, , chainLine] = message.split("\n");
      assert.equal(domain, "video.example wants you to sign in with your Ethereum account:");
      assert.deepEqual([address, statement], [account.address, "Prove that this wallet is yours."]);
      assert.deepEqual([uri, chainLine], ["URI: https://video.example", "Chain ID: 31337"]);
      assert.equal(challenge.expiresAtMs - challenge.issuedAtMs, 300_000);
      assert.ok(message.includes(`Nonce: ${challenge.nonce}`) && challenge.nonce.length === 32);
    });

    it("opens nothing with one of 23 altered texts, and its challenge is spent by each", async () => {
      let count = 0;
      for (const alter of alterationsOf("video.example")) {
        const { challengeId, message } = await ask(account);
        const altered = alter(message);
        assert.notEqual(altered, message, String(alter));
        await refuses({ challengeId, signature: await account.signMessage({ message: altered }) });
        await refuses({ challengeId, signature: await account.signMessage({ message }) });
        count += 1;
      }
      assert.equal(count, 23);
    });

    it("opens nothing with one of 12 other forms of its signature", async () => {
      let count = 0;
      for (const [name, formOf] of Object.entries(forms)) {
        const { challengeId, message } = await ask(account);
        await refuses({ challengeId, signature: formOf(await account.signMessage({ message })) }, name);
        count += 1;
      }
      assert.equal(count, 12);
    });

    it("opens nothing with the challenge of another address, chain, browser or time", async () => {
      const signed = async (parts: Partial<Call> = {}) => {
        const { challengeId, message } = await ask(account, {}, parts);
        return { challengeId, signature: await account.signMessage({ message }) };
      };
      await refuses({ ...(await signed()), address: stranger.address });
      await refuses({ ...(await signed()), chainId: 31_338 });
      await refuses({ ...(await signed()), address: account.address, wallet: stranger.address });
      await refuses(await signed({ device: "a".repeat(22) }));
      await assert.rejects(client.loginByWallet(await signed(), callOf(undefined, { device: "b".repeat(22) })), bad);
      const late = await signed();
      skewMs += 300_000;
      await refuses(late);
      await refuses({ challengeId: "unknown", signature: "0x" });
      const { challengeId, message } = await ask(stranger);
      await refuses({ challengeId, signature: await account.signMessage({ message }) });
      assert.ok((await logIn(account, {}, { device: "a".repeat(22) })).token);
    });

    it("signs in once of twenty requests with one challenge", async () => {
      const { challengeId, message } = await ask(account);
      const signature = await account.signMessage({ message });
      const results = await Promise.allSettled(
        Array.from({ length: 20 }, () => client.loginByWallet({ challengeId, signature }, callOf())),
      );
      assert.equal(results.filter(({ status }) => status === "fulfilled").length, 1);
      for (const result of results)
        if (result.status === "rejected") assert.equal(result.reason.code, "auth.bad_signature");
    });

    it("makes one account of eight first sign-ins at the same moment", async () => {
      const sessions = await Promise.all(Array.from({ length: 8 }, () => logIn(account)));
      assert.equal(new Set(sessions.map(({ userId }) => userId)).size, 1);
    });
  });

  describe("that is a contract", () => {
    it("signs in by its owner's key on its own chain, and on no other", async () => {
      const { userId } = await logIn(account, { address: contract });
      assert.equal((await logIn(account, { address: contract })).userId, userId);
      await assert.rejects(logIn(account, { address: contract, chainId: 31_338 }), bad);
      await assert.rejects(logIn(stranger, { address: contract }), bad);
      const { items } = await client.wallets({}, callOf(userId));
      assert.deepEqual(
        items.map(({ kind, chainId }) => [kind, chainId]),
        [["contract", 31_337]],
      );
    });

    it("that says yes to all opens its own account alone", async () => {
      const { userId } = await logIn(account, { address: contract });
      const { challengeId } = await ask(account, { address: yes });
      const session = await client.loginByWallet({ challengeId, signature: "0x00" }, callOf());
      assert.notEqual(session.userId, userId);
    });

    it("is refused with the name of its chain while that is silent, lies about itself or is another one", async () => {
      for (const behaviour of [
        { kind: "error" },
        { kind: "garbage" },
        { kind: "redirect" },
        { kind: "liar", lie: asOtherChain },
        { kind: "liar", lie: asOldBlock },
      ] as const) {
        relay.behaviour = behaviour;
        await assert.rejects(
          logIn(account, { address: contract }),
          (error: Error & { details?: { shown?: object } }) => {
            assert.deepEqual(
              [(error as unknown as { code: string }).code, (error as unknown as { http: number }).http],
              ["gate.chain_unavailable", 503],
            );
            assert.match(error.message, /^First cannot be asked right now/);
            assert.ok(error.details?.shown && "since" in error.details.shown && "chain_id" in error.details.shown);
            return true;
          },
        );
        // A key needs no chain.
        assert.ok((await logIn(account)).token);
      }
    });
  });

  it("of Solana signs in by its key, with the cluster in the message", async () => {
    const { address, signText } = solanaKey();
    for (const options of [{ chainId: -2 }, { namespace: "solana" as const }]) {
      const { challengeId, message } = await client.challenge({ address, ...options }, callOf());
      assert.match(message, /^video\.example wants you to sign in with your Solana account:\n/);
      assert.match(message, new RegExp(`Chain ID: ${genesis.slice(0, 32)}\n`));
      assert.equal(
        (await client.loginByWallet({ challengeId, signature: signText(message) }, callOf())).address,
        address,
      );
      await refuses({ challengeId, signature: signText(message) });
    }
    const { challengeId, message } = await client.challenge({ address, chainId: -2 }, callOf());
    await refuses({ challengeId, signature: signText(`${message} `) });
  });

  it("is asked nothing for a chain that is not configured, or an address that is none", async () => {
    await assert.rejects(client.challenge({ address: account.address, chainId: 1 }, callOf()), {
      code: "auth.unknown_chain",
      http: 400,
      details: { shown: { chains: [31_337, 31_338, -2] } },
    });
    const { address } = solanaKey();
    for (const [text, chainId] of [
      ["0x12", 31_337],
      [`0x${"0".repeat(40)}`, 31_337],
      [account.address.replace("a", "A").replace("b", "B"), -2],
      [address, 31_337],
      ["1".repeat(32), -2],
    ] as const)
      await assert.rejects(client.challenge({ address: text, chainId }, callOf()), { code: "auth.bad_address" }, text);
  });

  describe("of an account", () => {
    it("is linked after a fresh sign-in, signs in, and belongs to no second account", async () => {
      const own = await join("mira");
      await assert.rejects(link(account, callOf(own.userId, { isFresh: false, freshBy: ["password"] })), {
        code: "auth.sign_in_again",
      });
      const wallet = await link(account, own);
      assert.deepEqual([wallet.kind, wallet.isPublic, wallet.address], ["key", false, account.address]);
      assert.equal((await link(account, own)).id, wallet.id);
      assert.equal((await logIn(account)).userId, own.userId);
      await assert.rejects(link(account, await join("ola")), { code: "auth.wallet_taken", http: 409 });
      assert.deepEqual(
        (await client.alerts({}, own)).items.map(({ kind }) => kind),
        ["wallet_linked"],
      );
      const factors = await client.factors({}, own);
      assert.deepEqual(
        factors.wallets.map(({ id }) => id),
        [wallet.id],
      );
      assert.equal((await client.verify({}, own)).walletAddress, account.address);
    });

    it("has a name, and an address that is public by choice, for its owner alone to change", async () => {
      const own = await join("mira");
      const { id = 0 } = await link(account, own);
      const changed = await client.changeWallet({ id, name: "Cold", isPublic: true }, own);
      assert.deepEqual([changed.name, changed.isPublic], ["Cold", true]);
      assert.equal((await client.changeWallet({ id, name: "Warm" }, own)).isPublic, true);
      const foreign = await join("ola");
      await assert.rejects(client.changeWallet({ id, name: "Mine" }, foreign), { code: "auth.wallet_not_found" });
      await assert.rejects(client.unlinkWallet({ id }, foreign), { code: "auth.wallet_not_found" });
    });

    it("is unlinked with an event, and not where it is the last way in", async () => {
      const own = await join("mira");
      const { id = 0 } = await link(account, own);
      await client.unlinkWallet({ id }, own);
      assert.deepEqual((await client.wallets({}, own)).items, []);
      await host.drain();
      assert.deepEqual(events, [`linked ${own.userId} ${id}`, `unlinked ${own.userId} ${id}`]);
      const { userId = 0 } = await logIn(account);
      assert.notEqual(userId, own.userId);
      const call = callOf(userId);
      const [only] = (await client.wallets({}, call)).items;
      await assert.rejects(client.unlinkWallet({ id: only?.id ?? 0 }, call), { code: "auth.last_way_in", http: 409 });
      await link(stranger, call);
      await client.unlinkWallet({ id: only?.id ?? 0 }, call);
      assert.equal((await client.wallets({}, call)).items.length, 1);
      assert.equal((await client.factors({}, call)).password, false);
    });

    it("is one of ten at most, also at the same moment", async () => {
      const own = await join("mira");
      const keys = Array.from({ length: 12 }, (_, n) => privateKeyToAccount(`0x${"3".repeat(62)}${10 + n}`));
      const results = await Promise.allSettled(keys.map((key) => link(key, own)));
      assert.equal(results.filter(({ status }) => status === "fulfilled").length, 10);
      for (const result of results) if (result.status === "rejected") assert.equal(result.reason.code, "auth.too_many");
    });

    it("makes the sign-in of its session fresh, and of no other account", async () => {
      const own = await join("mira");
      await link(account, own);
      const { challengeId, message } = await ask(account);
      const signature = await account.signMessage({ message });
      const { untilMs } = await client.confirm({ challengeId, signature }, own);
      assert.ok(untilMs > Date.now() + skewMs + 200_000);
      const foreign = await join("ola");
      const second = await ask(account);
      const signed = await account.signMessage({ message: second.message });
      await assert.rejects(client.confirm({ challengeId: second.challengeId, signature: signed }, foreign), bad);
      const { freshBy } = await client.session(
        { sessionId: own.sessionId ?? "", isVerified: true, isFreshNeeded: true },
        callOf(),
      );
      assert.deepEqual(freshBy, ["password", "wallet"]);
    });

    it("asks for the second step as a password does", async () => {
      const own = await join("mira");
      await link(account, own);
      const { secret } = await client.addTotp({}, own);
      const code = () => codeAt(secret, Math.floor((Date.now() + skewMs) / 30_000));
      await client.confirmTotp({ code: code() }, own);
      const needed = await logIn(account).then(
        () => assert.fail("it opened the account"),
        (error: { code: string; details: { shown: { ticket: string } } }) => error,
      );
      assert.equal(needed.code, "auth.second_factor_needed");
      skewMs += 30_000;
      const session = await client.secondFactor({ ticket: needed.details.shown.ticket, code: code() }, callOf());
      assert.deepEqual(decodeJwt(session.token)["amr"], ["wallet", "totp"]);
    });
  });

  describe("that nobody has", () => {
    it("makes an account as far as people may sign up", async () => {
      await setRules({ registration: "closed" });
      await assert.rejects(logIn(account), { code: "auth.registration_closed" });
      await setRules({ registration: "invitation" });
      await assert.rejects(logIn(account), { code: "auth.invitation_needed" });
      const { code } = await client.invite({}, callOf((await admin()).userId, { role: "admin" }));
      const { challengeId, message } = await ask(account);
      const signature = await account.signMessage({ message });
      assert.ok((await client.loginByWallet({ challengeId, signature, invitation: code }, callOf())).token);
      await setRules({ registration: "open", workBits: 1 });
      await assert.rejects(logIn(stranger), { code: "auth.work_needed" });
      assert.ok((await logIn(account)).token);
    });

    it("makes an account that is deleted without a password, as no other one is", async () => {
      const { userId = 0 } = await logIn(account);
      const own = await join("mira");
      await assert.rejects(client.deleteAccount({}, own), { code: "auth.wrong_password" });
      await client.deleteAccount({}, callOf(userId));
      const again = await logIn(account);
      assert.notEqual(again.userId, userId);
      await assert.rejects(client.login({ username: "mira", password: "" }, callOf()), {
        code: "kernel.invalid_input",
      });
    });

    it("waits for approval with its account, which it opens afterwards", async () => {
      await setRules({ registration: "approval" });
      for (let n = 0; n < 2; n++) await assert.rejects(logIn(account), { code: "auth.awaiting_approval" });
      const moderator = callOf((await admin()).userId, { role: "admin" });
      const { items } = await client.accounts({ state: "pending" }, moderator);
      assert.equal(items.length, 1);
      await client.admit({ id: items[0]?.id ?? 0 }, moderator);
      assert.equal((await logIn(account)).userId, items[0]?.id);
    });
  });

  it("is offered by the page of signing in with the names of its chains", async () => {
    const { items, password, wallets } = await client.providers({}, callOf());
    assert.deepEqual([items, password], [[], true]);
    assert.deepEqual(
      wallets.map(({ name }) => name),
      ["First", "Second", "Sol"],
    );
  });
});

let [chain, other, relay, host] = [{} as Anvil, {} as Anvil, {} as Relay, {} as TestHost]; // Set before all tests.
let client = {} as ReturnType<typeof clientOf>;
let [contract, yes] = ["", ""];
let skewMs = 0;
const clientOf = (of: TestHost) => of.client(auth);
const account = privateKeyToAccount(`0x${"11".repeat(32)}`);
const stranger = privateKeyToAccount(`0x${"22".repeat(32)}`);
const genesis = base58Of(new Uint8Array(32).fill(7));
const settings = { block_age_max_seconds: 3_600, deadline_ms: 1_000 };
const bad = { code: "auth.bad_signature", http: 401 };

const events: string[] = [];
const listener = plugin({
  contract: createContract("listener", 1, {}),
  needs: [],
  migrations: [],
  start: () => ({
    handlers: {},
    subscriptions: [
      on(walletLinked, async (_, { userId, walletId }) => void events.push(`linked ${userId} ${walletId}`)),
      on(walletUnlinked, async (_, { userId, walletId }) => void events.push(`unlinked ${userId} ${walletId}`)),
    ],
  }),
});

interface Options {
  readonly address?: string;
  readonly wallet?: string;
  readonly chainId?: number;
  readonly signType?: "personal_sign" | "eip712";
}

const ask = (key: PrivateKeyAccount, { chainId = 31_337, ...options }: Options = {}, parts: Partial<Call> = {}) => {
  const address = options.wallet === undefined ? { address: key.address } : {};
  return client.challenge({ ...address, chainId, ...options }, callOf(undefined, parts));
};

async function logIn(key: PrivateKeyAccount, options: Options = {}, parts: Partial<Call> = {}) {
  const { challengeId, message, signingType } = await ask(key, options, parts);
  const signature =
    signingType === "eip712"
      ? await key.signTypedData(forViem(JSON.parse(message) as TypedSignIn)) // As the challenge says.
      : await key.signMessage({ message });
  return client.loginByWallet({ challengeId, signature }, callOf(undefined, parts));
}

async function link(key: PrivateKeyAccount, call: Call) {
  const { challengeId, message } = await ask(key);
  const signature = await key.signMessage({ message });
  return client.loginByWallet({ challengeId, signature, purpose: "link" }, call);
}

const refuses = (input: Parameters<typeof client.loginByWallet>[0], says = "") =>
  assert.rejects(client.loginByWallet(input, callOf()), bad, says);

async function join(username: string): Promise<Call> {
  const { userId, refreshToken } = await client.register({ username, password: "correct horse" }, callOf());
  return callOf(userId, { sessionId: refreshToken.split(".")[0] ?? "" });
}

const admin = () => client.ensure({ username: "root", password: "correct horse", role: "admin" }, callOf());
const setRules = (rules: Parameters<typeof client.setRegistration>[0]) =>
  client.setRegistration(rules, callOf(1, { role: "admin" }));

function solanaKey() {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const address = base58Of(new Uint8Array(publicKey.export({ format: "der", type: "spki" }).subarray(-32)));
  const signText = (text: string) => base58Of(new Uint8Array(sign(null, Buffer.from(text), privateKey)));
  return { address, signText };
}

const asOtherChain = ({ method, result }: { readonly method: string; readonly result: unknown }) =>
  method === "eth_chainId" ? "0x1" : result;
const asOldBlock = ({ method, result }: { readonly method: string; readonly result: unknown }) =>
  method === "eth_getBlockByNumber" ? { ...(result as object), timestamp: "0x1" } : result; // A block of the chain.
