import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { permits, type Scope, scopes } from "#kernel/scopes/scopes";
import { type Answered, type Account, type Operation, operationsOf, password, Platform } from "../platform/platform.ts";
import { soon } from "../until.ts";

/** S3.2: a token that ended is refused everywhere within this time. */
const endedMs = 10_000;

describe("a personal token", () => {
  before(async () => {
    await platform.open();
    owner = await platform.administrator();
    user = await platform.join();
  });
  after(() => platform[Symbol.asyncDispose]());

  it("is admitted by each route with one of its scopes, and refused with all others together", async () => {
    const operations = operationsOf(await platform.document()).filter(({ tags = [] }) => !excepted.has(tags[0] ?? ""));
    const cells = { admitted: 0, refused: 0 };
    for (const operation of operations) {
      const rule = operation["x-scopes"];
      const cell = `${operation.verb} ${operation.path}`;
      assert.ok(rule === "any" || Array.isArray(rule), `${cell} declares no scopes`);
      for (const scope of rule === "any" ? (["search:read"] as const) : (rule as Scope[])) {
        assert.notEqual((await askWith([scope], operation)).body["error"], "auth.scope_missing", `${scope} at ${cell}`);
        cells.admitted += 1;
      }
      const others = scopes.filter((scope) => rule !== "any" && !permits(rule as Scope[], [scope]));
      if (others.length === 0) continue;
      const { status, body } = await askWith(others, operation);
      assert.equal(status, 403, `the others at ${cell}`);
      // An answer to HEAD has no body.
      if (operation.verb !== "HEAD")
        assert.deepEqual([body["error"], body["details"]], ["auth.scope_missing", { needed: rule }], cell);
      cells.refused += 1;
    }
    assert.ok(cells.admitted > 200 && cells.refused > 250, JSON.stringify(cells));
  });

  it("never makes, lists or ends tokens and sessions, changes the account, deletes or exports it", async () => {
    const token = await tokenOf(scopes);
    const forbidden = [
      ["GET", "/auth/tokens"],
      ["POST", "/auth/tokens"],
      ["GET", "/auth/sessions"],
      ["DELETE", "/auth/sessions"],
      ["PUT", "/auth/email"],
      ["POST", "/auth/password"],
      ["POST", "/auth/fresh"],
      ["POST", "/auth/delete-account"],
      ["GET", "/users/me/export"],
      ["POST", "/users/me/payouts"],
    ] as const;
    for (const [method, path] of forbidden) {
      const { status, body } = await ask(path, { method, token, ...(method !== "GET" && { body: {} }) });
      assert.deepEqual([status, body["error"]], [403, "auth.scope_missing"], `${method} ${path}`);
    }
  });

  it("has no scope that its owner lacks, and an end that its instance allows (S2.6)", async () => {
    for (const scope of ["moderate", "admin:read"]) {
      const { status, body } = await make(user, { scopes: [scope] });
      assert.deepEqual([status, body["error"], body["details"]], [403, "auth.scope_too_wide", { scopes: [scope] }]);
    }
    const endless = await make(user, { scopes: ["videos:read"], expires_in_days: null });
    assert.equal(endless.body["error"], "auth.scope_too_wide");
    for (const wrong of [{ scopes: ["videos:read"], expires_in_days: 366 }, { scopes: [] }, { scopes: ["everything"] }])
      assert.equal((await make(user, wrong)).status, 400);
  });

  it("is narrowed at once by a role that its owner loses", async () => {
    const { id, token: session } = await platform.join();
    const role = (name: string) =>
      ask(`/admin/accounts/${id}/role`, { method: "PUT", token: owner.token, body: { role: name } });
    await role("moderator");
    await soon(endedMs, async () => (await make({ token: session }, { scopes: ["moderate"] })).status === 200);
    const { data } = await make({ token: session }, { scopes: ["moderate"] });
    const queue = () => ask("/moderation/queue", { token: String(data["token"]) });
    assert.equal((await queue()).status, 200);
    await role("user");
    await soon(endedMs, async () => (await queue()).body["error"] === "gateway.moderators_only");
  });

  it("is shown once, is listed by its first letters, and is refused within ten seconds after its end", async () => {
    const { data } = await make(user, { name: "Nightly upload", scopes: ["videos:write"] });
    const token = String(data["token"]);
    assert.match(token, /^kpt_[\w-]{65}$/);
    const listed = (await ask("/auth/tokens", { token: user.token })).data["list"] as Record<string, unknown>[];
    assert.equal(listed.find(({ id }) => id === data["id"])?.["prefix"], token.slice(0, 9));
    assert.ok(!JSON.stringify(listed).includes(token.slice(26)));
    const verified = await ask("/auth/verify", { method: "POST", token, body: {} });
    assert.deepEqual([verified.data["scopes"], verified.data["methods"]], [["videos:write"], []]);
    const path = `/auth/tokens/${String(data["id"])}`;
    assert.equal(
      (await ask(path, { method: "PUT", token: user.token, body: { name: "Uploads" } })).data["name"],
      "Uploads",
    );
    const stranger = await platform.join();
    for (const method of ["PUT", "DELETE"] as const)
      assert.equal((await ask(path, { method, token: stranger.token, body: { name: "Mine" } })).status, 404);
    assert.equal((await ask(path, { method: "DELETE", token: user.token })).status, 200);
    await soon(endedMs, async () => (await ask("/videos", { token })).status === 401);
  });

  it("outlives a changed password and the ends of sessions, and no altered text passes for it", async () => {
    const account = await platform.join();
    const { data } = await make(account, { scopes: ["videos:read"] });
    const token = String(data["token"]);
    const changed = { old_password: password, password: "another good one" };
    assert.equal((await ask("/auth/password", { method: "POST", token: account.token, body: changed })).status, 200);
    await ask("/auth/sessions", { method: "DELETE", token: account.token });
    assert.equal((await ask("/videos", { token })).status, 200);
    const altered = [
      token.slice(0, -1),
      `${token}x`,
      token.slice(4),
      token.toUpperCase(),
      token.replace("kpt_", "kpu_"),
    ];
    for (const text of altered) assert.equal((await ask("/videos", { token: text })).status, 401, text);
  });

  it("takes the place of the password in the compatible API of its scope, and in no other", async () => {
    const { data } = await make(user, { scopes: ["resumable"] });
    const { data: other } = await make(user, { scopes: ["douyin"] });
    const signIn = (secret: unknown, username = user.name) =>
      platform.ask("/api/login", { method: "POST", body: { username, password: secret } });
    const answer = await signIn(data["token"]);
    const opened = /"token":"([^"]+)"/.exec(answer.text)?.[1] ?? "";
    assert.equal((await platform.ask("/api/profile", { token: opened })).status, 200, answer.text);
    assert.notEqual((await signIn(other["token"])).status, 200);
    assert.notEqual((await signIn(data["token"], owner.name)).status, 200);
    // The session may do as much as the token that opened it, and ends with it.
    assert.equal((await ask("/users/me", { token: opened })).body["error"], "auth.scope_missing");
    await ask(`/auth/tokens/${String(data["id"])}`, { method: "DELETE", token: user.token });
    await soon(endedMs, async () => (await platform.ask("/api/profile", { token: opened })).status === 401);
  });
});

const platform = new Platform();
let owner: Account;
let user: Account;
/** Compatible APIs take tokens in other places and have envelopes of their own; operators have addresses instead. */
const excepted = new Set(["cloudfiles", "douyin", "resumable", "operations"]);
const tokens = new Map<string, string>();

const ask = (path: string, options: Parameters<Platform["ask"]>[1] = {}): Promise<Answered> =>
  platform.ask(`/api/v1${path}`, options);
const make = ({ token }: Pick<Account, "token">, body: Record<string, unknown>) =>
  ask("/auth/tokens", { method: "POST", token, body: { name: "test", ...body } });

/** A token of the administrator, made once for each set of scopes. */
async function tokenOf(held: readonly Scope[]): Promise<string> {
  const key = held.join();
  const token = tokens.get(key) ?? String((await make(owner, { scopes: held })).data["token"]);
  tokens.set(key, token);
  return token;
}

const askWith = async (held: readonly Scope[], { verb, path }: Operation): Promise<Answered> =>
  platform.ask(path.replaceAll(/\{\w+\}/g, "1"), {
    method: verb,
    token: await tokenOf(held),
    ...(!["GET", "HEAD", "OPTIONS"].includes(verb) && { body: {} }),
  });
