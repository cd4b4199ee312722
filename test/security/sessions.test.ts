import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { sql } from "kysely";
import { form, operationsOf, password, Platform } from "../platform/platform.ts";
import { soon } from "../until.ts";

/** A session that ended is over everywhere within this time. */
const withinMs = 10_000;

describe("a session", { concurrency: true }, () => {
  before(() => platform.open());
  after(() => platform[Symbol.asyncDispose]());

  it("ends within 10 s of its log-out, on every route and for each of its tokens (S3.2)", async () => {
    const { token, refreshToken, name } = await platform.join();
    const newer = (await refresh(refreshToken)).data;
    const tokens = [token, String(newer["token"])];
    for (const one of tokens) assert.equal((await me(one)).status, 200);
    assert.equal((await post("/api/v1/users/logout", {}, tokens[1])).status, 200);
    await over(tokens);
    assert.equal((await refresh(String(newer["refresh_token"]))).status, 401);
    // The account itself is as it was.
    assert.equal((await post("/api/v1/users/login", { username: name, password })).status, 200);
    for (const { verb, path, "x-auth": auth } of operationsOf(await platform.document())) {
      if (auth !== "user") continue;
      const url = path.replace("{id}", path.includes("/users/") ? "me" : "5");
      const isForm = path === "/file/upload" || path.startsWith("/douyin/publish/action");
      const request = isForm ? form({ name: "a", bytes: Buffer.from("x") }) : { headers: {}, body: {} };
      const { status, body } = await platform.ask(url, {
        method: verb,
        token,
        headers: { ...request.headers, "tus-resumable": "1.0.0" },
        ...(verb !== "GET" && { body: request.body }),
      });
      // The cloud-files and Douyin APIs say it under 200.
      assert.ok(
        status === 401 || body["code"] === 10_005 || body["status_code"] === 10_004,
        `${verb} ${path}: ${status}`,
      );
    }
  });

  it("ends for both holders when a refresh token is presented more than 20 seconds after its use (S3.2)", async () => {
    const { token, refreshToken } = await platform.join();
    const stolen = (await refresh(refreshToken)).data;
    assert.equal((await me(String(stolen["token"]))).status, 200);
    await ageRefresh(refreshToken);
    assert.deepEqual(
      [(await refresh(refreshToken)).status, (await refresh(String(stolen["refresh_token"]))).status],
      [401, 401],
    );
    await over([token, String(stolen["token"])]);
  });

  it("is refreshed once by twenty concurrent uses of its token, which all get its successor (S3.2)", async () => {
    const { refreshToken } = await platform.join();
    const answers = await Promise.all(Array.from({ length: 20 }, () => refresh(refreshToken)));
    assert.ok(answers.every(({ status }) => status === 200));
    const successors = new Set(answers.map(({ data }) => String(data["refresh_token"])));
    assert.equal(successors.size, 1);
    const [successor = ""] = successors;
    assert.equal((await refresh(successor)).status, 200);
  });

  it("ends when its account is deleted, and gives an ordinary user no administrator's rights (S3.2)", async () => {
    const { id, token } = await platform.join();
    assert.equal((await me(token)).status, 200);
    const database = platform.host.database("auth");
    await sql`DELETE FROM credentials WHERE user_id = ${id}`.execute(database);
    await over([token]);
    const other = await platform.join();
    assert.equal((await platform.ask("/api/v1/instance/demo", { method: "DELETE", token: other.token })).status, 403);
  });

  it("leaves no readable token or password in the tables of auth (S3.6)", async () => {
    const { token, refreshToken } = await platform.join();
    // Signed in, and asking for its answer to be kept: what signs in is never kept.
    const headers = { "idempotency-key": "once" };
    const login = await platform.ask("/api/v1/users/register", {
      method: "POST",
      token,
      headers,
      body: { username: "kept one", password },
    });
    const renewed = await platform.ask("/api/v1/auth/refresh", {
      method: "POST",
      token,
      headers,
      body: { refresh_token: refreshToken },
    });
    assert.deepEqual([login.status, renewed.status], [200, 200]);
    const dump: string[] = [];
    for (const table of ["credentials", "sessions", "idempotency", "outbox"]) {
      const { rows } = await sql`SELECT * FROM ${sql.ref(table)}`.execute(platform.host.database("auth"));
      dump.push(JSON.stringify(rows));
    }
    const secrets = [
      token,
      refreshToken.split(".")[2],
      login.data["token"],
      login.data["refresh_token"],
      renewed.data["token"],
      renewed.data["refresh_token"],
      password,
    ];
    for (const secret of secrets)
      assert.ok(typeof secret === "string" && !dump.join().includes(secret), "a secret is in the database");
    // Not as a quick hash either: its thief could try passwords by the thousand million.
    assert.equal(dump[2], "[]");
  });
});

const platform = new Platform();

const me = (token: string) => platform.ask("/api/v1/users/me", { token });
const post = (path: string, body: object, token?: string) =>
  platform.ask(path, { method: "POST", body, ...(token !== undefined && { token }) });
/** Moves the last refresh of this token's session alone: other cases run at the same time. */
const ageRefresh = (token: string) =>
  sql`UPDATE sessions SET refreshed_at_ms = refreshed_at_ms - 20000 WHERE id = ${token.split(".")[0]}`.execute(
    platform.host.database("auth"),
  );
const refresh = (token: string) => post("/api/v1/auth/refresh", { refresh_token: token });

/** Waits until none of these tokens is taken any more. */
async function over(tokens: readonly string[]): Promise<void> {
  const isOver = async (token: string) => (await me(token)).status === 401;
  const said = () => "a token outlived its session";
  await Promise.all(tokens.map((token) => soon(withinMs, () => isOver(token), { said })));
}
