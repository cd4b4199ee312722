import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { accountAlerted } from "#events/auth";
import { commentCreated, videoLiked } from "#events/interaction";
import { callOf } from "#kernel/host/testing";
import { createSealing } from "#kernel/keys/sealing";
import { until } from "#test/until";
import { sql } from "kysely";
import webpush from "web-push";
import type { Tables } from "../store.ts";
import { owner, Stand } from "../testing.ts";
import * as pushStore from "./push-store.ts";
import { claimsOf, PushDevice, PushService } from "./testing.ts";

describe("push messages", () => {
  before(async () => {
    await stand.start();
    service = await PushService.start();
  });
  beforeEach(async () => {
    await stand.clear();
    service.got.length = 0;
    service.status = 201;
    phone = new PushDevice(service, "phone");
    await client.subscribe(phone.subscription, session(1, "phone"));
  });
  after(async () => {
    await service[Symbol.asyncDispose]();
    await stand.host[Symbol.asyncDispose]();
  });

  it("report to each device of a user what happened, encrypted for it and signed by this instance", async () => {
    const laptop = new PushDevice(service, "laptop");
    await client.subscribe(laptop.subscription, session(1, "laptop"));
    await comment(3, 1, "nice");
    assert.deepEqual(service.got.map(({ device }) => device).toSorted(), ["/laptop", "/phone"]);
    for (const { device, headers, body } of service.got) {
      const [mine, other] = device === "/phone" ? [phone, laptop] : [laptop, phone];
      const { tag, ...message } = mine.open(body) as { tag: string };
      assert.deepEqual(message, { title: "User 3 commented on your video", body: "nice", path: "/watch/7?comment=30" });
      assert.match(tag, /^notification-\d+$/);
      assert.throws(() => other.open(body), "it is for one device alone");
      assert.equal(headers["content-encoding"], "aes128gcm");
      assert.ok(Number(headers["ttl"]) > 0);
      const { publicKey } = await client.pushKey({}, callOf(1));
      const { aud, exp } = claimsOf(headers, publicKey);
      assert.equal(aud, service.url);
      assert.ok(Number(exp) * 1_000 > Date.now());
    }
  });

  it("are in the language of their reader", async () => {
    const other = new PushDevice(service, "other");
    await client.subscribe(other.subscription, session(2, "other"));
    await comment(3, 2, "好");
    assert.equal((opened(other)[0] as { title: string }).title, "User 3评论了你的视频");
  });

  it("lead to a live room that starts, unless they are switched off", async () => {
    stand.follows.add(`1:${owner}`);
    await stand.startRoom(70);
    const [{ tag: _, ...message } = { tag: "" }] = opened(phone) as { tag: string }[];
    assert.deepEqual(message, { title: "User 1000 is live: “Sea”", body: "", path: "/live/70" });
    await client.setSettings({ push: { live: false } }, callOf(1));
    await stand.startRoom(71);
    assert.equal(service.got.length, 1);
  });

  it("come of an alert, and lead to the sessions", async () => {
    const alert = { alertId: 60, kind: "new_device", agent: "Phone 1", name: "", atMs: 1 };
    await stand.publishEvent(accountAlerted, 1, { userId: 1, ...alert });
    const [{ tag: _, ...message } = { tag: "" }] = opened(phone) as { tag: string }[];
    assert.deepEqual(message, { title: "New sign-in to your account", body: "", path: "/settings/security" });
  });

  it("come once for a crowd that likes a video, and again when the first were read", async () => {
    for (const by of [3, 4, 5]) await like(by, 1);
    assert.equal(service.got.length, 1);
    await client.readAll({}, callOf(1));
    await like(6, 1);
    assert.equal(service.got.length, 2);
    for (const by of [3, 4]) await comment(by, 1, "each comment is news", 30 + by);
    assert.equal(service.got.length, 4);
  });

  it("come for private messages of accepted conversations, not for requests of strangers", async () => {
    await stand.say(9, 1, "hello, stranger");
    await stand.host.drain();
    assert.equal(service.got.length, 0);
    stand.follows.add("1:8");
    await stand.say(8, 1, "see you at eight");
    await stand.host.drain();
    const [message] = opened(phone) as { title: string; body: string; path: string }[];
    assert.deepEqual([message?.title, message?.body], ["User 8 sent you a message", "see you at eight"]);
    assert.match(message?.path ?? "", /^\/inbox\/\d+$/);
  });

  it("are not sent of kinds that are switched off, nor of what was read before they were sent", async () => {
    await client.setSettings({ push: { like: false, message: false } }, callOf(1));
    await like(3, 1);
    stand.follows.add("1:8");
    await stand.say(8, 1);
    await stand.host.drain();
    assert.equal(service.got.length, 0);
    await client.setSettings({ push: { like: true } }, callOf(1));
  });

  it("end with the session of their device, and when the push service forgot the device", async () => {
    stand.ended.add("phone");
    await like(3, 1);
    assert.equal(service.got.length, 0);
    assert.equal(await devices(), 0);
    await client.subscribe(phone.subscription, session(1, "phone again"));
    service.status = 410;
    await like(4, 1);
    await comment(4, 1, "x");
    assert.equal(service.got.length, 1, "what is gone is not asked again");
    assert.equal(await devices(), 0);
  });

  it("end when the user says so, on this device alone; nobody ends those of another", async () => {
    await client.unsubscribe({ endpoint: phone.endpoint }, session(2, "x"));
    assert.equal(await devices(), 1);
    await client.unsubscribe({ endpoint: phone.endpoint }, session(1, "phone"));
    await comment(3, 1, "x");
    assert.equal(service.got.length, 0);
  });

  it("are sent again while the push service is out of order", async () => {
    service.status = 500;
    await comment(3, 1, "x");
    assert.ok(service.got.length >= 1);
    service.got.length = 0;
    service.status = 201;
    await until(() => service.got.length === 1);
    assert.equal(await devices(), 1);
  });

  it("go to twenty devices at most, each with an address and keys that are some", async () => {
    for (let n = 2; n <= 20; n++) await client.subscribe(new PushDevice(service, `${n}`).subscription, session(1, "x"));
    await assert.rejects(client.subscribe(new PushDevice(service, "21").subscription, session(1, "x")), {
      code: "message.too_many_subscriptions",
    });
    // One of them may always be renewed.
    await client.subscribe(phone.subscription, session(1, "phone"));
    const { keys } = phone.subscription;
    for (const subscription of [
      { endpoint: "ftp://push.example/1", keys },
      { endpoint: "https://push.example/1", keys: { ...keys, auth: "short" } },
    ])
      await assert.rejects(client.subscribe(subscription, session(1, "x")), { http: 400 });
  });

  it("ask no address inside this network (S5.1)", async () => {
    await using guarded = new Stand({ isGuarded: true });
    await guarded.start();
    await guarded.clear();
    const { keys } = phone.subscription;
    for (const endpoint of [
      phone.endpoint,
      "http://push.example/1",
      "https://127.0.0.1/1",
      "https://[::1]/1",
      "https://10.0.0.1/1",
      "https://push.localhost/1",
      "https://user:word@push.example/1",
    ])
      await assert.rejects(
        guarded.client.subscribe({ endpoint, keys }, session(1, "phone")),
        { code: "outgoing.refused", http: 400 },
        endpoint,
      );
    assert.equal(await devices(guarded), 0);
    // A name may have such an address later: the device is looked at again when it is asked.
    await guarded.client.subscribe({ endpoint: "https://push.example/1", keys }, session(1, "phone"));
    await guarded.db.updateTable("message.push_subscriptions").set({ endpoint: phone.endpoint }).execute();
    await guarded.publishEvent(videoLiked, 7, { videoId: 7, userId: 3, authorId: 1, atMs: 1 });
    assert.equal(service.got.length, 0);
    assert.equal(await devices(guarded), 0, "an address that may not be asked is nobody's device");
  });

  it("use a key pair that is sealed in the database, and a new one where the cluster secret no longer opens it", async () => {
    const database = stand.host.database<Tables>("message");
    await sql`DELETE FROM push_keys`.execute(database);
    const keysOf = (secret: string) =>
      database.tx((tx) => pushStore.keys(tx, createSealing([secret]), () => webpush.generateVAPIDKeys()));
    const pair = await keysOf("a cluster secret");
    assert.deepEqual(await keysOf("a cluster secret"), pair);
    const { rows } = await sql<{ row: string }>`SELECT push_keys::text AS row FROM push_keys`.execute(database);
    assert.ok(rows[0]?.row.includes(pair.publicKey) && !rows[0].row.includes(pair.privateKey));
    const newPair = await keysOf("another cluster secret");
    assert.notEqual(newPair.publicKey, pair.publicKey);
    assert.deepEqual(await keysOf("another cluster secret"), newPair);
  });

  it("use one key pair, also when the first requests are simultaneous", async () => {
    const keys = await Promise.all(Array.from({ length: 5 }, () => client.pushKey({}, callOf(1))));
    assert.equal(new Set(keys.map(({ publicKey }) => publicKey)).size, 1);
    assert.equal(Buffer.from(keys[0]?.publicKey ?? "", "base64url").byteLength, 65);
  });
});

const stand = new Stand();
const { client } = stand;
let service: PushService;
let phone: PushDevice;

const session = (userId: number, sessionId: string) => ({ ...callOf(userId), sessionId });
const opened = (device: PushDevice) =>
  service.got.filter(({ device: name }) => device.endpoint.endsWith(name)).map(({ body }) => device.open(body));
const devices = async (of = stand) =>
  (await of.db.selectFrom("message.push_subscriptions").selectAll().where("user_id", "=", 1).execute()).length;
const like = (by: number, authorId: number) =>
  stand.publishEvent(videoLiked, 7, { videoId: 7, userId: by, authorId, atMs: 1 });
const comment = (userId: number, authorId: number, content: string, commentId = 30) =>
  stand.publishEvent(commentCreated, 7, {
    commentId,
    videoId: 7,
    userId,
    authorId,
    parentId: null,
    rootId: null,
    replyToUserId: null,
    mentions: [],
    content,
    atMs: 1,
  });
