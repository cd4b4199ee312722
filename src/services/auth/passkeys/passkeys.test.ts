import assert from "node:assert/strict";
import { createSign, generateKeyPairSync, type KeyObject } from "node:crypto";
import { after, before, beforeEach, describe, it } from "node:test";
import type { Call } from "#kernel";
import { callOf, TestHost } from "#kernel/host/testing";
import { BasicConstraintsExtension, X509CertificateGenerator } from "@peculiar/x509";
import { decodeJwt } from "jose";
import { sql } from "kysely";
import { auth } from "../contract.ts";
import { codeAt } from "../factors/totp.ts";
import { authPlugin } from "../plugin.ts";
import { warnOfOtherHosts } from "./other-hosts.ts";
import { handleOf } from "./passkey-proof.ts";
import { Authenticator, type Cbor, type Lies } from "./testing.ts";

const badPasskey = { code: "auth.bad_passkey", http: 401 };
const badCreations: Readonly<Record<string, Lies>> = {
  "another challenge": { challenge: Buffer.alloc(32).toString("base64url") },
  "another origin": { origin: "https://evil.example" },
  "no origin": { origin: "null" },
  "a page in a frame of another site": { crossOrigin: true },
  "another host": { rpId: "evil.example" },
  "the type of a use": { type: "webauthn.get" },
  "nobody present": { isUserPresent: false },
  "another algorithm": { algorithm: -47 },
  "the algorithm ML-DSA": { algorithm: -48 },
};
const badUses: Readonly<Record<string, Lies>> = {
  "another challenge": { challenge: Buffer.alloc(32).toString("base64url") },
  "another origin": { origin: "https://evil.example" },
  "a page in a frame of another site": { crossOrigin: true },
  "another host": { rpId: "evil.example" },
  "the type of a creation": { type: "webauthn.create" },
  "nobody present": { isUserPresent: false },
  "a user who was not verified": { isUserVerified: false },
  "the handle of another account": { userHandle: handleOf(1) },
  "a credential that nobody has": { credentialId: Buffer.alloc(32).toString("base64url") },
  "a signature of another key": { key: generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey },
};

describe("passkeys", () => {
  before(async () => {
    await host.add(authPlugin);
    await numbered.add(authPlugin);
    await named.add(authPlugin);
  });
  beforeEach(async () => {
    await host.clear();
    count += 1;
    clockMs = Date.UTC(2026, 10, 20);
  });
  after(() => Promise.all([host, numbered, named].map((each) => each[Symbol.asyncDispose]())));

  it("sign in without a name, a password and a second step, and the session says so", async () => {
    const { call, passkey, device } = await withPasskey({ isSynced: true });
    const { id: _, ...facts } = passkey;
    assert.deepEqual(facts, {
      name: "Laptop",
      createdAtMs: clockMs,
      usedAtMs: null,
      synced: true,
      passwordless: true,
      rpId: "localhost",
    });
    clockMs += 60_000;
    const { userId, token } = await signIn(device);
    assert.equal(userId, call.userId);
    assert.deepEqual(decodeJwt(token)["amr"], ["passkey"]);
    const { passkeys } = await client.factors({}, call);
    assert.deepEqual(passkeys, [{ ...passkey, usedAtMs: clockMs }]);
  });

  for (const [algorithm, name] of [
    [-8, "EdDSA"],
    [-7, "ES256"],
    [-257, "RS256"],
  ] as const)
    it(`are made and used with ${name}`, async () => {
      const { call, device } = await withPasskey({ algorithm });
      assert.equal((await signIn(device)).userId, call.userId);
    });

  it("bring recovery codes with the first second factor, and none with the next", async () => {
    const { call, recoveryCodes = [] } = await withPasskey();
    assert.equal(new Set(recoveryCodes).size, 10);
    const { secret } = await client.addTotp({}, call);
    const code = codeAt(secret, Math.floor(clockMs / 30_000));
    assert.deepEqual(await client.confirmTotp({ code }, call), {});
    const { recoveryCodes: more } = await add(call, new Authenticator());
    assert.equal(more, undefined);
    assert.equal((await client.factors({}, call)).recoveryCodesLeft, 10);
  });

  it("are offered the host of the configured address, this account and three algorithms", async () => {
    const { call, device } = await withPasskey();
    const options = await client.beginPasskey({}, call);
    assert.deepEqual(options.rp, { id: "localhost", name: "Kinora" });
    assert.deepEqual(options.user, { id: handleOf(call.userId ?? 0), name: name(), displayName: name() });
    assert.deepEqual(
      options.pubKeyCredParams.map(({ alg }) => alg),
      [-8, -7, -257],
    );
    assert.deepEqual(options.excludeCredentials, [{ id: device.credentialId, type: "public-key", transports: [] }]);
    assert.equal(Buffer.from(options.challenge, "base64url").length, 32);
  });

  for (const [flaw, lies] of Object.entries(badCreations))
    it(`are not made by an answer with ${flaw}`, async () => {
      const call = await join();
      const { challengeId, ...options } = await client.beginPasskey({}, call);
      const credential = new Authenticator().create({ challengeId, ...options }, lies);
      await assert.rejects(client.addPasskey({ challengeId, credential, name: "Laptop" }, call), badPasskey);
      assert.deepEqual((await client.factors({}, call)).passkeys, []);
    });

  for (const [flaw, lies] of Object.entries(badUses))
    it(`do not sign in by an answer with ${flaw}`, async () => {
      const { device } = await withPasskey();
      await assert.rejects(signIn(device, lies), badPasskey);
      assert.ok((await signIn(device)).token);
    });

  it("may attest themselves, and not by a certificate, which names addresses to be asked", async () => {
    const call = await join();
    const device = new Authenticator();
    assert.ok((await add(call, device, { attest: (signed) => device.attestSelf(signed) })).id);
    const attest = await certifiedStatement();
    await assert.rejects(add(call, new Authenticator(), { attest }), badPasskey);
  });

  it("are of one account each", async () => {
    const { device } = await withPasskey();
    const thief = await join("thief");
    const lies = { credentialId: device.credentialId };
    await assert.rejects(add(thief, new Authenticator(), lies), badPasskey);
    const other = await withPasskey({}, "other");
    await assert.rejects(signIn(device, { userHandle: handleOf(other.call.userId ?? 0) }), badPasskey);
  });

  it("that did not verify their user are a second step, and no first one", async () => {
    const { device, passkey } = await withPasskey({ isUserVerified: false });
    assert.equal(passkey.passwordless, false);
    await assert.rejects(signIn(device), badPasskey);
    // One that can by now was still made for the second step.
    await assert.rejects(signIn(device, { isUserVerified: true }), badPasskey);
    const { token } = await secondStep(device);
    assert.deepEqual(decodeJwt(token)["amr"], ["password", "passkey"]);
  });

  it("answer a challenge once of twenty at the same moment, within five minutes, and none of another use", async () => {
    const { device, call } = await withPasskey();
    const options = await client.passkeyOptions({}, callOf());
    const answer = { challengeId: options.challengeId, credential: device.get(options) };
    const attempts = Array.from({ length: 20 }, () => client.loginByPasskey(answer, callOf()));
    const results = await Promise.allSettled(attempts);
    assert.equal(results.filter(({ status }) => status === "fulfilled").length, 1);

    const late = await client.passkeyOptions({}, callOf());
    clockMs += 300_000;
    const lateAnswer = { challengeId: late.challengeId, credential: device.get(late) };
    await assert.rejects(client.loginByPasskey(lateAnswer, callOf()), badPasskey);

    const forCreation = await client.beginPasskey({}, call);
    const credential = device.get({ ...(await client.passkeyOptions({}, callOf())), ...forCreation });
    await assert.rejects(
      client.loginByPasskey({ challengeId: forCreation.challengeId, credential }, callOf()),
      badPasskey,
    );
    await assert.rejects(client.loginByPasskey({ challengeId: "none", credential }, callOf()), badPasskey);
    const { ticket } = await firstStep();
    const forSecond = await client.passkeyOptions({ ticket }, callOf());
    const second = { challengeId: forSecond.challengeId, credential: device.get(forSecond) };
    await assert.rejects(client.loginByPasskey(second, callOf()), badPasskey);
  });

  it("use up their challenge also where the answer is wrong", async () => {
    const { device } = await withPasskey();
    const options = await client.passkeyOptions({}, callOf());
    const ask = (lies?: Lies) =>
      client.loginByPasskey({ challengeId: options.challengeId, credential: device.get(options, lies) }, callOf());
    await assert.rejects(ask({ origin: "https://evil.example" }), badPasskey);
    await assert.rejects(ask(), badPasskey);
  });

  it("are made with a challenge of their account alone", async () => {
    const options = await client.beginPasskey({}, await join());
    const other = await join("other");
    const input = { challengeId: options.challengeId, credential: new Authenticator().create(options), name: "x" };
    await assert.rejects(client.addPasskey(input, other), badPasskey);
  });

  it("take the second step with the ticket of their sign-in, in five tries", async () => {
    const { device } = await withPasskey();
    const { ticket, methods } = await firstStep();
    assert.deepEqual(methods, ["passkey", "recovery_code"]);
    const options = await client.passkeyOptions({ ticket }, callOf());
    assert.deepEqual(options.allowCredentials, [{ id: device.credentialId, type: "public-key", transports: [] }]);
    const other = await firstStep();
    const passkey = { challengeId: options.challengeId, credential: device.get(options) };
    await assert.rejects(client.secondFactor({ ticket: other.ticket, passkey }, callOf()), {
      code: "auth.bad_code",
      details: { shown: { tries_left: 4 } },
    });
    for (let left = 3; left >= 0; left--)
      await assert.rejects(secondStep(device, { lies: { rpId: "other" }, ticket: other.ticket }), {
        code: "auth.bad_code",
        details: { shown: { tries_left: left } },
      });
    await assert.rejects(client.passkeyOptions({ ticket: other.ticket }, callOf()), { code: "auth.ticket_over" });
    assert.ok((await secondStep(device, { ticket })).token);
    await assert.rejects(client.passkeyOptions({ ticket }, callOf()), { code: "auth.ticket_over" });
  });

  it("of another account take no second step", async () => {
    await withPasskey();
    const thief = await withPasskey({}, "thief");
    await assert.rejects(secondStep(thief.device), { code: "auth.bad_code" });
  });

  it("get the same options for everybody, whatever account there is", async () => {
    const before = await client.passkeyOptions({}, callOf());
    const { call } = await withPasskey();
    for (const caller of [callOf(), call]) {
      const { challengeId, challenge, ...options } = await client.passkeyOptions({}, caller);
      assert.deepEqual({ ...options, challengeId: "", challenge: "" }, { ...before, challengeId: "", challenge: "" });
      assert.notEqual(challengeId, before.challengeId);
      assert.notEqual(challenge, before.challenge);
    }
    assert.deepEqual([before.allowCredentials, before.userVerification], [[], "required"]);
  });

  it("confirm what needs a fresh sign-in, for their own account", async () => {
    const { call, device, sessionId } = await withPasskey();
    const thief = await withPasskey({}, "thief");
    clockMs += 600_000;
    const state = () => client.session({ sessionId, isFreshNeeded: true }, service);
    const { isFresh, freshBy } = await state();
    assert.deepEqual([isFresh, freshBy], [false, ["password", "passkey", "recovery_code"]]);
    const confirm = async (by: Authenticator) => {
      const options = await client.passkeyOptions({}, call);
      return client.confirm({ passkey: { challengeId: options.challengeId, credential: by.get(options) } }, call);
    };
    await assert.rejects(confirm(thief.device), badPasskey);
    assert.equal((await state()).isFresh, false);
    await confirm(device);
    assert.equal((await state()).isFresh, true);
  });

  it("whose counter has not grown are refused and an alert, unless they count nothing", async () => {
    const { call, device } = await withPasskey({ counter: 5 });
    await signIn(device);
    for (const counter of [6, 5, 1]) await assert.rejects(signIn(device, { counter }), badPasskey);
    // A provider that begins to sync a passkey stops counting, and what was counted stays.
    assert.ok((await signIn(device, { counter: 0 })).token);
    await assert.rejects(signIn(device, { counter: 6 }), badPasskey);
    assert.ok((await signIn(device, { counter: 1_000 })).token);
    const { items } = await client.alerts({}, call);
    assert.equal(items.filter(({ kind }) => kind === "passkey_copied").length, 4);
  });

  it("raise no alert by an answer that is not theirs", async () => {
    const { call, device } = await withPasskey({ counter: 5 });
    const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    await assert.rejects(signIn(device, { counter: 1, key: privateKey }), badPasskey);
    const { items } = await client.alerts({}, call);
    assert.deepEqual(
      items.map(({ kind }) => kind),
      ["factor_changed"],
    );
  });

  it("are twenty at most, also where many are added at the same moment", async () => {
    const call = await join();
    const devices = Array.from({ length: 24 }, () => new Authenticator());
    const begun = await Promise.all(
      devices.map(async (device) => ({ device, options: await client.beginPasskey({}, call) })),
    );
    const results = await Promise.allSettled(
      begun.map(({ device, options }) =>
        client.addPasskey({ challengeId: options.challengeId, credential: device.create(options), name: "Key" }, call),
      ),
    );
    assert.equal(results.filter(({ status }) => status === "fulfilled").length, 20);
    await assert.rejects(client.beginPasskey({}, call), { code: "auth.too_many", http: 409 });
  });

  it("are renamed and removed by their owner alone; the last second factor takes the recovery codes along", async () => {
    const { call, passkey, device } = await withPasskey();
    const other = await join("other");
    const { id } = passkey;
    await assert.rejects(client.renamePasskey({ id, name: "Mine" }, other), { code: "auth.factor_not_found" });
    await assert.rejects(client.removePasskey({ id }, other), { code: "auth.factor_not_found", http: 404 });
    assert.equal((await client.renamePasskey({ id, name: "Work laptop" }, call)).name, "Work laptop");
    await client.removePasskey({ id }, call);
    await assert.rejects(signIn(device), badPasskey);
    const { passkeys, recoveryCodesLeft } = await client.factors({}, call);
    assert.deepEqual([passkeys, recoveryCodesLeft], [[], 0]);
    assert.ok((await client.login({ username: name(), password }, callOf())).token);
  });

  it("stay where nothing else opens the account", async () => {
    const { call, passkey } = await withPasskey();
    const keyOnly = await add(call, new Authenticator({ isUserVerified: false }));
    await sql`UPDATE credentials SET password_hash = NULL WHERE user_id = ${call.userId}`.execute(
      host.database("auth"),
    );
    await assert.rejects(client.removePasskey({ id: passkey.id }, call), { code: "auth.last_way_in", http: 409 });
    await client.removePasskey({ id: keyOnly.id }, call);
    const second = await add(call, new Authenticator());
    await client.removePasskey({ id: passkey.id }, call);
    assert.deepEqual(
      (await client.factors({}, call)).passkeys.map(({ id }) => id),
      [second.id],
    );
  });

  it("need a fresh sign-in to be added or removed", async () => {
    const { call, passkey } = await withPasskey();
    const stale = { ...call, isFresh: false };
    await assert.rejects(client.beginPasskey({}, stale), { code: "auth.sign_in_again" });
    await assert.rejects(client.removePasskey({ id: passkey.id }, stale), { code: "auth.sign_in_again" });
    const options = await client.beginPasskey({}, call);
    const credential = new Authenticator().create(options);
    const adding = client.addPasskey({ challengeId: options.challengeId, credential, name: "x" }, stale);
    await assert.rejects(adding, { code: "auth.sign_in_again" });
  });

  it("are removed by an administrator for an owner who lost them", async () => {
    const { call, device } = await withPasskey();
    await client.removeFactors({ id: call.userId ?? 0, reason: "lost" }, admin);
    await assert.rejects(signIn(device), badPasskey);
    assert.ok((await client.login({ username: name(), password }, callOf())).token);
  });

  it("do not open a banned account, whose owner learns why", async () => {
    const { call, device } = await withPasskey();
    await sql`UPDATE credentials SET state = 'banned', state_reason = 'spam' WHERE user_id = ${call.userId}`.execute(
      host.database("auth"),
    );
    await assert.rejects(signIn(device), { code: "auth.barred" });
  });

  it("cannot be where the host is a number", async () => {
    const { userId } = await numbered.client(auth).register({ username: name(), password }, callOf());
    const refusal = { code: "auth.no_passkeys_here", http: 409, details: { shown: { host: "192.168.1.7" } } };
    await assert.rejects(numbered.client(auth).beginPasskey({}, callOf(userId)), refusal);
    await assert.rejects(numbered.client(auth).passkeyOptions({}, callOf()), refusal);
  });

  it("belong to the configured origin, its scheme and port included", async () => {
    const there = named.client(auth);
    const call = callOf((await there.register({ username: name(), password }, callOf())).userId);
    for (const [origin, isRight] of [
      ["https://video.example", true],
      ["http://video.example", false],
      ["https://video.example:8443", false],
      ["https://www.video.example", false],
      ["https://video.example.evil.example", false],
    ] as const) {
      const options = await there.beginPasskey({}, call);
      assert.equal(options.rp.id, "video.example");
      const credential = new Authenticator({ origin }).create(options);
      const adding = there.addPasskey({ challengeId: options.challengeId, credential, name: origin }, call);
      if (isRight) assert.ok((await adding).id);
      else await assert.rejects(adding, badPasskey, origin);
    }
  });

  it("of an earlier host are a warning at the start", async () => {
    const { call } = await withPasskey();
    await withPasskey({}, "other");
    const warnings: unknown[] = [];
    const log = { warn: (...line: unknown[]) => void warnings.push(line) };
    const start = () =>
      warnOfOtherHosts({ db: host.database("auth"), log, settings: { address: "http://localhost:1" } });
    await start();
    assert.deepEqual(warnings, []);
    await sql`UPDATE passkeys SET rp_id = 'old.example' WHERE user_id = ${call.userId}`.execute(host.database("auth"));
    await start();
    assert.deepEqual(warnings, [["passkeys of another host open nothing", { passkeys: 1, host: "localhost" }]]);
  });

  it("of an earlier host open nothing, and the account keeps its second step", async () => {
    const { call, device, recoveryCodes = [] } = await withPasskey();
    await sql`UPDATE passkeys SET rp_id = 'old.example' WHERE user_id = ${call.userId}`.execute(host.database("auth"));
    await assert.rejects(signIn(device), badPasskey);
    const { ticket, methods } = await firstStep();
    assert.deepEqual(methods, ["recovery_code"]);
    assert.ok((await client.secondFactor({ ticket, code: recoveryCodes[0] ?? "" }, callOf())).token);
  });
});

const password = "correct horse";
let clockMs = 0;
let count = 0;
const environment = { now: () => clockMs };
const host = new TestHost({ environment });
const numbered = new TestHost({ settings: { auth: { address: "http://192.168.1.7:8080" } } });
const named = new TestHost({ settings: { auth: { address: "https://video.example", hasPublicAddress: true } } });
const client = host.client(auth);
const service = callOf(undefined, { caller: "test" });
const admin = callOf(1, { role: "admin" });
const name = (of = "mira") => `${of}${count}`;

async function join(of = "mira"): Promise<Call> {
  const { userId, refreshToken } = await client.register({ username: name(of), password }, callOf());
  return callOf(userId, { sessionId: refreshToken.split(".")[0] ?? "" });
}

async function add(call: Call, device: Authenticator, lies?: Lies) {
  const options = await client.beginPasskey({}, call);
  const credential = device.create(options, lies);
  return client.addPasskey({ challengeId: options.challengeId, credential, name: "Laptop" }, call);
}

/** An account with a passkey. */
async function withPasskey(options: ConstructorParameters<typeof Authenticator>[0] = {}, of?: string) {
  const call = await join(of);
  const device = new Authenticator(options);
  const { recoveryCodes, ...passkey } = await add(call, device);
  return { call, device, passkey, recoveryCodes, sessionId: call.sessionId ?? "" };
}

/** The attestation statement of a maker whose certificate is right in every respect (WebAuthn §8.2.1). */
async function certifiedStatement(): Promise<(signed: Buffer) => Cbor> {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const curve = { name: "ECDSA", namedCurve: "P-256" };
  const keyOf = (key: KeyObject, use: "sign" | "verify") => key.toCryptoKey(curve, true, [use]);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: "C=NZ, O=Maker, OU=Authenticator Attestation, CN=Key",
    notBefore: new Date(Date.now() - 86_400_000),
    notAfter: new Date(Date.now() + 86_400_000),
    signingAlgorithm: { ...curve, hash: "SHA-256" },
    keys: { privateKey: keyOf(privateKey, "sign"), publicKey: keyOf(publicKey, "verify") },
    extensions: [new BasicConstraintsExtension(false)],
  });
  return (signed) =>
    new Map<Cbor, Cbor>([
      ["alg", -7],
      ["sig", createSign("sha256").update(signed).sign(privateKey)],
      ["x5c", [Buffer.from(certificate.rawData)]],
    ]);
}

async function signIn(device: Authenticator, lies?: Lies) {
  const options = await client.passkeyOptions({}, callOf());
  return client.loginByPasskey({ challengeId: options.challengeId, credential: device.get(options, lies) }, callOf());
}

async function firstStep(): Promise<{ ticket: string; methods: string[] }> {
  let shown: { ticket: string; methods: string[] } | undefined;
  await assert.rejects(client.login({ username: name(), password }, callOf()), (error: { details?: unknown }) => {
    ({ shown } = error.details as { shown: { ticket: string; methods: string[] } });
    return true;
  });
  return shown ?? assert.fail("no ticket");
}

async function secondStep(device: Authenticator, { lies, ticket }: { lies?: Lies; ticket?: string } = {}) {
  const at = ticket ?? (await firstStep()).ticket;
  const options = await client.passkeyOptions({ ticket: at }, callOf());
  const passkey = { challengeId: options.challengeId, credential: device.get(options, lies) };
  return client.secondFactor({ ticket: at, passkey }, callOf());
}
