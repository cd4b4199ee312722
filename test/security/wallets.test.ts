import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { alterationsOf, signatureForms } from "#services/auth/wallet-login/testing";
import { generatePrivateKey, type PrivateKeyAccount, privateKeyToAccount } from "viem/accounts";
import { type Answered, Platform } from "../platform/platform.ts";

describe("the routes of wallets", () => {
  before(() => platform.open());
  after(() => platform[Symbol.asyncDispose]());

  it("write the configured address into the message, whatever hosts a request names", async () => {
    const { data } = await challenge(newKey(), {
      host: "evil.example",
      "x-forwarded-host": "evil.example",
      forwarded: "host=evil.example",
      origin: "https://evil.example",
    });
    assert.match(String(data["message"]), /^video\.example wants you to sign in/);
    assert.doesNotMatch(JSON.stringify(data), /evil/);
  });

  it("refuse 23 altered messages and 12 other forms of a signature with one answer (S3.7)", async () => {
    const key = newKey();
    const answers = new Set<string>();
    const refuse = async (signature: string, id: unknown) => {
      const { status, body } = await send("/auth/login", { challenge_id: id, signature });
      answers.add(JSON.stringify([status, body["error"], body["message"], body["details"]]));
    };
    const alterations = alterationsOf("video.example");
    const forms = Object.values(signatureForms);
    assert.deepEqual([alterations.length, forms.length], [23, 12]);
    for (const alter of alterations) {
      const { data } = await challenge(key);
      const message = String(data["message"]);
      assert.notEqual(alter(message), message);
      await refuse(await key.signMessage({ message: alter(message) }), data["challenge_id"]);
    }
    for (const formOf of forms) {
      const { data } = await challenge(key);
      await refuse(formOf(await key.signMessage({ message: String(data["message"]) })), data["challenge_id"]);
    }
    await refuse("0x", "unknown");
    // A chain that is silent is not asked about a text that can be no signature; about others it decides.
    assert.deepEqual(
      [...answers].map((text) => (JSON.parse(text) as unknown[]).slice(0, 2)),
      refusals,
    );
  });

  it("answer a challenge to the browser that asked for it alone, and keep the session in cookies", async () => {
    const key = newKey();
    const { data, headers } = await challenge(key, cookies);
    const device = String([headers["set-cookie"]].flat()[0]);
    assert.match(device, /^kinora_device=[\w-]{22}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=\d+$/);
    const signed = { challenge_id: data["challenge_id"], signature: await sign(key, data) };
    assert.equal((await send("/auth/login", signed, cookies)).status, 401);
    const again = await challenge(key, { ...cookies, cookie: nameAndValue(device) });
    const answer = await send(
      "/auth/login",
      { challenge_id: again.data["challenge_id"], signature: await sign(key, again.data) },
      { ...cookies, cookie: nameAndValue(device) },
    );
    assert.equal(answer.status, 200, answer.text);
    assert.deepEqual([answer.data["token"], answer.data["refresh_token"]], [undefined, undefined]);
    assert.equal((answer.data["user"] as { id: number }).id, answer.data["user_id"]);
    assert.equal([answer.headers["set-cookie"]].flat().length, 3);
  });

  it("link a wallet without ending the session in the cookies", async () => {
    const owner = await platform.join();
    const { data } = await send("/auth/challenge", { address: owner.name, chain_id: 31_337 }, {});
    assert.equal(data["message"], undefined);
    const key = newKey();
    const asked = await challenge(key, cookies);
    const device = nameAndValue(String([asked.headers["set-cookie"]].flat()[0]));
    const headers = { ...cookies, cookie: `${device}; kinora_access=${owner.token}` };
    const body = { challenge_id: asked.data["challenge_id"], signature: await sign(key, asked.data), purpose: "link" };
    const answer = await send("/auth/login", body, headers);
    assert.equal(answer.status, 200, answer.text);
    assert.equal(answer.headers["set-cookie"], undefined);
    assert.deepEqual(
      [answer.data["kind"], answer.data["address"], answer.data["token"]],
      ["key", key.address, undefined],
    );
    const { data: factors } = await platform.ask("/api/v1/auth/factors", { token: owner.token });
    assert.equal((factors["wallets"] as object[]).length, 1);
  });

  it("give typed data in the names of EIP-712", async () => {
    const { data } = await send("/auth/challenge", { wallet: newKey().address, chain_id: 31_337, sign_type: "eip712" });
    const typed = data["typed_data"] as Record<string, Record<string, unknown>>;
    assert.deepEqual(Object.keys(typed).toSorted(), ["domain", "message", "primaryType", "types"]);
    assert.deepEqual(JSON.parse(String(data["message"])), typed);
  });
});

const platform = new Platform(
  {},
  {
    auth: {
      address: "https://video.example",
      chains: [{ id: 31_337, namespace: "eip155", name: "Test", endpoints: ["http://127.0.0.1:9"], deadline_ms: 500 }],
    },
  },
);
const cookies = { "x-kinora-session": "cookie", "sec-fetch-site": "same-origin" };
const newKey = (): PrivateKeyAccount => privateKeyToAccount(generatePrivateKey());
/** Texts that can be no signature, and signatures that a contract at a silent chain would have to judge. */
const refusals = [
  [503, "gate.chain_unavailable"],
  [401, "auth.bad_signature"],
];

const send = (
  path: string,
  body: Readonly<Record<string, unknown>>,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answered> => platform.ask(`/api/v1${path}`, { method: "POST", body, headers });
const challenge = (key: PrivateKeyAccount, headers: Readonly<Record<string, string>> = {}) =>
  send("/auth/challenge", { address: key.address, chain_id: 31_337 }, headers);
const sign = (key: PrivateKeyAccount, data: Answered["data"]) => key.signMessage({ message: String(data["message"]) });
const nameAndValue = (cookie: string): string => cookie.split(";")[0] ?? "";
