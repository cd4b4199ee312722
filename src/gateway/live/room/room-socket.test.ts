import assert from "node:assert/strict";
import { after, afterEach, before, describe, it } from "node:test";
import fc from "fast-check";
import type { Account } from "#test/platform/platform";
import { until } from "#test/until";
import { Rooms } from "./testing.ts";

describe("the socket of a live room", () => {
  before(async () => {
    await rooms.open();
    [mira, noor, ines] = [await ask.join(), await ask.join(), await ask.join()];
  });
  afterEach(() => {
    for (const { socket } of rooms.opened.splice(0)) socket.terminate();
  });
  after(() => rooms.close());

  it("opens by the ticket of join, once, and join gives the room with its addresses (S6.4)", async () => {
    const id = await rooms.live(mira);
    const { data } = await rooms.post(noor, `${id}/join`);
    assert.deepEqual([(data["live"] as { id: number }).id, data["online_count"]], [id, 1]);
    assert.match(String(data["ws_url"]), new RegExp(`^ws://[^/]+/api/v1/lives/${id}/ws\\?ticket=[\\w-]{22}$`));
    assert.match(String(data["play_url"]), new RegExp(`^http://[^/]+/api/v1/lives/${id}/hls/master\\.m3u8$`));
    assert.deepEqual(data["play_url"], data["hls_url"]);
    const address = await rooms.addressFor(noor, id);
    const client = rooms.connect(address);
    assert.deepEqual((await client.type("online")).payload, { count: 1 });
    assert.equal(client.socket.extensions, "", "nothing is compressed");
    assert.equal(await rooms.statusOf(address), 401, "a ticket opens one socket");
    assert.equal((await rooms.post(noor, `${id}/leave`)).status, 200);
  });

  it("is refused with 401 and 404 before the upgrade (S6.4)", async () => {
    const [id, hidden] = [await rooms.live(mira), await rooms.live(mira, { visibility: "private" })];
    const path = `/api/v1/lives/${id}/ws`;
    const bearer = { authorization: `Bearer ${noor.token}` };
    const here = `http://127.0.0.1:${rooms.port}`;
    const table: readonly (readonly [number, string, Readonly<Record<string, string>>])[] = [
      [401, path, {}],
      [401, path, { origin: here }],
      [401, `${path}?token=wrong`, {}],
      [401, path, { authorization: "Bearer wrong" }],
      [401, `${path}?ticket=${"x".repeat(22)}`, {}],
      [400, `${path}?ticket=${noor.token}`, {}],
      [403, path, { ...bearer, origin: "https://evil.example" }],
      [404, "/api/v1/lives/999999/ws", bearer],
      [404, `/api/v1/lives/${hidden}/ws`, bearer],
      [101, path, bearer],
      [101, `${path}?token=${noor.token}`, {}],
      [101, `/api/v1/lives/${hidden}/ws`, { authorization: `Bearer ${mira.token}` }],
    ];
    for (const [status, at, headers] of table)
      assert.equal(await rooms.statusOf(at, headers), status, `${at} ${JSON.stringify(headers)}`);
    const waiting = await ask.ask("/api/v1/lives", { method: "POST", token: mira.token, body: { title: "Later" } });
    assert.equal((await rooms.post(noor, `${Number(waiting.data["id"])}/join`)).status, 409);
  });

  it("sends chat to everybody, with the server's word for who and when", async () => {
    const id = await rooms.live(mira);
    const [hers, theirs] = [await rooms.enter(mira, id), await rooms.enter(noor, id)];
    theirs.socket.send(
      JSON.stringify({
        type: "chat",
        user_id: mira.id,
        username: "root",
        timestamp: "1970",
        payload: { message: "hi" },
      }),
    );
    for (const client of [hers, theirs]) {
      const { room_id, user_id, username, timestamp, payload } = await client.chat("hi");
      assert.deepEqual([room_id, user_id, username, payload["badge"]], [id, noor.id, noor.name, ""]);
      assert.ok(Math.abs(Date.parse(timestamp) - Date.now()) < 60_000);
    }
    hers.send("chat", { message: "welcome" });
    assert.equal((await theirs.chat("welcome")).payload["badge"], "host");
    await rooms.post(noor, `${id}/messages`, { content: "by REST" });
    await hers.chat("by REST");
    const history = await ask.ask(`/api/v1/lives/${id}/messages`);
    const list = history.data["list"] as { content: string; type: string; user_id: number }[];
    assert.deepEqual(
      list.filter(({ type }) => type === "chat").map(({ content }) => content),
      ["by REST", "welcome", "hi"],
    );
  });

  it("answers what it does not understand with an error, and stays open", async () => {
    const id = await rooms.live(mira);
    const client = await rooms.enter(noor, id);
    const wrong = [
      "[[[",
      "{}",
      "null",
      '{"type":"shout","payload":{}}',
      '{"type":"chat","payload":{"message":7}}',
      JSON.stringify({ type: "chat", payload: { message: " " } }),
      JSON.stringify({ type: "chat", payload: { message: "x".repeat(501) } }),
      '{"type":"gift","payload":{"gift_id":1}}',
      '{"type":"like","payload":{"count":"many"}}',
      '{"type":"ice","payload":{"to":"everybody"}}',
    ];
    for (const text of wrong) client.socket.send(text);
    await until(() => client.frames.filter(({ type }) => type === "error").length === wrong.length);
    client.send("ping");
    await client.type("pong");
    client.send("chat", { message: "😀".repeat(500) });
    await client.chat("😀".repeat(500));
  });

  it("takes any text without failing", async () => {
    const id = await rooms.live(mira);
    const value = fc.oneof(
      fc.string(),
      fc.json(),
      fc
        .record({ type: fc.constantFrom("chat", "ice", "like", "join"), payload: fc.jsonValue() })
        .map((one) => JSON.stringify(one)),
    );
    const client = await rooms.enter(noor, id);
    for (const text of fc.sample(value, 90)) client.socket.send(text);
    client.send("ping");
    await client.type("pong");
  });

  it("relays offers, answers and candidates to whom they are for", async () => {
    const id = await rooms.live(mira);
    const [hers, theirs, third] = [
      await rooms.enter(mira, id),
      await rooms.enter(noor, id),
      await rooms.enter(ines, id),
    ];
    theirs.send("offer", { sdp: "from a viewer" });
    const offer = await hers.type("offer");
    assert.deepEqual([offer.user_id, offer.payload], [noor.id, { sdp: "from a viewer" }]);
    hers.send("answer", { to: noor.id, sdp: "for one" });
    await theirs.type("answer");
    hers.send("ice", { candidate: "for all" });
    await Promise.all([theirs.type("ice"), third.type("ice")]);
    assert.deepEqual(
      third.frames.filter(({ type }) => type === "offer" || type === "answer"),
      [],
    );
  });

  it("says who came and went, and how many watch", async () => {
    const id = await rooms.live(mira);
    const hers = await rooms.enter(mira, id);
    const theirs = await rooms.enter(noor, id);
    const joined = await hers.until(({ type, user_id }) => type === "user_joined" && user_id === noor.id);
    assert.equal(joined.username, noor.name);
    await hers.until(({ type, payload }) => type === "online" && payload["count"] === 2);
    theirs.send("leave");
    assert.equal(await theirs.closed, 1000);
    await hers.until(({ type, user_id }) => type === "user_left" && user_id === noor.id);
    await until(() => hers.frames.findLast(({ type }) => type === "online")?.payload["count"] === 1);
    const { data } = await ask.ask(`/api/v1/lives/${id}`);
    assert.deepEqual([data["online_count"], data["peak_count"], data["view_count"]], [1, 2, 1]);
  });

  it("relays so many bytes of a viewer, over all their sockets, and none of a muted one", async () => {
    const id = await rooms.live(mira);
    const [hers, ...theirs] = [await rooms.enter(mira, id), await rooms.enter(noor, id), await rooms.enter(noor, id)];
    for (const socket of theirs)
      for (let n = 0; n < 5; n++) socket.send("offer", { sdp: "x".repeat(20_000), n: `${n}` });
    await until(() => theirs.every(({ frames }) => frames.filter(({ type }) => type === "error").length > 0));
    theirs[0]?.send("chat", { message: "after" });
    await hers.chat("after");
    const bytes = hers.frames
      .filter(({ type }) => type === "offer")
      .map(({ payload }) => JSON.stringify(payload).length);
    const sum = bytes.reduce((total, length) => total + length, 0);
    assert.ok(bytes.length > 0 && sum <= 64 * 1024 + 20_000, `${sum} bytes`);

    const muted = await rooms.enter(ines, id);
    await rooms.post(mira, `${id}/mutes/${ines.id}`, { minutes: 5 });
    muted.send("offer", { sdp: "from a muted viewer" });
    assert.equal((await muted.type("error")).payload["code"], "live.muted");
    assert.ok(!hers.frames.some(({ type, user_id }) => type === "offer" && user_id === ines.id));
  });

  it("counts a person once: each account, and up to five visitors of one network", async () => {
    const id = await rooms.live(mira);
    const hers = await rooms.enter(mira, id);
    const theirs = [await rooms.enter(noor, id), await rooms.enter(noor, id), await rooms.enter(noor, id)];
    const streams = await Promise.all(
      Array.from({ length: 30 }, () => fetch(`http://127.0.0.1:${rooms.port}/api/v1/lives/${id}/events`)),
    );
    await until(() => hers.frames.findLast(({ type }) => type === "online")?.payload["count"] === 7);
    const { data } = await ask.ask(`/api/v1/lives/${id}`);
    assert.deepEqual([data["online_count"], data["peak_count"]], [7, 7]);
    for (const { body } of streams) await body?.cancel();
    for (const { socket } of theirs) socket.terminate();
    await until(() => hers.frames.findLast(({ type }) => type === "online")?.payload["count"] === 1);
  });

  it("refuses event streams of one network beyond a hundred", async () => {
    const id = await rooms.live(mira);
    const open = () => fetch(`http://127.0.0.1:${rooms.port}/api/v1/lives/${id}/events`);
    const streams = await Promise.all(Array.from({ length: 100 }, open));
    assert.equal((await open()).status, 429);
    await streams[0]?.body?.cancel();
    await until(async () => {
      const again = await open();
      streams.push(again);
      return again.status === 200;
    });
    for (const { body } of streams) await body?.cancel();
  });

  it("sums likes, at most 50 at once of each account however many sockets it has", async () => {
    const id = await rooms.live(mira);
    const hers = await rooms.enter(mira, id);
    const theirs = [await rooms.enter(noor, id), await rooms.enter(noor, id)];
    const startMs = performance.now();
    for (const socket of theirs) for (let n = 0; n < 10; n++) socket.send("like", { count: 1_000 });
    await hers.type("like");
    await until(async () => Number((await ask.ask(`/api/v1/lives/${id}`)).data["like_count"]) >= 50);
    const { data } = await ask.ask(`/api/v1/lives/${id}`);
    const allowed = 50 + (performance.now() - startMs) / 100;
    assert.ok(Number(data["like_count"]) <= allowed, `${String(data["like_count"])} likes`);
  });

  it("sends ended and closes with 1000 when the room ends", async () => {
    const id = await rooms.live(mira);
    const theirs = await rooms.enter(noor, id);
    await rooms.post(mira, `${id}/end`);
    assert.equal(await theirs.closed, 1000);
    assert.equal(theirs.frames.at(-1)?.type, "ended");
    assert.equal((await rooms.post(noor, `${id}/messages`, { content: "late" })).status, 409);
    assert.equal(await rooms.statusOf(`/api/v1/lives/${id}/ws?token=${noor.token}`), 409);
  });

  it("gives one frame a tick to clients that ask for batches, and one a message to others", async () => {
    const id = await rooms.live(mira);
    const [old, own] = [await rooms.enter(noor, id), await rooms.enter(ines, id, "&v=2")];
    const [texts, frames] = [own.texts, own.frames.length];
    await Promise.all(["a", "b", "c"].map((content) => rooms.post(mira, `${id}/messages`, { content })));
    // They may be of several ticks.
    for (const client of [old, own]) await Promise.all(["a", "b", "c"].map((content) => client.chat(content)));
    assert.deepEqual(new Set(own.said), new Set(["a", "b", "c"]));
    assert.deepEqual(old.said, own.said);
    assert.equal(old.texts, old.frames.length);
    assert.ok(own.texts - texts <= own.frames.length - frames);
  });

  it("packs a long frame of a tick, and no frame of a message", async () => {
    const id = await rooms.live(mira);
    const [old, own] = [await rooms.enter(noor, id), await rooms.enter(ines, id, "&v=2")];
    assert.equal(own.packed, 0);
    const content = "ship ahoy ".repeat(50).trim();
    await rooms.post(mira, `${id}/messages`, { content: `${content}!` });
    await rooms.post(mira, `${id}/messages`, { content: "é".repeat(500) });
    for (const client of [old, own]) {
      await client.chat(`${content}!`);
      await client.chat("é".repeat(500));
    }
    assert.ok(own.packed > 0);
    assert.equal(old.packed, 0);
  });

  it("sends what was missed after a number, once and in order, from memory and from the database", async () => {
    const id = await rooms.live(mira);
    const first = await rooms.enter(noor, id);
    await rooms.post(mira, `${id}/messages`, { content: "1" });
    await first.chat("1");
    const last = first.last;
    first.socket.terminate();
    for (const content of ["2", "3"]) await rooms.post(mira, `${id}/messages`, { content });
    const second = await rooms.enter(noor, id, `&last=${last}`);
    await second.chat("3");
    assert.deepEqual(second.said, ["2", "3"]);
    const whole = await rooms.enter(noor, id, "&last=0");
    await whole.chat("3");
    assert.deepEqual(whole.said, ["1", "2", "3"]);
    const beyond = await rooms.enter(noor, id, "&last=99999");
    assert.equal((await beyond.type("gap")).payload["seq"], second.last);
  });

  it("disconnects on frames that are too large, too many, or binary (S6.4)", async () => {
    const id = await rooms.live(mira);
    const codeAfter = async (act: (socket: { send(data: string | Buffer): void }) => void) => {
      const client = await rooms.enter(noor, id);
      act(client.socket);
      return client.closed;
    };
    assert.equal(await codeAfter((socket) => socket.send("x".repeat(64 * 1024 + 1))), 1009);
    assert.equal(await codeAfter((socket) => socket.send(Buffer.of(1, 2))), 1003);
    assert.equal(
      await codeAfter((socket) => {
        for (let n = 0; n < 200; n++) socket.send('{"type":"pong"}');
      }),
      1008,
    );
  });

  it("lets a viewer write five messages at once, then one a second", async () => {
    const id = await rooms.live(mira);
    const theirs = await rooms.enter(ines, id);
    for (let n = 0; n < 12; n++) theirs.send("chat", { message: `flood ${n}` });
    await until(() => theirs.frames.filter(({ type }) => type === "error").length === 7);
    await until(() => theirs.said.length === 5);
    assert.equal(theirs.frames.find(({ type }) => type === "error")?.payload["code"], "live.chat_too_fast");
  });
});

const rooms = new Rooms();
const ask = rooms.platform;
let mira: Account;
let noor: Account;
let ines: Account;
