import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { type Account, clip, Platform } from "#test/platform/platform";
import { callOf, TestHost } from "#kernel/host/testing";
import { authPlugin } from "#services/auth/plugin";
import { instance } from "../contract.ts";
import { instancePlugin } from "../plugin.ts";

describe("the overview of an instance", () => {
  before(async () => {
    await platform.open();
    [admin, mira] = [await platform.administrator(), await platform.join()];
  });
  after(() => platform[Symbol.asyncDispose]());

  it("counts users, videos, views, viewers, bytes and reports, with what is to see to", async () => {
    const film = { name: "a.mp4", bytes: await clip("one-frame.mp4") };
    const { data: video } = await platform.upload("/api/v1/videos", mira.token, film, { title: "Sea" });
    const { data: deleted } = await platform.upload("/api/v1/videos", mira.token, film, { title: "Gone" });
    await platform.ask(`/api/v1/videos/${Number(deleted["id"])}`, { method: "DELETE", token: mira.token });
    await platform.host.drain();
    const post = async (path: string, body: object, { token }: Account) => {
      const answer = await platform.ask(path, { method: "POST", token, body });
      assert.equal(answer.status, 200, answer.text);
    };
    const play = { position: 0.1, duration: 1, finished: true };
    await post(`/api/v1/videos/${Number(video["id"])}/play`, play, mira);
    await post(`/api/v1/videos/${Number(video["id"])}/play`, play, mira);
    const { data: room } = await platform.ask("/api/v1/lives", {
      method: "POST",
      token: mira.token,
      body: { title: "Harbour" },
    });
    await post(`/api/v1/lives/${Number(room["id"])}/start`, {}, mira);
    await post("/api/v1/reports", { kind: "video", id: Number(video["id"]), reason: "spam" }, admin);
    await platform.host.drain();
    const { status, data, text } = await platform.ask("/api/v1/admin/overview", { token: admin.token });
    assert.equal(status, 200, text);
    const zeros = Array.from({ length: 13 }, () => 0);
    assert.deepEqual(data["users"], { total: 2, series: [...zeros, 2] });
    assert.deepEqual(data["videos"], { total: 1, series: [...zeros, 1] });
    assert.deepEqual(data["views_today"], { total: 1, series: [...zeros, 1] });
    assert.deepEqual(data["watching_now"], { total: 1, series: [] });
    assert.deepEqual(data["live"], { rooms: 1, viewers: 0 });
    const storage = data["storage"] as { used: number; by_kind: Record<string, number>; free: number | null };
    assert.equal(storage.by_kind["video"], film.bytes.length);
    assert.equal(storage.free, null);
    assert.equal(
      storage.used,
      Object.values(storage.by_kind).reduce((sum, bytes) => sum + bytes),
    );
    assert.deepEqual(data["reports"], { open: 1, held: 0, oldest_hours: 0 });
    const { failed } = data["processing"] as { failed: number };
    assert.equal(failed, 0);
    const components = data["components"] as { name: string; version: string }[];
    assert.deepEqual(
      components.map(({ name }) => name),
      ["kinora", "node", "postgresql", "ffmpeg"],
    );
    assert.match(components[2]?.version ?? "", /^\d+/);
    assert.equal(data["backup"], null);
    const codes = (data["advice"] as { code: string }[]).map(({ code }) => code);
    assert.ok(codes.includes("backup.none") && codes.includes("mail.none") && !codes.includes("service.away"), text);
  });

  it("is for administrators alone", async () => {
    assert.equal((await platform.ask("/api/v1/admin/overview", { token: mira.token })).status, 403);
    assert.equal((await platform.ask("/api/v1/admin/overview")).status, 401);
  });

  it("lacks the parts of services that are away, and names them", async () => {
    await using host = new TestHost();
    await host.add(authPlugin);
    await host.add(instancePlugin);
    const { users, videos, storage, advice } = await host.client(instance).overview({}, callOf(1, { role: "admin" }));
    assert.deepEqual([users?.total, videos, storage], [0, null, null]);
    const away = advice.filter(({ code }) => code === "service.away").map(({ values }) => values.name ?? "");
    assert.deepEqual(away.toSorted(), ["interaction", "live", "media", "moderation", "transcoder", "upload", "video"]);
  });
});

const platform = new Platform();
let admin: Account;
let mira: Account;
