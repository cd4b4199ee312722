import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import {
  type Account,
  bodyOf,
  type Document,
  type Operation,
  operationsOf,
  Platform,
  sample,
} from "../../platform/platform.ts";

const prefix = "/api/v1/lives/{id}";
/** They say what a WebRTC endpoint takes, for any room; the address of a connection is the right to end it. */
const ofNoRoom = new Set([`OPTIONS ${prefix}/whip`, `OPTIONS ${prefix}/whep`]);
/** A connection or a token that is not there comes before the room. */
const refusals = ["gate.closed", "gateway.sign_in_first", "live.no_such_connection", "live.not_found"];
const isByToken = (path: string): boolean => /\{(?:session|token)\}/.test(path);

describe("a gated live room", () => {
  before(async () => {
    await platform.open();
    [owner, other, follower] = [await platform.join(), await platform.join(), await platform.join()];
    await platform.ask(`/api/v1/users/${owner.id}/follow`, { method: "POST", token: follower.token });
    document = await platform.document();
    routes = operationsOf(document).filter(({ path }) => path === prefix || path.startsWith(`${prefix}/`));
  });
  after(() => platform[Symbol.asyncDispose]());

  it("answers nobody before its gate opens, on every route of a room (S2.1, S2.3)", async () => {
    assert.ok(routes.length > 50, `${routes.length} routes`);
    const room = await started();
    const closed = { anonymous: 0, other: 0 };
    for (const [actor, account] of [
      ["anonymous", undefined],
      ["other", other],
    ] as const)
      for (const route of routes) {
        const name = `${route.verb} ${route.path}`;
        if (ofNoRoom.has(name)) continue;
        const { status, text } = await send(route, room, account);
        const { error = "" } = JSON.parse(text) as { error?: string };
        const allowed = isByToken(route.path) ? refusals : refusals.slice(0, account ? 1 : 2);
        assert.ok(allowed.includes(error), `${actor} ${name}: ${status} ${text}`);
        if (error === "gate.closed") closed[actor] += 1;
      }
    assert.ok(closed.anonymous >= 15 && closed.other >= 50, JSON.stringify(closed));
  });

  it("is open on the same routes to those whom it opens to", async () => {
    const room = await started();
    const queries = routes.filter(
      ({ verb, path }) => verb === "GET" && !path.includes("{file}") && !/ws$|events$/.test(path),
    );
    for (const [name, account] of [
      ["owner", owner],
      ["follower", follower],
    ] as const)
      for (const route of queries) {
        const { text, status } = await send(route, room, account);
        assert.ok(!text.includes("gate.closed") && status < 500, `${name} ${route.path}: ${status} ${text}`);
      }
  });

  it("is in the lists of those to whom it opens, and in no public one", async () => {
    const room = await started();
    const shows = async (path: string, account?: Account) =>
      (await platform.ask(path, { ...(account && { token: account.token }) })).text.includes(`"id":${room},`);
    const rows: unknown[] = [];
    for (const account of [undefined, other, follower, owner])
      rows.push([
        await shows(`/api/v1/users/${owner.id}/lives`, account),
        await shows("/api/v1/lives", account),
        await shows("/api/v1/search/lives?q=Harbour", account),
      ]);
    assert.deepEqual(rows, [
      [false, false, false],
      [false, false, false],
      [true, false, false],
      [true, false, false],
    ]);
  });
});

async function started(): Promise<number> {
  const body = { title: "Harbour", visibility: "gated", gate: { kind: "followers" } };
  const { data } = await platform.ask("/api/v1/lives", { method: "POST", token: owner.token, body });
  const id = Number(data["id"]);
  await platform.ask(`/api/v1/lives/${id}/start`, { method: "POST", token: owner.token, body: {} });
  await platform.host.drain();
  return id;
}

function send(route: Operation, room: number, account: Account | undefined) {
  const { verb, path } = route;
  const url = path
    .replace("{id}", String(room))
    .replace("{file}", "master.m3u8")
    .replace(/\{\w+\}/g, "1");
  const body = bodyOf(route);
  return platform.ask(url, {
    method: verb,
    ...(account && { token: account.token }),
    ...(body && { body: sample(document, body) }),
  });
}

const platform = new Platform();
let owner: Account;
let other: Account;
let follower: Account;
let document: Document;
let routes: Operation[] = [];
