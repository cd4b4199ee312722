import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import { callOf, TestHost } from "#kernel/host/testing";
import { claimsOf, OidcServer } from "#test/servers/oidc-server";
import { decodeJwt, type JWTPayload, SignJWT } from "jose";
import { auth, type Registration } from "../contract.ts";
import { authPlugin } from "../plugin.ts";
import type { Tables } from "../store.ts";
import type { z } from "zod";
import { configured, createBrowser, redirectUri } from "./testing.ts";

describe("a sign-in with a provider", () => {
  before(async () => {
    server = await OidcServer.start({ redirectUri });
    other = await OidcServer.start({ redirectUri });
    const roles = { role_claim: "groups", roles: { staff: "moderator", heads: "admin" } };
    const providers = [
      configured(server, roles),
      configured(other, { id: "club", name: "Club", role_claim: "realm_access.roles", roles: { boss: "moderator" } }),
    ];
    host = new TestHost({ environment: { now: () => Date.now() + skewMs }, settings: { auth: { providers } } });
    browser = createBrowser(host);
    await host.add(authPlugin);
  });
  beforeEach(async () => {
    await host.clear();
    await host
      .database<Tables>("auth")
      .insertInto("auth.instance")
      .values({ claimed_at_ms: null, demo_requested_at_ms: null })
      .execute();
    skewMs = 0;
    server.user = { sub: "ada", preferred_username: "ada" };
    other.user = { sub: "ada", preferred_username: "ada" };
  });
  afterEach(() => {
    server.alter = undefined;
    server.claims = undefined;
  });
  after(async () => {
    await host[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
    await other[Symbol.asyncDispose]();
  });

  it("makes an account for a new user, and signs in to it from then on", async () => {
    const first = await signedIn({ next: "/watch/7" });
    assert.equal(first.next, "/watch/7");
    assert.deepEqual(decodeJwt(first.token)["amr"], ["provider"]);
    assert.equal((await signedIn()).userId, first.userId);
    const { username, email } = await accountOf(first.userId);
    assert.deepEqual([username, email], ["ada", undefined]);
    const { password, providers } = await client().factors({}, callOf(first.userId));
    assert.equal(password, false);
    assert.deepEqual(
      providers.map(({ id, name, subjectHint }) => [id, name, subjectHint]),
      [["school", "School", "ada"]],
    );
    // The same subject of another issuer is another person.
    assert.notEqual((await signedIn({}, "club")).userId, first.userId);
  });

  describe("with a forged ID token (S3.2)", () => {
    const hourS = 3_600;
    const forgeries: Readonly<Record<string, (claims: JWTPayload) => JWTPayload>> = {
      "of another issuer": (claims) => ({ ...claims, iss: other.issuer }),
      "without an issuer": ({ iss: _, ...claims }) => claims,
      "for another client": (claims) => ({ ...claims, aud: "another" }),
      "for another client too": (claims) => ({ ...claims, aud: ["kinora", "another"] }),
      "without an audience": ({ aud: _, ...claims }) => claims,
      "of another party": (claims) => ({ ...claims, azp: "another" }),
      "with another nonce": (claims) => ({ ...claims, nonce: "another" }),
      "without a nonce": ({ nonce: _, ...claims }) => claims,
      "without a subject": ({ sub: _, ...claims }) => claims,
      "with an empty subject": (claims) => ({ ...claims, sub: "" }),
      "with a number for a subject": (claims) => ({ ...claims, sub: 7 as never }),
      "that has expired": (claims) => ({ ...claims, exp: nowS() - 300 }),
      "without an end": ({ exp: _, ...claims }) => claims,
      "of an hour ago": (claims) => ({ ...claims, iat: nowS() - 2 * hourS, exp: nowS() - hourS }),
      "that begins in an hour": (claims) => ({ ...claims, nbf: nowS() + hourS }),
      "with the subject of the user info": (claims) => ({ ...claims, sub: "grace" }),
    };
    for (const [name, forge] of Object.entries(forgeries))
      it(`refuses one ${name}`, async () => {
        server.claims = forge;
        await refuses();
      });

    const keyless = (header: object) => async (token: string) => {
      const [, payload = ""] = token.split(".");
      return `${Buffer.from(JSON.stringify(header)).toString("base64url")}.${payload}.`;
    };
    const hmac = (secret: string) => (token: string) =>
      new SignJWT(claimsOf(token)).setProtectedHeader({ alg: "HS256" }).sign(new TextEncoder().encode(secret));
    const alterations: Readonly<Record<string, (token: string) => Promise<string> | string>> = {
      "with a signature of garbage": (token) => token.replace(/[^.]+$/, Buffer.alloc(256, 7).toString("base64url")),
      "with one letter changed": (token) => token.replace(/\.(.)(.)/, (_, a, b) => `.${a}${b === "A" ? "B" : "A"}`),
      "without a signature": (token) => token.replace(/[^.]+$/, ""),
      "of the algorithm none": keyless({ alg: "none" }),
      "of HS256 by the client secret": hmac("a secret of the client"),
      "by a key of another provider": (token) => other.sign(claimsOf(token)),
    };
    for (const [name, alter] of Object.entries(alterations))
      it(`refuses one ${name}`, async () => {
        server.alter = alter;
        await refuses();
      });

    it("takes one whose clock is half a minute off", async () => {
      server.claims = (claims) => ({ ...claims, exp: nowS() - 30 });
      await signedIn();
    });

    it("refuses a provider whose clock is an hour before ours, and no provider that is an hour ahead", async () => {
      const late = new TestHost({
        environment: { now: () => Date.now() + 2 * hourS * 1_000 },
        settings: { auth: { providers: [configured(server)] } },
      });
      await late.add(authPlugin);
      server.claims = (claims) => ({ ...claims, exp: nowS() + hourS });
      assert.equal((await createBrowser(late).signIn(server)).problem?.code, "auth.provider_failed");
      server.claims = (claims) => ({ ...claims, iat: nowS() + 3 * hourS, exp: nowS() + 4 * hourS });
      assert.ok((await createBrowser(late).signIn(server)).session);
      await late[Symbol.asyncDispose]();
    });
  });

  describe("whose answer is not that of its browser", () => {
    const answers: Readonly<Record<string, (query: URLSearchParams) => void>> = {
      "without its issuer": (query) => query.delete("iss"),
      "of another issuer (mix-up)": (query) => query.set("iss", other.issuer),
      "with another state": (query) => query.set("state", "another"),
      "without a state": (query) => query.delete("state"),
      "with another code": (query) => query.set("code", "another"),
      "without a code": (query) => query.delete("code"),
      "with two codes": (query) => query.append("code", "another"),
      "with an error": (query) => query.set("error", "access_denied"),
    };
    for (const [name, change] of Object.entries(answers))
      it(`refuses one ${name}, and a repetition of the right one`, async () => {
        const { url, flow } = await browser.begin();
        const query = new URLSearchParams(await server.visit(url));
        const right = query.toString();
        change(query);
        await isRefused(browser.finish(flow, query.toString()));
        // It was used up, unless the row was not found.
        if (query.get("state") === new URLSearchParams(right).get("state"))
          await isRefused(browser.finish(flow, right));
      });

    it("refuses the cookie of another browser, and none", async () => {
      const [own, foreign] = [await browser.begin(), await browser.begin()];
      for (const flow of [foreign.flow, "", `${own.flow}.x`]) {
        const { url } = await browser.begin();
        const query = await server.visit(url);
        const requests = server.paths.length;
        await isRefused(browser.finish(flow, query));
        assert.equal(server.paths.length, requests, "the provider is not asked");
      }
    });

    it("refuses the answer of another provider", async () => {
      const [here, there] = [await browser.begin(), await browser.begin("club")];
      const query = new URLSearchParams(await other.visit(there.url));
      query.set("state", new URL(here.url).searchParams.get("state") ?? "");
      query.delete("iss");
      await isRefused(browser.finish(here.flow, query.toString()));
    });

    it("refuses a code of another browser with the own state (code injection)", async () => {
      const [own, stolen] = [await browser.begin(), await browser.begin()];
      const query = new URLSearchParams(await server.visit(own.url));
      query.set("code", new URLSearchParams(await server.visit(stolen.url)).get("code") ?? "");
      await isRefused(browser.finish(own.flow, query.toString()));
    });

    it("signs in once of ten requests with one answer, and never after ten minutes", async () => {
      const { url, flow } = await browser.begin();
      const query = await server.visit(url);
      const results = await Promise.all(Array.from({ length: 10 }, () => browser.finish(flow, query)));
      assert.equal(results.filter(({ session }) => session !== undefined).length, 1);
      const late = await browser.begin();
      const answer = await server.visit(late.url);
      skewMs = 600_001;
      await isRefused(browser.finish(late.flow, answer));
    });

    it("goes on to pages of this site alone (S6.5)", async () => {
      for (const next of ["//evil.example", "/\\evil.example", "https://evil.example", "/%2fevil.example", "x"])
        assert.equal((await signedIn({ next })).next, "/");
    });

    it("stores hashes alone of what finishes it", async () => {
      const { url, flow } = await browser.begin();
      const { searchParams } = new URL(url);
      const rows = JSON.stringify(
        await host.database<Tables>("auth").selectFrom("auth.provider_flows").selectAll().execute(),
      );
      for (const secret of [flow, searchParams.get("state") ?? "", searchParams.get("nonce") ?? ""])
        assert.ok(secret.length >= 43 && !rows.includes(secret));
      assert.equal(searchParams.get("code_challenge_method"), "S256");
    });
  });

  it("makes one account of ten concurrent first sign-ins of one user", async () => {
    server.user = { sub: "ada", preferred_username: "ada", email: "ada@school.example", email_verified: true };
    const results = await Promise.all(Array.from({ length: 10 }, () => browser.signIn(server)));
    assert.deepEqual(
      results.map(({ problem }) => problem),
      Array.from({ length: 10 }, () => undefined),
    );
    assert.equal(new Set(results.map(({ session }) => session?.userId)).size, 1);
  });

  it("makes valid and free names", async () => {
    await client().register({ username: "grace", password }, callOf());
    for (const [sub, claim, name] of [
      ["1", "Grace", /^Grace_\d+$/],
      ["2", "li@school.example", /^user(?:_\d+)?$/],
      ["3", "Élise van Dyk", /^Élise_van_Dyk$/],
      ["4", "admin", /^user(?:_\d+)?$/],
      ["5", "x".repeat(200), /^x{40}$/],
      ["6", 7, /^user(?:_\d+)?$/],
      ["7", "<script>alert(1)</script>", /^[\w.-]+$/],
      ["8", "小明", /^user(?:_\d+)?$/],
    ] as const) {
      server.user = { sub, preferred_username: claim };
      const { username } = await accountOf((await signedIn()).userId);
      assert.match(username ?? "", name);
    }
  });

  describe("under the rules for signing up", () => {
    const outcomes: Readonly<Record<z.output<typeof Registration>, string>> = {
      open: "opens",
      approval: "auth.awaiting_approval",
      invitation: "auth.invitation_needed",
      closed: "auth.registration_closed",
    };
    for (const [registration, outcome] of Object.entries(outcomes) as [keyof typeof outcomes, string][])
      it(`${registration}: a new user ${outcome === "opens" ? outcome : `gets ${outcome}`}, and a known one signs in`, async () => {
        const { userId } = await signedIn();
        await client().setRegistration({ registration }, admin);
        server.user = { sub: "new", preferred_username: "new" };
        const { session, problem } = await browser.signIn(server);
        assert.equal(session ? "opens" : problem?.code, outcome);
        server.user = { sub: "ada" };
        assert.equal((await signedIn()).userId, userId);
      });

    it("takes an invitation, which is used up", async () => {
      const { userId } = await signedIn();
      await client().setRole({ id: userId, role: "moderator" }, admin);
      const { code } = await client().invite({}, callOf(userId, { role: "moderator" }));
      await client().setRegistration({ registration: "invitation" }, admin);
      for (const [sub, outcome] of [
        ["new", undefined],
        ["newer", "auth.invitation_needed"],
      ] as const) {
        server.user = { sub, preferred_username: sub };
        assert.equal((await browser.signIn(server, "school", { invitation: code })).problem?.code, outcome);
      }
    });

    it("admits a user whom a moderator approved", async () => {
      await client().setRegistration({ registration: "approval" }, admin);
      assert.equal((await browser.signIn(server)).problem?.code, "auth.awaiting_approval");
      assert.equal((await browser.signIn(server)).problem?.code, "auth.awaiting_approval");
      const { items } = await client().accounts({ state: "pending" }, admin);
      await client().admit({ id: items[0]?.id ?? 0 }, admin);
      assert.equal((await signedIn()).userId, items[0]?.id);
    });

    it("makes no account where the provider is not for that", async () => {
      const known = new TestHost({ settings: { auth: { providers: [configured(server, { sign_up: false })] } } });
      await known.add(authPlugin);
      assert.equal((await createBrowser(known).signIn(server)).problem?.code, "auth.registration_closed");
      await known[Symbol.asyncDispose]();
    });

    it("needs a confirmed address where addresses are denied or allowed by their domain", async () => {
      await client().setRegistration({ domainsAllowed: ["school.example"] }, admin);
      server.user = { sub: "1", preferred_username: "one", email: "one@evil.example", email_verified: true };
      assert.equal((await browser.signIn(server)).problem?.code, "auth.domain_denied");
    });
  });

  describe("with an e-mail address", () => {
    const email = "ada@school.example";

    it("stores one that the provider confirmed as verified, and no other", async () => {
      for (const [sub, confirmed, stored] of [
        ["1", true, email],
        ["2", false, ""],
        ["3", undefined, ""],
        ["4", "true", ""],
      ] as const) {
        server.user = {
          sub,
          preferred_username: `user${sub}`,
          email: sub === "1" ? email : `${sub}@x.example`,
          email_verified: confirmed,
        };
        const { userId } = await signedIn();
        assert.deepEqual(await client().email({}, callOf(userId)), { email: stored, isVerified: stored !== "" });
      }
    });

    it("joins no account that has it: its owner signs in there and links", async () => {
      const { userId } = await client().register({ username: "ada", password, email }, callOf());
      server.user = { sub: "ada", preferred_username: "ada", email: "ADA@school.example", email_verified: true };
      assert.equal((await browser.signIn(server)).problem?.code, "auth.account_exists");
      const { sessionId } = await session();
      assert.equal((await browser.link(server, callOf(userId, { sessionId, isFresh: true }))).problem, undefined);
      assert.equal((await signedIn()).userId, userId);
    });
  });

  describe("with a role", () => {
    const role = async (userId: number) => (await accountOf(userId)).role;

    it("has the highest that the claim says, at each sign-in, and loses it with the claim", async () => {
      const chief = await client().register({ username: "chief", password }, callOf());
      await client().setRole({ id: chief.userId, role: "admin" }, admin);
      server.user = { sub: "ada", preferred_username: "ada", groups: ["readers", "staff"] };
      const { userId, role: first } = await signedIn();
      assert.deepEqual([first, await role(userId)], ["moderator", "moderator"]);
      for (const [groups, expected] of [
        [["staff", "heads"], "admin"],
        ["staff", "moderator"],
        [["readers"], "user"],
        [undefined, "user"],
        [["__proto__", "constructor"], "user"],
      ] as const) {
        server.user = { sub: "ada", groups };
        assert.equal((await signedIn()).role, expected);
        assert.equal(await role(userId), expected);
      }
    });

    it("keeps one that an administrator gave, where the provider says none", async () => {
      const { userId } = await signedIn();
      await client().setRole({ id: userId, role: "moderator" }, admin);
      assert.equal((await signedIn()).role, "moderator");
    });

    it("never takes that of the last administrator", async () => {
      server.user = { sub: "ada", preferred_username: "ada", groups: ["heads"] };
      const { userId } = await signedIn();
      server.user = { sub: "ada", groups: [] };
      assert.equal((await signedIn()).role, "admin");
      const chief = await client().register({ username: "chief", password }, callOf());
      await client().setRole({ id: chief.userId, role: "admin" }, admin);
      server.user = { sub: "ada", groups: ["staff"] };
      assert.equal((await signedIn()).role, "moderator");
      assert.equal(await role(userId), "moderator");
    });

    it("is found by the path of its claim, and is the user's own where the provider decides none", async () => {
      other.user = { sub: "ada", preferred_username: "ada", realm_access: { roles: ["boss"] } };
      assert.equal((await signedIn({}, "club")).role, "moderator");
      // A claim of another provider means nothing here.
      server.user = { sub: "grace", preferred_username: "grace", realm_access: { roles: ["boss"] } };
      assert.equal((await signedIn()).role, "user");
    });
  });

  it("asks for the second step of an account that has one, and is refused while it is banned", async () => {
    const { userId } = await signedIn();
    const call = callOf(userId);
    const { secret } = await client().addTotp({}, call);
    const { codeAt } = await import("../factors/totp.ts");
    await client().confirmTotp({ code: codeAt(secret, Math.floor(Date.now() / 30_000)) }, call);
    const { problem, session } = await browser.signIn(server, "school", { next: "/upload" });
    assert.deepEqual(
      [session, problem?.code, problem?.methods],
      [undefined, "auth.second_factor_needed", ["totp", "recovery_code"]],
    );
    skewMs = 30_000;
    const code = codeAt(secret, Math.floor((Date.now() + skewMs) / 30_000));
    const { token } = await client().secondFactor({ ticket: problem?.ticket ?? "", code }, callOf());
    assert.deepEqual(decodeJwt(token)["amr"], ["provider", "totp"]);
  });

  it("says which provider cannot be reached, while the other ways in stay", async () => {
    const away = { ...configured(server), id: "away", name: "Away", issuer: "http://127.0.0.1:9" };
    const lonely = new TestHost({ settings: { auth: { providers: [away] } } });
    await lonely.add(authPlugin);
    await assert.rejects(createBrowser(lonely).begin("away"), {
      code: "auth.provider_failed",
      http: 503,
      message: /^Away did not sign you in/,
      details: { shown: { provider: "Away" } },
    });
    await assert.rejects(createBrowser(lonely).begin("unknown"), { code: "auth.provider_not_found" });
    await lonely.client(auth).register({ username: "grace", password }, callOf());
    await lonely.client(auth).login({ username: "grace", password }, callOf());
    const { items, password: hasPassword } = await lonely.client(auth).providers({}, callOf());
    assert.deepEqual([items, hasPassword], [[{ id: "away", name: "Away", iconUrl: "" }], true]);
    await lonely[Symbol.asyncDispose]();
  });

  it("uses no provider that signs with secrets alone", async () => {
    await using weak = await OidcServer.start({ redirectUri, algorithms: ["HS256", "none"] });
    const lonely = new TestHost({ settings: { auth: { providers: [configured(weak)] } } });
    await lonely.add(authPlugin);
    await assert.rejects(createBrowser(lonely).begin(), { code: "auth.provider_failed" });
    await lonely[Symbol.asyncDispose]();
  });

  it("knows a user by another claim where it is configured so, from the ID token alone", async () => {
    const byClaim = new TestHost({ settings: { auth: { providers: [configured(server, { subject_claim: "oid" })] } } });
    await byClaim.add(authPlugin);
    const there = createBrowser(byClaim);
    assert.equal((await there.signIn(server)).problem?.code, "auth.provider_failed");
    server.user = { sub: "ada", oid: "7" };
    assert.equal((await there.signIn(server)).problem?.code, "auth.provider_failed");
    server.claims = (claims) => ({ ...claims, oid: "7" });
    const { session } = await there.signIn(server);
    server.user = { sub: "ada of another registration", preferred_username: "else" };
    assert.equal((await there.signIn(server)).session?.userId, session?.userId);
    await byClaim[Symbol.asyncDispose]();
  });
});

let server: OidcServer;
let other: OidcServer;
let host: TestHost;
let browser: ReturnType<typeof createBrowser>;
let skewMs = 0;
const password = "correct horse";
const admin = callOf(1, { role: "admin" });
const client = () => host.client(auth);
const nowS = () => Math.floor(Date.now() / 1_000);

/** The session of ada by her password. */
async function session(): Promise<{ readonly sessionId: string }> {
  const { refreshToken } = await client().login({ username: "ada", password }, callOf());
  return { sessionId: refreshToken.split(".")[0] ?? "" };
}

async function signedIn(parts: { next?: string } = {}, id: "school" | "club" = "school") {
  const { session, next, problem } = await browser.signIn(id === "school" ? server : other, id, parts);
  assert.ok(session, JSON.stringify(problem));
  return { ...session, next };
}

const accountOf = (userId: number) => client().account({ userId }, callOf(undefined, { caller: "test" }));

async function isRefused(result: ReturnType<typeof browser.finish>): Promise<void> {
  const { session, problem } = await result;
  assert.deepEqual([session, problem?.code], [undefined, "auth.provider_failed"]);
}

/** A whole sign-in that opens nothing and makes no account. */
async function refuses(): Promise<void> {
  await isRefused(browser.signIn(server));
  const { items } = await client().accounts({}, admin);
  assert.deepEqual(items, []);
}
