import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { type Call, KinoraError } from "#kernel";
import { callOf, TestHost } from "#kernel/host/testing";
import { decodeJwt } from "jose";
import { sql } from "kysely";
import { auth, Family } from "../contract.ts";
import { authPlugin } from "../plugin.ts";
import { codeAt } from "./totp.ts";

describe("a second factor", () => {
  before(() => host.add(authPlugin));
  beforeEach(async () => {
    await host.clear();
    count += 1;
    clockMs = Date.UTC(2026, 10, 20);
  });
  after(() => host[Symbol.asyncDispose]());

  it("is asked for after the password, and its session says both", async () => {
    const { secret, codes } = await withApp();
    assert.equal(codes.length, 10);
    const { ticket, methods, expiresAt } = await firstStep();
    assert.deepEqual([methods, Date.parse(expiresAt)], [["totp", "recovery_code"], clockMs + 300_000]);
    const { token } = await client.secondFactor({ ticket, code: codeOf(secret) }, callOf());
    assert.deepEqual(decodeJwt(token)["amr"], ["password", "totp"]);
  });

  it("does nothing before a code of the app confirmed it, and a confirmed one is not replaced", async () => {
    const call = await join();
    await client.addTotp({}, call);
    await signIn();
    await assert.rejects(client.confirmTotp({ code: "000000" }, call), { code: "auth.bad_code", http: 401 });
    const { secret } = await client.addTotp({}, call);
    await client.confirmTotp({ code: codeOf(secret) }, call);
    await assert.rejects(client.addTotp({}, call), { code: "auth.factor_on", http: 409 });
  });

  it("takes no code twice, not even at once, and none of before", async () => {
    const { secret } = await withApp();
    const code = codeOf(secret);
    const tickets = await Promise.all(Array.from({ length: 5 }, () => firstStep()));
    const results = await Promise.allSettled(
      tickets.map(({ ticket }) => client.secondFactor({ ticket, code }, callOf(undefined, { source: ticket }))),
    );
    assert.equal(results.filter(({ status }) => status === "fulfilled").length, 1);
    const { ticket } = await firstStep();
    const earlier = codeAt(secret, Math.floor(clockMs / 30_000) - 1);
    await assert.rejects(client.secondFactor({ ticket, code: earlier }, callOf()), { code: "auth.bad_code" });
    // A clock that goes back makes no code good again.
    clockMs -= 3_600_000;
    await assert.rejects(client.secondFactor({ ticket, code: codeOf(secret) }, callOf()), { code: "auth.bad_code" });
  });

  it("takes a recovery code once of twenty at the same moment, and alerts the owner", async () => {
    const { codes, call } = await withApp();
    const [code = ""] = codes;
    const tickets = await Promise.all(Array.from({ length: 20 }, () => firstStep()));
    const results = await Promise.allSettled(
      tickets.map(({ ticket }) => client.secondFactor({ ticket, code }, callOf(undefined, { source: ticket }))),
    );
    assert.equal(results.filter(({ status }) => status === "fulfilled").length, 1);
    assert.equal((await client.factors({}, call)).recoveryCodesLeft, 9);
    const { items } = await client.alerts({}, call);
    assert.equal(items.filter(({ kind }) => kind === "recovery_used").length, 1);
  });

  it("ends a sign-in with the fifth wrong code, and an account's guesses at the tenth from one source (S3.4)", async () => {
    const { secret } = await withApp();
    const { ticket } = await firstStep();
    for (let left = 4; left >= 0; left--)
      await assert.rejects(client.secondFactor({ ticket, code: "000000" }, callOf(undefined, { source: "a" })), {
        code: "auth.bad_code",
        details: { shown: { tries_left: left } },
      });
    await assert.rejects(client.secondFactor({ ticket, code: codeOf(secret) }, callOf(undefined, { source: "b" })), {
      code: "auth.ticket_over",
      http: 401,
    });
    const guesses = Array.from({ length: 40 }, async () => {
      const next = await firstStep();
      const ask = () =>
        client.secondFactor({ ticket: next.ticket, code: "000000" }, callOf(undefined, { source: "a" }));
      return ask().catch((error: KinoraError) => error.code);
    });
    const answers = await Promise.all(guesses);
    assert.equal(answers.filter((code) => code === "auth.bad_code").length, 5);
    assert.equal(answers.filter((code) => code === "auth.too_many_attempts").length, 35);
  });

  it("waits five minutes, for one sign-in, and not beyond a change of the password", async () => {
    const { secret, call } = await withApp();
    const late = await firstStep();
    clockMs += 300_000;
    const second = (ticket: string) => client.secondFactor({ ticket, code: codeOf(secret) }, callOf());
    await assert.rejects(second(late.ticket), { code: "auth.ticket_over" });
    const used = await firstStep();
    await second(used.ticket);
    clockMs += 60_000;
    await assert.rejects(second(used.ticket), { code: "auth.ticket_over" });
    const before = await firstStep();
    await client.changePassword({ oldPassword: password, password: "another good one" }, call);
    await assert.rejects(second(before.ticket), { code: "auth.ticket_over" });
    await assert.rejects(second("nothing"), { code: "auth.ticket_over" });
  });

  it("makes the compatible APIs refuse the password like a wrong one, and take a token of theirs", async () => {
    const { call } = await withApp();
    for (const family of Family.options) {
      const refused = client.loginFor({ family, username: name(), password }, service);
      await assert.rejects(refused, { code: "auth.bad_credentials", message: "the name or the password is wrong" });
      const { token } = await client.makeToken({ name: family, scopes: [family] }, call);
      assert.ok((await client.loginFor({ family, username: name(), password: token }, service)).token);
    }
  });

  it("stays through a reset of the password, and confirms what needs a fresh sign-in", async () => {
    const { secret, userId, sessionId } = await withApp();
    const { token } = await client.resetLink({ id: userId }, admin);
    await client.resetPassword({ token, password: "another good one" }, callOf());
    await assert.rejects(client.login({ username: name(), password: "another good one" }, callOf()), {
      code: "auth.second_factor_needed",
    });
    const { ticket } = await firstStep("another good one");
    const opened = await client.secondFactor({ ticket, code: codeOf(secret) }, callOf());
    clockMs += 600_000;
    const current = opened.refreshToken.split(".")[0] ?? "";
    const state = () => client.session({ sessionId: current, isFreshNeeded: true }, service);
    const old = await state();
    assert.deepEqual([old.isFresh, old.freshBy], [false, ["password", "totp", "recovery_code"]]);
    await client.confirm({ code: codeOf(secret) }, callOf(userId, { sessionId: current }));
    assert.equal((await state()).isFresh, true);
    assert.equal((await client.session({ sessionId }, service)).alive, false);
  });

  it("is switched off by its owner, or by an administrator with a reason, and both are alerts", async () => {
    const { call, userId } = await withApp();
    await client.removeTotp({}, call);
    assert.deepEqual(await client.factors({}, call), {
      password: true,
      totp: null,
      passkeys: [],
      recoveryCodesLeft: 0,
      providers: [],
      wallets: [],
      passwordChangedAtMs: null,
    });
    await signIn();
    const { secret } = await client.addTotp({}, call);
    clockMs += 60_000;
    await client.confirmTotp({ code: codeOf(secret) }, call);
    await assert.rejects(client.removeFactors({ id: userId, reason: "lost phone" }, call), { http: 403 });
    await client.removeFactors({ id: userId, reason: "lost phone" }, admin);
    await signIn();
    const { items } = await client.alerts({}, call);
    assert.equal(items.filter(({ kind }) => kind === "factor_changed").length, 4);
  });

  it("renews recovery codes, of which the earlier ones end", async () => {
    const { codes, call } = await withApp();
    const { recoveryCodes } = await client.renewRecoveryCodes({}, call);
    const second = async (code = "") => {
      const { ticket } = await firstStep();
      return client.secondFactor({ ticket, code }, callOf(undefined, { source: ticket }));
    };
    await assert.rejects(second(codes[0]), { code: "auth.bad_code" });
    assert.ok((await second(recoveryCodes[0]?.toUpperCase())).token);
    const bare = await join("other");
    await assert.rejects(client.renewRecoveryCodes({}, bare), { code: "auth.factor_off" });
  });

  it("leaves neither a secret nor a code nor a ticket readable in the tables (S3.6)", async () => {
    const { secret, codes } = await withApp();
    const { ticket } = await firstStep();
    const dump: string[] = [];
    for (const table of ["totp", "recovery_codes", "sign_in_tickets"]) {
      const { rows } = await sql`SELECT * FROM ${sql.id("auth", table)}`.execute(host.database("auth"));
      assert.ok(rows.length > 0, table);
      dump.push(JSON.stringify(rows));
    }
    for (const text of [secret, ticket, ...codes, ...codes.map((code) => code.replaceAll("-", ""))])
      assert.ok(!dump.join().includes(text), text);
  });

  it("needs a fresh sign-in to be added, removed or renewed", async () => {
    const call = { ...(await join()), isFresh: false };
    for (const act of [client.addTotp, client.removeTotp, client.renewRecoveryCodes])
      await assert.rejects(act({}, call), { code: "auth.sign_in_again" });
  });
});

const password = "correct horse";
let clockMs = 0;
let count = 0;
let sources = 0;
const host = new TestHost({ environment: { now: () => clockMs } });
const client = host.client(auth);
const service = callOf(undefined, { caller: "test" });
const admin = callOf(1, { role: "admin" });
const name = (of = "mira") => `${of}${count}`;
const codeOf = (secret: string) => codeAt(secret, Math.floor(clockMs / 30_000));

async function join(of = "mira"): Promise<Call> {
  const { userId, refreshToken } = await client.register({ username: name(of), password }, callOf());
  return callOf(userId, { sessionId: refreshToken.split(".")[0] ?? "" });
}
/** Passwords are tried from a source of their own each time: their limit is not what is tried here. */
const signIn = (secret = password) => {
  sources += 1;
  return client.login({ username: name(), password: secret }, callOf(undefined, { source: `source ${sources}` }));
};

/** An account with an authenticator app, at a moment whose code is not used yet. */
async function withApp() {
  const call = await join();
  const { secret } = await client.addTotp({}, call);
  const { recoveryCodes = [] } = await client.confirmTotp({ code: codeOf(secret) }, call);
  clockMs += 60_000;
  return { call, secret, codes: recoveryCodes, userId: call.userId ?? 0, sessionId: call.sessionId ?? "" };
}

/** The first step of a sign-in, which is refused with a ticket. */
async function firstStep(secret = password): Promise<{ ticket: string; methods: string[]; expiresAt: string }> {
  const error = await signIn(secret).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof KinoraError && error.code === "auth.second_factor_needed", String(error));
  const { shown } = error.details as { shown: { ticket: string; methods: string[]; expires_at: string } };
  return { ticket: shown.ticket, methods: shown.methods, expiresAt: shown.expires_at };
}
