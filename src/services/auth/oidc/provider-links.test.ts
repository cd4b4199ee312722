import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import type { Call, Id } from "#kernel";
import { callOf, TestHost } from "#kernel/host/testing";
import { TestMailer } from "#kernel/mail/testing";
import { OidcServer } from "#test/servers/oidc-server";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { auth } from "../contract.ts";
import { authPlugin } from "../plugin.ts";
import { configured, createBrowser, redirectUri } from "./testing.ts";

describe("users of providers that are linked to accounts", () => {
  before(async () => {
    server = await OidcServer.start({ redirectUri });
    const providers = [configured(server, { role_claim: "groups", roles: { staff: "moderator" } })];
    host = new TestHost({
      environment: { now: () => Date.now() + skewMs },
      settings: { auth: { providers, chains } },
      parts: { mail: new TestMailer() },
    });
    browser = createBrowser(host);
    await host.add(authPlugin);
  });
  beforeEach(async () => {
    await host.clear();
    skewMs = 0;
    server.user = { sub: "ada", preferred_username: "ada at school" };
    server.claims = undefined;
  });
  after(async () => {
    await host[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });

  it("are linked by their owner after a fresh sign-in, who is alerted, and sign in from then on", async () => {
    const call = await join("ada");
    await assert.rejects(client().linkProvider({ id: "school" }, { ...call, isFresh: false }), {
      code: "auth.sign_in_again",
    });
    const { next, isOnPage, problem } = await browser.link(server, call);
    assert.deepEqual([next, isOnPage, problem], ["/settings/security", true, undefined]);
    const { providers } = await client().factors({}, call);
    assert.deepEqual(
      providers.map(({ id, subjectHint }) => [id, subjectHint]),
      [["school", "ada at school"]],
    );
    const { items } = await client().alerts({}, call);
    assert.deepEqual(
      items.map(({ kind }) => kind),
      ["factor_changed"],
    );
    assert.equal((await browser.signIn(server)).session?.userId, call.userId);
    // Again is no harm.
    assert.equal((await browser.link(server, call)).problem, undefined);
    assert.equal((await client().factors({}, call)).providers.length, 1);
  });

  it("sign in to one account, and an account has one of each provider", async () => {
    const [ada, grace] = [await join("ada"), await join("grace")];
    await browser.link(server, ada);
    assert.equal((await browser.link(server, grace)).problem?.code, "auth.provider_taken");
    server.user = { sub: "another" };
    assert.equal((await browser.link(server, ada)).problem?.code, "auth.too_many");
    server.user = { sub: "ada" };
    assert.equal((await browser.signIn(server)).session?.userId, ada.userId);
  });

  it("are linked once of ten accounts at the same moment", async () => {
    const calls = await Promise.all(Array.from({ length: 10 }, (_, index) => join(`user${index}`)));
    const results = await Promise.all(calls.map((call) => browser.link(server, call)));
    assert.equal(results.filter(({ problem }) => problem === undefined).length, 1);
    assert.ok(results.every(({ problem }) => problem === undefined || problem.code === "auth.provider_taken"));
  });

  it("are linked by no flow of another kind, browser, or ended session", async () => {
    const call = await join("ada");
    const { url, flow = "" } = await client().linkProvider({ id: "school" }, call);
    const stranger = await browser.begin();
    assert.equal((await browser.finish(stranger.flow, await server.visit(url))).problem?.code, "auth.provider_failed");
    const second = await client().linkProvider({ id: "school" }, call);
    await client().logout({}, call);
    assert.equal(
      (await browser.finish(second.flow ?? "", await server.visit(second.url))).problem?.code,
      "auth.sign_in_again",
    );
    assert.ok(flow.length >= 43);
    assert.deepEqual((await client().factors({}, call)).providers, []);
  });

  it("are unlinked by their owner, with the role that the provider gave", async () => {
    const call = await join("ada");
    await browser.link(server, call);
    server.user = { sub: "ada", preferred_username: "x", groups: ["staff"] };
    assert.equal((await browser.signIn(server)).session?.role, "moderator");
    await assert.rejects(client().unlinkProvider({ id: "school" }, { ...call, isFresh: false }), {
      code: "auth.sign_in_again",
    });
    await assert.rejects(client().unlinkProvider({ id: "another" }, call), { code: "auth.provider_not_found" });
    await client().unlinkProvider({ id: "school" }, call);
    const { role } = await client().account({ userId: call.userId ?? 0 }, service);
    assert.equal(role, "user");
    await assert.rejects(client().unlinkProvider({ id: "school" }, call), { code: "auth.provider_not_found" });
    // The user of the provider is a stranger again.
    assert.notEqual((await browser.signIn(server)).session?.userId, call.userId);
  });

  it("stay where they are the last way in", async () => {
    const { session } = await browser.signIn(server);
    const call = callOf(session?.userId, { isFresh: true });
    await assert.rejects(client().unlinkProvider({ id: "school" }, call), { code: "auth.last_way_in", http: 409 });
    assert.equal((await browser.signIn(server)).session?.userId, session?.userId);
  });

  it("leave a way in of two that are taken away at the same moment", async () => {
    const { session } = await browser.signIn(server);
    const call = openCall(session?.userId ?? 0, session?.refreshToken ?? "");
    const key = privateKeyToAccount(generatePrivateKey());
    const { challengeId, message } = await client().challenge({ address: key.address, chainId: 1 }, call);
    const signature = await key.signMessage({ message });
    const { id = 0 } = await client().loginByWallet({ challengeId, signature, purpose: "link" }, call);
    const results = await Promise.allSettled([
      client().unlinkProvider({ id: "school" }, call),
      client().unlinkWallet({ id }, call),
    ]);
    assert.deepEqual(results.map(({ status }) => status).toSorted(), ["fulfilled", "rejected"]);
  });

  it("open no session where they are unlinked while the provider answers", async () => {
    const call = await join("ada");
    await browser.link(server, call);
    server.alter = async (token) => {
      server.alter = undefined;
      await client().unlinkProvider({ id: "school" }, call);
      return token;
    };
    const { session } = await browser.signIn(server);
    assert.ok(session);
    assert.notEqual(session.userId, call.userId);
  });

  it("make a sign-in fresh again, where the provider asked its user anew", async () => {
    const call = await join("ada");
    await browser.link(server, call);
    const { url, flow = "" } = await client().confirmByProvider({ id: "school", next: "/settings/data" }, call);
    const { searchParams } = new URL(url);
    assert.deepEqual([searchParams.get("prompt"), searchParams.get("max_age")], ["login", "0"]);
    const query = await server.visit(url);
    server.claims = (claims) => ({ ...claims, auth_time: Math.floor(Date.now() / 1_000) - 3_600 });
    assert.equal((await browser.finish(flow, query)).problem?.code, "auth.provider_failed");

    skewMs = 10 * 60_000;
    server.claims = (claims) => ({ ...claims, auth_time: Math.floor((Date.now() + skewMs) / 1_000) });
    assert.equal(await isFresh(call), false);
    const begun = await client().confirmByProvider({ id: "school" }, call);
    const late = await client().verify({}, call);
    assert.equal((await browser.finish(begun.flow ?? "", await server.visit(begun.url))).problem, undefined);
    assert.ok((await client().verify({}, call)).authenticatedAtMs > late.authenticatedAtMs);
    assert.equal(await isFresh(call), true);
    // Another user of the provider confirms nothing.
    server.user = { sub: "grace" };
    const foreign = await client().confirmByProvider({ id: "school" }, call);
    assert.equal(
      (await browser.finish(foreign.flow ?? "", await server.visit(foreign.url))).problem?.code,
      "auth.provider_failed",
    );
    await assert.rejects(client().confirmByProvider({ id: "school" }, await join("grace")), {
      code: "auth.provider_not_found",
    });
  });

  it("confirm who their owner is, and are named to pages that ask", async () => {
    const { session } = await browser.signIn(server);
    const { freshBy } = await freshness(openCall(session?.userId ?? 0, session?.refreshToken ?? ""));
    assert.deepEqual(freshBy, ["provider"]);
  });

  it("take no account with an address that its user only typed, and end what they opened (pre-hijacking)", async () => {
    const email = "ada@school.example";
    const squatter = await join("squatter", email);
    server.user = { sub: "ada", preferred_username: "ada", email, email_verified: true };
    const { session, problem } = await browser.signIn(server);
    assert.ok(session, JSON.stringify(problem));
    assert.notEqual(session.userId, squatter.userId);
    const { alive } = await client().session({ sessionId: squatter.sessionId ?? "", isVerified: true }, service);
    assert.equal(alive, false);
    assert.deepEqual(await client().email({}, callOf(session.userId)), { email, isVerified: true });
    // The owner of a verified address keeps it.
    server.user = { sub: "impostor", preferred_username: "impostor", email, email_verified: true };
    assert.equal((await browser.signIn(server)).problem?.code, "auth.account_exists");
  });
});

// The wallet of a key needs no answer of its chain.
const chains = [{ id: 1, namespace: "eip155", name: "Test", endpoints: ["http://127.0.0.1:9"] }];
let server: OidcServer;
let host: TestHost;
let browser: ReturnType<typeof createBrowser>;
let skewMs = 0;
const password = "correct horse";
const service = callOf(undefined, { caller: "test" });
const client = () => host.client(auth);

/** A new account, signed in just now. */
async function join(username: string, email?: string): Promise<Call> {
  const { userId, refreshToken } = await client().register(
    { username, password, ...(email !== undefined && { email }) },
    callOf(),
  );
  return openCall(userId, refreshToken);
}
const openCall = (userId: Id, refreshToken: string): Call =>
  callOf(userId, { sessionId: refreshToken.split(".")[0] ?? "", isFresh: true });

const freshness = ({ sessionId = "" }: Call) =>
  client().session({ sessionId, isVerified: true, isFreshNeeded: true }, service);
const isFresh = async (call: Call): Promise<boolean | undefined> => (await freshness(call)).isFresh;
