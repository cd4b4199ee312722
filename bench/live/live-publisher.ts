import { type ChildProcess, spawn } from "node:child_process";
import { until } from "../../test/until.ts";
import type { Client } from "../client.ts";

/** A live room whose stream comes from FFmpeg. */
export interface LiveRoom extends Disposable {
  readonly id: number;
}

interface Publication {
  readonly size: string;
  readonly kbps: number;
  readonly seconds: number;
}

/** Prepares a room, publishes a test picture with a tone to it at the pace of a camera, and starts it. */
export async function publishedRoom(client: Client, publication: Publication): Promise<LiveRoom> {
  const room = await client.ask<{ id: number; push_url: string; stream_key: string }>("/lives", { title: "Watched" });
  const encoder = encode(`${room.push_url}/${room.stream_key}`, publication);
  await startedRoom(client, room.id);
  return { id: room.id, [Symbol.dispose]: () => void encoder.kill("SIGKILL") };
}

/** Starts a room, and waits until viewers have something to play. */
export async function startedRoom(client: Client, id: number): Promise<void> {
  await client.ask(`/lives/${id}/start`, {});
  const playlist = async () => (await fetch(`${client.url}/api/v1/lives/${id}/hls/video.m3u8`)).text();
  await until(async () => (await playlist()).includes("#EXTINF"), { waitMs: 60_000 });
}

function encode(to: string, { size, kbps, seconds }: Publication): ChildProcess {
  const picture = ["-f", "lavfi", "-i", `testsrc2=size=${size}:rate=30`];
  const sound = ["-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000"];
  const video = `-c:v libx264 -preset ultrafast -tune zerolatency -g 60 -b:v ${kbps}k -pix_fmt yuv420p`.split(" ");
  const output = ["-c:a", "aac", "-b:a", "128k", "-t", String(seconds), "-f", "flv", to];
  return spawn("ffmpeg", ["-v", "error", "-re", ...picture, "-re", ...sound, ...video, ...output], {
    stdio: ["ignore", "ignore", "inherit"],
  });
}
