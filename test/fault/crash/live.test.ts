import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import { after, before, describe, it } from "node:test";
import type { Instance } from "../../instance/instance.ts";
import { publish as encoder } from "../../encoder.ts";
import { freePorts } from "../../ports.ts";
import { startOnTemplate } from "../../instance/template.ts";
import { until } from "../../until.ts";
import { unlimited } from "../../instance/folders.ts";
import { Person } from "../../users/person.ts";

describe("D9: a live stream whose server is killed", { timeout: 300_000 }, () => {
  before(async () => {
    [port = 0] = await freePorts(1);
    instance = await startOnTemplate({ env: unlimited, flags: ["--rtmp-port", String(port)] });
    host = new Person(instance.url);
    await host.signUp();
  });
  after(async () => {
    for (const child of children) child.kill("SIGKILL");
    await instance[Symbol.asyncDispose]();
  });

  it("goes on under the same address when its publisher comes back, and its recording has every whole segment", async () => {
    const room = await liveRoom();
    publish(room.key);
    const before = await segmentsFrom(room.id, 3);
    await host.ask("POST", `/lives/${room.id}/messages`, { body: { content: "said before the kill" } });
    await instance.kill();
    await instance.restart();
    host.hangUp();
    publish(room.key);
    const later = await segmentsFrom(room.id, 2);
    assert.ok(Math.min(...later) > Math.max(...before), `${String(later)} after ${String(before)}`);
    const [, discontinuity] = /(#EXT-X-DISCONTINUITY\n)/.exec(await playlist(room.id)) ?? [];
    assert.ok(discontinuity, "the first segment does not follow from those before");
    for (const child of children.splice(0)) child.kill("SIGKILL");
    await host.ask("POST", `/lives/${room.id}/end`);
    const video = await recordingOf(room.id);
    // The segments that viewers saw complete are in it, of both halves.
    const index = await (
      await fetch(`${instance.url}/api/v1/streaming/${Number(video["id"])}/recorded/index.m3u8`)
    ).text();
    const recorded = index.match(/#EXTINF/g)?.length ?? 0;
    assert.ok(recorded >= before.length - 1 + later.length, `${recorded} of ${before.length} and ${later.length}`);
    assert.equal(index.match(/#EXT-X-DISCONTINUITY\n/g)?.length, 1);
    // Messages that the chat acknowledged fly over the picture at the moment they were written.
    const [message] = await until(async () => {
      const { data } = await host.ask("GET", `/videos/${Number(video["id"])}/danmaku?bucket=0`);
      const list = data["list"] as { content: string; position: number }[];
      return list.length > 0 ? list : undefined;
    });
    assert.equal(message?.content, "said before the kill");
    assert.ok(message.position > 1 && message.position < Number(video["duration"]));
  });

  it("ends with a video of what was stored, where its publisher does not come back", async () => {
    const room = await liveRoom();
    publish(room.key);
    await segmentsFrom(room.id, 2);
    await instance.kill();
    for (const child of children.splice(0)) child.kill("SIGKILL");
    await instance.restart({ KINORA_LIVE_GRACE: "5s" });
    host.hangUp();
    await until(async () => (await host.ask("GET", `/lives/${room.id}`)).data["status"] === "ended");
    assert.ok(Number((await recordingOf(room.id))["duration"]) >= 1);
  });

  it("loses no clip that was begun: a repeat is the same one, and the recording of a room that ends waits for it", async () => {
    const room = await liveRoom();
    const clip = `/lives/${room.id}/clips`;
    await restart(dying);
    publish(room.key);
    await segmentsFrom(room.id, 7);
    const key = "the goal";
    await assert.rejects(host.ask("POST", clip, { body: { seconds: 5 }, key }));
    await restart();
    for (const child of children.splice(0)) child.kill("SIGKILL");
    const { data: made } = await host.ask("POST", clip, { body: { seconds: 5 }, key });
    assert.ok(Number(made["duration"]) >= 4.9, `${Number(made["duration"])} s`);

    await restart(dying);
    await assert.rejects(host.ask("POST", clip, { body: { seconds: 6 } }));
    await restart();
    await host.ask("POST", `/lives/${room.id}/end`);
    assert.ok(Number((await recordingOf(room.id))["duration"]) >= 7);
    const { data } = await host.ask("GET", clip);
    const list = data["list"] as { id: number; duration: number }[]; // As the API describes it.
    assert.deepEqual([list.length, list[1]?.id], [2, made["id"]]);
    assert.ok((list[0]?.duration ?? 0) >= 5.9);
  });
});

let instance: Instance;
/** The process dies when the bytes of a file are stored, and no record says so. */
const dying = { KINORA_FAILPOINT: "upload.assembled:crash" };

/** The next life of the server; the room waits for its publisher meanwhile. */
async function restart(env: Readonly<Record<string, string>> = {}): Promise<void> {
  await instance.kill();
  await instance.restart({ KINORA_LIVE_GRACE: "900s", ...env });
  host.hangUp();
}
let host: Person;
let port = 0;
const children: ChildProcess[] = [];

async function liveRoom(): Promise<{ id: string; key: string }> {
  const { data } = await host.ask("POST", "/lives", { body: { title: "Harbour" } });
  const id = String(data["id"]);
  await host.ask("POST", `/lives/${id}/start`);
  return { id, key: String(data["stream_key"]) };
}

const publish = (key: string): void => void children.push(encoder(`rtmp://127.0.0.1:${port}/live/${key}`));

const playlist = async (id: string): Promise<string> => {
  const response = await fetch(`${instance.url}/api/v1/lives/${id}/hls/video.m3u8`);
  return response.ok ? response.text() : "";
};

/** The numbers of the whole segments that viewers see, once there are so many. */
const segmentsFrom = (id: string, count: number): Promise<number[]> =>
  until(async () => {
    const numbers = Array.from((await playlist(id)).matchAll(/^video-(\d+)\.m4s$/gm), ([, number]) => Number(number));
    return numbers.length >= count ? numbers : undefined;
  });

async function recordingOf(id: string): Promise<Readonly<Record<string, unknown>>> {
  const videoId = await until(async () => (await host.ask("GET", `/lives/${id}`)).data["video_id"] ?? undefined);
  return (await host.ask("GET", `/videos/${Number(videoId)}`)).data;
}
