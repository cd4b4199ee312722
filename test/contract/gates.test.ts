import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { ContractPlatform, has, type Member } from "./contract-platform.ts";

const view = "open gate terms teaser owner_id title";

describe("the documented API of gates", () => {
  before(async () => {
    await platform.open();
    [mira, noor, omar] = [await platform.join("mira"), await platform.join("noor"), await platform.join("omar")];
    const { id, name, token } = await platform.platform.administrator();
    admin = { id, name, token };
    film = await platform.publish(mira, { title: "The whole set" });
  });
  after(() => platform[Symbol.asyncDispose]());

  const gated = (gate: object, more: object = {}) =>
    platform.done(`PUT /api/v1/videos/${film}`, { as: mira, body: { visibility: "gated", gate, ...more } });
  const path = (rest = "") => `/api/v1/gates/video/${film}${rest}`;
  const grantCoins = (to: Member, amount: number) =>
    platform.done(`POST /api/v1/admin/users/${to.id}/coins`, { as: admin, body: { amount, reason: "a prize" } });

  it("sets a gate with PUT /api/v1/videos/:id, and answers 403 gate.closed with what opens it", async () => {
    const gate = {
      any: [
        { kind: "followers", since_days: 30 },
        { kind: "coins", price: 120 },
      ],
    };
    const { data } = await gated(gate, { teaser: "title" });
    assert.deepEqual([data["visibility"], data["gate"], data["teaser"]], ["gated", gate, "title"]);
    const { body } = await platform.refused(403, `GET /api/v1/videos/${film}`, { as: noor });
    assert.equal(body["error"], "gate.closed");
    const terms = [
      { path: "any.0", kind: "followers", state: "unmet", needs: "follow" },
      { path: "any.1", kind: "coins", state: "unmet", needs: "pay" },
    ];
    assert.deepEqual(body["details"], { gate, terms, teaser: "title" });
    const bad = { visibility: "gated", gate: { any: [{ kind: "coins" }] } };
    const refused = await platform.refused(400, `PUT /api/v1/videos/${film}`, { as: mira, body: bad });
    assert.deepEqual(
      (refused.body["errors"] as { field: string }[]).map(({ field }) => field),
      ["gate.any.0.price"],
    );
  });

  it("reads a gate with GET /api/v1/gates/:kind/:id, and asks anew with …/check, once in five seconds", async () => {
    const { data } = await platform.done(`GET ${path()}`);
    has(data, view);
    assert.deepEqual([data["open"], data["title"], data["owner_id"]], [false, "The whole set", mira.id]);
    assert.deepEqual(
      (data["terms"] as { needs: string }[]).map(({ needs }) => needs),
      ["sign_in", "sign_in"],
    );
    await platform.done(`POST ${path("/check")}`, { as: noor, body: {} });
    const { body, headers } = await platform.refused(429, `POST ${path("/check")}`, { as: noor, body: {} });
    assert.equal(body["error"], "gate.too_many_checks");
    assert.ok(Number(headers.get("retry-after")) <= 5);
    await platform.refused(404, "GET /api/v1/gates/video/4444444444444444");
    await platform.refused(404, `GET /api/v1/gates/share/${film}`);
    await platform.refused(400, `GET /api/v1/gates/house/${film}`);
  });

  it("opens for coins with POST …/buy, once, at the price that was shown, and gives them back with …/refund", async () => {
    const buy = (body: object, as = noor) => platform.ask(`POST ${path("/buy")}`, { as, body });
    assert.equal((await buy({ price: 120 })).body["error"], "live.too_few_coins");
    await grantCoins(noor, 300);
    const changed = await buy({ price: 100 });
    assert.deepEqual([changed.status, changed.body["details"]], [409, { price: 120 }]);
    const bought = await Promise.all(Array.from({ length: 20 }, () => buy({ price: 120 })));
    for (const { status, data } of bought) assert.deepEqual([status, data], [200, { balance: 180, until: null }]);
    await platform.done(`GET /api/v1/videos/${film}`, { as: noor });
    const earned = await platform.done("GET /api/v1/users/me/wallet", { as: mira });
    assert.ok(Number(earned.data["earnings"]) > 0);
    const { list } = await platform.done("GET /api/v1/users/me/wallet/statement", { as: noor });
    assert.deepEqual(
      list.slice(0, 1).map(({ kind, amount }) => [kind, amount]),
      [["access", -120]],
    );
    assert.equal((await buy({ price: 120 }, mira)).body["error"], "gate.not_for_sale");
    const refunds = await Promise.all(
      Array.from({ length: 5 }, () => platform.ask(`POST ${path("/refund")}`, { as: noor, body: {} })),
    );
    assert.deepEqual(
      refunds.map(({ status }) => status).toSorted((a, b) => a - b),
      [200, 409, 409, 409, 409],
    );
    assert.deepEqual(refunds.find(({ status }) => status === 200)?.data, { balance: 300 });
    await platform.refused(403, `GET /api/v1/videos/${film}`, { as: noor });
    assert.equal((await platform.done("GET /api/v1/users/me/wallet", { as: mira })).data["earnings"], 0);
  });

  it("gives no coins back once a tenth was watched", async () => {
    await platform.done(`POST ${path("/buy")}`, { as: noor, body: { price: 120 } });
    const watched = { position: 3, duration: 3, ranges: [[0, 3]] };
    await platform.done(`POST /api/v1/videos/${film}/play`, { as: noor, body: watched });
    const { body } = await platform.refused(409, `POST ${path("/refund")}`, { as: noor, body: {} });
    assert.equal(body["error"], "gate.refund_over");
  });

  it("invites people and makes links with POST …/invited, lists them, and takes them back", async () => {
    await gated({ kind: "invited" });
    const invite = `POST ${path("/invited")}`;
    assert.deepEqual((await platform.done(invite, { as: mira, body: { usernames: ["noor", "nobody"] } })).data, {
      added: 1,
    });
    await platform.done(`GET /api/v1/videos/${film}`, { as: noor });
    const { list } = await platform.done(`GET ${path("/invited")}`, { as: mira });
    assert.deepEqual(
      list.map(({ id }) => id),
      [noor.id],
    );
    for (const [line, body] of [
      [invite, { user_ids: [omar.id] }],
      [`GET ${path("/invited")}`, undefined],
      [`GET ${path("/audit")}`, undefined],
    ] as const)
      await platform.refused(403, line, { as: omar, ...(body && { body }) });
    await platform.refused(400, invite, { as: mira, body: {} });
    await platform.done(`DELETE ${path(`/invited/${noor.id}`)}`, { as: mira });
    await platform.refused(403, `GET /api/v1/videos/${film}`, { as: noor });

    const { data } = await platform.done(invite, { as: mira, body: { link: { uses: 1 } } });
    const { code, uses } = data["link"] as { code: string; uses: number };
    assert.equal(uses, 1);
    const people = [noor, omar, ...(await Promise.all(Array.from({ length: 3 }, () => platform.join())))];
    const redeem = `POST ${path("/invited/redeem")}`;
    const answers = await Promise.all(people.map((as) => platform.ask(redeem, { as, body: { code } })));
    assert.deepEqual(
      answers.map(({ status }) => status).toSorted((a, b) => a - b),
      [200, 400, 400, 400, 400],
      "one use, one person",
    );
    for (const { status, body } of answers) if (status === 400) assert.equal(body["error"], "auth.bad_invitation");
    const unknown = await platform.refused(400, redeem, { as: omar, body: { code: "nonsense" } });
    assert.equal(unknown.body["error"], "auth.bad_invitation");
  });

  it("opens a live room in the same way, with PUT /api/v1/lives/:id", async () => {
    const gate = { any: [{ kind: "coins", price: 50 }, { kind: "password" }, { kind: "invited" }] };
    const body = { title: "Harbour", visibility: "gated", gate, gate_password: "open sesame", teaser: "title" };
    const { data: made } = await platform.done("POST /api/v1/lives", { as: mira, body });
    assert.deepEqual([made["visibility"], made["gate"], made["teaser"]], ["gated", gate, "title"]);
    const room = Number(made["id"]);
    const at = (rest = "") => `/api/v1/gates/live/${room}${rest}`;
    const { body: refused } = await platform.refused(403, `GET /api/v1/lives/${room}`, { as: omar });
    assert.equal(refused["error"], "gate.closed");
    const { data } = await platform.done(`GET ${at()}`, { as: omar });
    assert.deepEqual([data["open"], data["title"], data["owner_id"]], [false, "Harbour", mira.id]);
    await platform.done(`PUT /api/v1/lives/${room}`, { as: mira, body: { teaser: "none" } });
    assert.equal((await platform.done(`GET ${at()}`)).data["title"], "");

    await grantCoins(omar, 50);
    await platform.done(`POST ${at("/buy")}`, { as: omar, body: { price: 50 } });
    await platform.done(`GET /api/v1/lives/${room}`, { as: omar });
    await platform.done(`POST ${at("/refund")}`, { as: omar, body: {} });
    await platform.refused(403, `GET /api/v1/lives/${room}`, { as: omar });
    const unlocked = await platform.done(`POST /api/v1/lives/${room}/unlock`, { body: { password: "open sesame" } });
    const headers = { "x-kinora-unlock": String(unlocked.data["unlock"]) };
    await platform.done(`GET /api/v1/lives/${room}`, { headers });
    await platform.done(`POST ${at("/invited")}`, { as: mira, body: { user_ids: [omar.id] } });
    await platform.done(`GET /api/v1/lives/${room}`, { as: omar });
    assert.deepEqual(
      (await platform.done(`GET ${at("/invited")}`, { as: mira })).list.map(({ id }) => id),
      [omar.id],
    );
  });

  it("opens the list of a playlist in the same way, with PUT /api/v1/playlists/:id", async () => {
    const gate = { any: [{ kind: "coins", price: 20 }, { kind: "password" }] };
    const body = { title: "Seas", visibility: "gated", gate, gate_password: "open sesame", teaser: "title" };
    const { data: made } = await platform.done("POST /api/v1/playlists", { as: mira, body });
    assert.deepEqual([made["visibility"], made["gate"], made["teaser"]], ["gated", gate, "title"]);
    const list = Number(made["id"]);
    const at = (rest = "") => `/api/v1/gates/playlist/${list}${rest}`;
    for (const line of [`GET /api/v1/playlists/${list}`, `GET /api/v1/playlists/${list}/items`])
      assert.equal((await platform.refused(403, line, { as: noor })).body["error"], "gate.closed");
    assert.equal((await platform.done(`GET ${at()}`)).data["title"], "Seas");
    const unlocked = await platform.done(`POST /api/v1/playlists/${list}/unlock`, {
      body: { password: "open sesame" },
    });
    const headers = { "x-kinora-unlock": String(unlocked.data["unlock"]) };
    await platform.done(`GET /api/v1/playlists/${list}/items`, { headers });
    await grantCoins(noor, 20);
    await platform.done(`POST ${at("/buy")}`, { as: noor, body: { price: 20 } });
    await platform.done(`GET /api/v1/playlists/${list}/items`, { as: noor });
    await platform.done(`POST ${at("/refund")}`, { as: noor, body: {} });
    await platform.refused(403, `GET /api/v1/playlists/${list}`, { as: noor });
    await platform.done(`PUT /api/v1/playlists/${list}`, { as: mira, body: { visibility: "public" } });
    await platform.done(`GET /api/v1/playlists/${list}`);
  });

  it("reports to the owner who opened it and by which term with GET …/audit", async () => {
    const { list } = await platform.done(`GET ${path("/audit")}`, { as: mira });
    for (const row of list) has(row, "user_id term at");
    assert.deepEqual(new Set(list.map(({ term }) => term)), new Set(["coins", "invited"]));
    const pages: unknown[] = [];
    for (let cursor = ""; ; ) {
      const page = await platform.done(`GET ${path("/audit")}?page_size=1${cursor}`, { as: mira });
      pages.push(...page.list);
      if (typeof page.data["next_cursor"] !== "string") break;
      cursor = `&cursor=${page.data["next_cursor"]}`;
    }
    assert.deepEqual(pages, list);
  });
});

const platform = new ContractPlatform();
let mira: Member;
let noor: Member;
let omar: Member;
let admin: Member;
let film = 0;
