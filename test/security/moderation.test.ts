import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { callOf } from "#kernel/host/testing";
import { auth, Family } from "#services/auth/contract";
import { moderation } from "#services/moderation/contract";
import { sql } from "kysely";
import { type Account, clip, operationsOf, password, Platform, type Verb } from "../platform/platform.ts";
import { soon, until } from "../until.ts";

/** A moderator's decision takes effect everywhere within this time. */
const withinMs = 10_000;

describe("moderation", () => {
  before(async () => {
    await platform.open();
    admin = await platform.administrator();
    moderator = await platform.join("overseer");
    await put(`/api/v1/admin/accounts/${moderator.id}/role`, admin, { role: "moderator" });
    const isOne = async () => (await ask("/api/v1/moderation/queue", moderator)).status === 200;
    await soon(withinMs, isOne, { said: () => "the role did not come" });
    owner = await platform.join("filmer");
    const response = await platform.upload(
      "/api/v1/videos",
      owner.token,
      { name: "a.mp4", bytes: await clip("quiet-audio.mp4") },
      { title: "A film" },
    );
    assert.equal(response.status, 200, response.text);
    videoId = Number(response.data["id"]);
    await platform.host.drain();
  });
  after(() => platform[Symbol.asyncDispose]());

  it("lists accounts with the name and the picture of their profile", async () => {
    await put(`/api/v1/users/${owner.id}`, owner, { nickname: "The film maker" });
    const isNamed = async () => {
      const { data } = await ask("/api/v1/admin/accounts?q=filmer", moderator);
      const [account] = data["list"] as { username: string; nickname: string; avatar: string }[];
      assert.deepEqual([account?.username, account?.avatar], [owner.name, ""]);
      return account?.nickname === "The film maker";
    };
    await soon(withinMs, isNamed, { said: () => "the account has no name" });
  });

  it("ends every session of a banned user within 10 s, in every API (S3.2)", async () => {
    const bad = await platform.join("scoundrel");
    const long = await Promise.all(
      Family.options.map((family) =>
        platform.host
          .client(auth)
          .loginFor({ family, username: bad.name, password }, callOf(undefined, { caller: "test" })),
      ),
    );
    const tokens = [bad.token, ...long.map(({ token }) => token)];
    assert.equal(tokens.length, 4);
    for (const token of tokens) assert.equal((await platform.ask("/api/v1/users/me", { token })).status, 200);
    const until = new Date(Date.now() + 3_600_000).toISOString();
    const decided = await post("/api/v1/moderation/decisions", moderator, {
      kind: "user",
      id: bad.id,
      action: "suspend",
      until,
      note: "rude",
    });
    assert.equal(decided.status, 200, decided.text);
    await Promise.all(
      tokens.map((token) =>
        soon(withinMs, async () => (await platform.ask("/api/v1/users/me", { token })).status === 401, {
          said: () => "a token outlived the ban",
        }),
      ),
    );
    const body = { username: bad.name, password };
    const refused = await platform.ask("/api/v1/users/login", { method: "POST", body });
    assert.deepEqual([refused.status, refused.body["error"]], [403, "auth.barred"]);
    assert.deepEqual([refused.body["until"], refused.body["reason"]], [until, "rude"]);
    const renewed = await platform.ask("/api/v1/auth/refresh", {
      method: "POST",
      body: { refresh_token: bad.refreshToken },
    });
    assert.equal(renewed.status, 401);
    await post(`/api/v1/moderation/queue/${String(decided.data["id"])}/undo`, moderator);
    await platform.host.drain();
    assert.equal((await platform.ask("/api/v1/users/login", { method: "POST", body })).status, 200);
    // Sessions from before the ban stay ended.
    for (const token of tokens) assert.equal((await platform.ask("/api/v1/users/me", { token })).status, 401);
  });

  it("refuses a banned user's session, even if it is still recorded as open", async () => {
    const late = await platform.join("latecomer");
    await post("/api/v1/moderation/decisions", moderator, { kind: "user", id: late.id, action: "ban" });
    await platform.host.drain();
    await sql`UPDATE sessions SET ended_at_ms = NULL WHERE user_id = ${late.id}`.execute(
      platform.host.database("auth"),
    );
    assert.equal((await ask("/api/v1/users/me", late)).status, 401);
    const body = { refresh_token: late.refreshToken };
    assert.equal((await platform.ask("/api/v1/auth/refresh", { method: "POST", body })).status, 401);
  });

  it("lets muted users read, and post no comment, timed comment or video", async () => {
    const loud = await platform.join("loudmouth");
    const uploaded = await platform.upload(
      "/api/v1/videos",
      loud.token,
      { name: "b.mp4", bytes: await clip("vfr-60-15-30.mp4") },
      { title: "Mine", draft: "true" },
    );
    assert.equal(uploaded.status, 200, uploaded.text);
    const own = String(uploaded.data["id"]);
    const muted = await post("/api/v1/moderation/decisions", moderator, { kind: "user", id: loud.id, action: "mute" });
    await platform.host.drain();
    const tries: readonly (readonly [Verb, string, object])[] = [
      ["POST", `/api/v1/videos/${videoId}/comments`, { content: "hello" }],
      ["POST", `/api/v1/videos/${videoId}/danmaku`, { position: 0.5, content: "hello" }],
      ["POST", `/api/v1/videos/${own}/publish`, {}],
      ["PUT", `/api/v1/videos/${own}`, { title: "hello" }],
      ["POST", "/api/v1/videos", { title: "again", media_id: uploaded.data["media_id"] }],
    ];
    for (const [method, path, body] of tries) {
      const answer = await platform.ask(path, { method, token: loud.token, body });
      assert.deepEqual([answer.status, answer.body["error"]], [403, "moderation.muted"], path);
    }
    assert.equal((await ask(`/api/v1/videos/${videoId}`, loud)).status, 200);
    await post(`/api/v1/moderation/queue/${String(muted.data["id"])}/undo`, moderator);
    await platform.host.drain();
    for (const [method, path, body] of tries.slice(0, 4)) {
      const answer = await platform.ask(path, { method, token: loud.token, body });
      assert.equal(answer.status, 200, `${path} ${answer.text}`);
    }
  });

  it("holds newcomers' comments with links or held terms for a moderator, and refuses those with refused terms", async () => {
    for (const [pattern, action] of [
      ["gamble*", "hold"],
      ["slur", "refuse"],
    ] as const)
      assert.equal((await post("/api/v1/admin/words", admin, { pattern, action })).status, 200);
    await platform.host.drain();
    const fresh = await platform.join("newcomer");
    const say = (content: string) => post(`/api/v1/videos/${videoId}/comments`, fresh, { content });
    const countOf = async () => Number((await ask(`/api/v1/videos/${videoId}`, owner)).data["comment_count"]);
    const before = await countOf();
    const linked = await say("look at https://spam.example");
    const worded = await say("let us GAMB\u200bLERS win");
    assert.deepEqual([linked.data["is_held"], worded.data["is_held"]], [true, true], linked.text);
    const refused = await say("you Ｓｌｕｒ");
    assert.deepEqual([refused.status, refused.body["error"]], [400, "moderation.words_refused"]);
    const flown = await post(`/api/v1/videos/${videoId}/danmaku`, fresh, { position: 0.5, content: "gamble" });
    assert.deepEqual([flown.status, flown.body["error"]], [400, "moderation.words_refused"]);
    await platform.host.drain();

    const ids = [Number(linked.data["id"]), Number(worded.data["id"])];
    const seenBy = async (who: Account) =>
      listed(await ask(`/api/v1/videos/${videoId}/comments`, who)).filter(({ id }) => ids.includes(Number(id))).length;
    assert.deepEqual([await seenBy(owner), await seenBy(fresh), await seenBy(moderator)], [0, 2, 2]);
    assert.equal(await countOf(), before);
    const waiting = listed(await ask("/api/v1/moderation/queue?held=true", moderator));
    assert.deepEqual(
      waiting.map(({ thing_id, held_for }) => [thing_id, held_for]),
      [
        [ids[0], "link"],
        [ids[1], "word: gamble*"],
      ],
    );
    await post(`/api/v1/moderation/queue/${String(waiting[0]?.["id"])}/resolve`, moderator, { action: "dismiss" });
    await post(`/api/v1/moderation/queue/${String(waiting[1]?.["id"])}/resolve`, moderator, { action: "remove" });
    await platform.host.drain();
    assert.deepEqual([await seenBy(owner), await seenBy(fresh)], [1, 1]);
    assert.equal(await countOf(), before + 1);
  });

  it("takes down a video with its links within 10 s, shows its owner the reason, and restores it under new addresses", async () => {
    const { data } = await ask(`/api/v1/videos/${videoId}`, owner);
    const links = ["hls_url", "cover_url", "download_url"].map((name) => pathOf(data[name]));
    const [master = ""] = links;
    const { text } = await platform.ask(master);
    const list = master.replace(/master\.m3u8.*/, text.match(/^\w+\/index\.m3u8.*$/m)?.[0] ?? "");
    const file = (await platform.ask(list)).text.match(/URI="\.\.\/([^"]+)"/)?.[1] ?? "";
    links.push(list, master.replace(/master\.m3u8.*/, file));
    for (const link of links) assert.ok([200, 206].includes((await platform.ask(link)).status), link);

    await post("/api/v1/reports", moderator, { kind: "video", id: videoId, reason: "copyright" });
    const [open] = listed(await ask("/api/v1/moderation/queue?kind=video", moderator));
    const caseId = String(open?.["id"]);
    const body = { action: "remove", note: "not yours" };
    assert.equal((await post(`/api/v1/moderation/queue/${caseId}/resolve`, moderator, body)).status, 200);
    await platform.host.drain();
    const sinceMs = performance.now();
    for (const link of links)
      await soon(withinMs, async () => (await platform.ask(link)).status === 404, {
        sinceMs,
        said: () => `${link} is still given`,
      });
    assert.equal((await platform.ask(`/api/v1/videos/${videoId}`)).status, 404);
    const own = await ask(`/api/v1/videos/${videoId}`, owner);
    assert.deepEqual(
      [own.data["status"], own.data["status_reason"]],
      [3, { error: "video.taken_down", message: "not yours" }],
    );
    // Its owner cannot put it back.
    await post(`/api/v1/videos/${videoId}/publish`, owner);
    await put(`/api/v1/videos/${videoId}`, owner, { title: "Another title" });
    assert.equal((await platform.ask(`/api/v1/videos/${videoId}`)).status, 404);

    assert.equal(
      (await post("/api/v1/moderation/appeals", owner, { case_id: Number(caseId), text: "mine" })).status,
      200,
    );
    const answer = { accept: true, answer: "so it is" };
    assert.equal((await post(`/api/v1/moderation/appeals/${caseId}/answer`, moderator, answer)).status, 200);
    await platform.host.drain();
    const back = await platform.ask(`/api/v1/videos/${videoId}`);
    assert.equal(back.status, 200);
    assert.equal((await platform.ask(pathOf(back.data["cover_url"]))).status, 200);
    const old = links.filter((one) => /\/g\d+\//.test(one));
    assert.ok(old.length >= 2, links.join());
    for (const link of old) assert.equal((await platform.ask(link)).status, 404, link);
  });

  it("lets moderators, but not other users, delete comments and timed comments", async () => {
    const [said, flown] = await Promise.all([
      post(`/api/v1/videos/${videoId}/comments`, owner, { content: "my own words" }),
      post(`/api/v1/videos/${videoId}/danmaku`, owner, { position: 0.5, content: "words" }),
    ]);
    const other = await platform.join();
    for (const path of [`/api/v1/comments/${String(said.data["id"])}`, `/api/v1/danmaku/${String(flown.data["id"])}`]) {
      assert.equal((await platform.ask(path, { method: "DELETE", token: other.token })).status, 403, path);
      assert.equal((await platform.ask(path, { method: "DELETE", token: moderator.token })).status, 200, path);
    }
  });

  it("records the listed acts in the audit trail (S8.5)", async () => {
    await put(`/api/v1/videos/${videoId}`, owner, { visibility: "unlisted" });
    const body = { username: owner.name, password: "a wrong one" };
    await platform.ask("/api/v1/users/login", { method: "POST", body });
    await platform.ask(`/api/v1/videos/${videoId}`, { method: "DELETE", token: owner.token });
    await platform.host.drain();
    const folder = await post("/api/v1/drive/folders", owner, { name: "Shown" });
    const response = await post(`/api/v1/drive/${Number(folder.data["id"])}/shares`, owner);
    assert.equal(response.status, 200, response.text);
    const shareAt = `/api/v1/drive/shares/${(response.data["share"] as { id: number }).id}`;
    assert.equal((await put(shareAt, owner, { downloads_max: 3 })).status, 200);
    assert.equal((await post(`${shareAt}/renew`, owner)).status, 200);
    assert.equal((await platform.ask(shareAt, { method: "DELETE", token: owner.token })).status, 200);
    await platform.host.drain();
    const acts = new Set(listed(await ask("/api/v1/admin/audit?page_size=100", admin)).map(({ act }) => String(act)));
    for (const act of [
      "session.opened",
      "session.refused",
      "role.changed",
      "video.visibility_changed",
      "video.deleted",
      "comment.removed",
      "user.suspended",
      "user.unbanned",
      "moderation.remove",
      "appeal.accepted",
      "words.added",
      "share.made",
      "share.changed",
      "share.renewed",
      "share.revoked",
    ])
      assert.ok(acts.has(act), `${act} is not among ${[...acts].join(", ")}`);
  });

  it("names authors, reporters and colleagues to moderators, and shows internal notes to nobody else", async () => {
    const reporter = await platform.join();
    await post("/api/v1/reports", reporter, { kind: "user", id: owner.id, reason: "other", text: "look" });
    await platform.host.drain();
    const [reported] = listed(await ask("/api/v1/moderation/queue?kind=user&sort=latest", moderator));
    const at = `/api/v1/moderation/queue/${String(reported?.["id"])}`;
    assert.equal((await post(`${at}/notes`, moderator, { text: "a secret word" })).status, 200);
    const nameIn = (row: Record<string, unknown> | undefined, part: string) =>
      (row?.[part] as { username: string } | undefined)?.username;
    assert.equal(nameIn(reported, "author"), owner.name);
    assert.equal(nameIn(listed(await ask(`${at}/reports`, moderator))[0], "reporter"), reporter.name);
    assert.equal(nameIn(listed(await ask(`${at}/notes`, admin))[0], "author"), moderator.name);
    await post(`${at}/resolve`, moderator, { action: "warn", note: "mind your words" });
    for (const path of [at, `${at}/notes`, `${at}/history`, `${at}/reports`])
      for (const account of [owner, reporter]) assert.equal((await ask(path, account)).status, 403, path);
    for (const [path, account] of [
      ["/api/v1/moderation/decisions", owner],
      ["/api/v1/reports", reporter],
    ] as const) {
      const { text } = await ask(path, account);
      assert.match(text, /mind your words/);
      assert.doesNotMatch(text, /a secret word/);
    }
  });

  it("names accounts in the audit trail, and says which are deleted", async () => {
    const leaving = await platform.join();
    const entries = async (query: string) => listed(await ask(`/api/v1/admin/audit?${query}`, admin));
    await platform.host.drain();
    const named = { id: leaving.id, username: leaving.name, nickname: leaving.name, avatar: "", is_deleted: false };
    const [opened] = await entries(`area=session&subject_id=${leaving.id}`);
    assert.deepEqual([opened?.["actor"], opened?.["subject"]], [null, named]);
    assert.equal((await post("/api/v1/auth/delete-account", leaving, { password })).status, 200);
    await platform.host.drain();
    const tombstone = { ...named, username: "", nickname: "", is_deleted: true };
    // Names are cached for a second.
    const deleted = await until(async () => {
      const [entry] = await entries(`area=user&actor_id=${leaving.id}`);
      return (entry?.["actor"] as typeof named | undefined)?.is_deleted ? entry : undefined;
    });
    assert.deepEqual([deleted["act"], deleted["actor"], deleted["subject"]], ["user.deleted", tombstone, tombstone]);
  });

  it("checks names and profile texts against the blocklist, at sign-up and later", async () => {
    for (const [pattern, action] of [
      ["casino", "hold"],
      ["vermin", "refuse"],
    ] as const)
      assert.equal((await post("/api/v1/admin/words", admin, { pattern, action })).status, 200);
    await platform.host.drain();
    const register = (username: string, nickname?: string) =>
      platform.ask("/api/v1/users/register", { method: "POST", body: { username, password, nickname } });
    for (const [username, nickname] of [["vermin"], ["pleasant", "Ｖｅｒｍｉｎ"]] as const) {
      const refused = await register(username, nickname);
      assert.deepEqual([refused.status, refused.body["error"]], [400, "moderation.words_refused"], username);
    }
    const flagged = await register("pleasant", "The casino");
    assert.equal(flagged.status, 200, flagged.text);
    const other = await platform.join("quiet");
    for (const field of ["nickname", "bio", "introduction"]) {
      const refused = await put("/api/v1/users/me", other, { [field]: "you vermin" });
      assert.deepEqual([refused.status, refused.body["error"]], [400, "moderation.words_refused"], field);
    }
    assert.equal((await put("/api/v1/users/me", other, { bio: "casino tonight" })).status, 200);
    await platform.host.drain();
    const queue = listed(await ask("/api/v1/moderation/queue?kind=user&page_size=100", moderator));
    for (const id of [Number(flagged.data["user_id"]), other.id]) {
      const one = queue.find((row) => JSON.stringify(row).includes(String(id)));
      assert.ok(JSON.stringify(one).includes("word: casino"), `${id} in ${JSON.stringify(queue)}`);
    }
    // A moderator may quote the words they decide about.
    assert.equal((await put("/api/v1/users/me", moderator, { bio: "no vermin here" })).status, 200);
  });

  it("opens each of its routes exactly to the roles that the contract declares (S2.2)", async () => {
    const actors = { anonymous: undefined, user: await platform.join(), moderator, admin };
    const document = await platform.document();
    const routes = operationsOf(document).filter(({ operationId }) => operationId.startsWith("moderation."));
    assert.equal(routes.length, Object.values(moderation.methods).filter(({ http }) => http !== undefined).length);
    const ranks = { public: 0, user: 1, moderator: 2, admin: 3 };
    let cells = 0;
    for (const { verb, path, "x-auth": needed = "" } of routes)
      for (const [rank, [name, who]] of Object.entries(actors).entries()) {
        const isAllowed = rank >= ranks[needed as keyof typeof ranks];
        const { status } = await platform.ask(path.replace(/\{\w+\}/, "1"), {
          method: verb,
          ...(who && { token: who.token }),
          ...(verb !== "GET" && { body: { nothing: true } }),
        });
        const expected = isAllowed ? [200, 400, 404, 409] : [name === "anonymous" ? 401 : 403];
        assert.ok(expected.includes(status), `${name} ${verb} ${path}: ${status}`);
        cells += 1;
      }
    assert.equal(cells, routes.length * 4);
  });
});

const platform = new Platform();
let admin: Account;
let moderator: Account;
let owner: Account;
let videoId = 0;

const ask = (path: string, { token }: Account) => platform.ask(path, { token });
const post = (path: string, { token }: Account, body: object = {}) =>
  platform.ask(path, { method: "POST", token, body });
const put = (path: string, { token }: Account, body: object) => platform.ask(path, { method: "PUT", token, body });
const listed = ({ data }: { data: Readonly<Record<string, unknown>> }) =>
  data["list"] as readonly Readonly<Record<string, unknown>>[]; // Every list of the envelope is one of objects.
const pathOf = (address: unknown): string => {
  const url = new URL(String(address), "http://kinora.test");
  return url.pathname + url.search;
};
