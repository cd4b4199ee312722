import { readFile } from "node:fs/promises";
import type { Id } from "../src/kernel/index.ts";
import { media } from "../src/services/media/contract.ts";
import { video } from "../src/services/video/contract.ts";
import { makeFilm, secondsOf } from "./art/film.ts";
import { type Clip, filmOf } from "./clips.ts";
import { storeFile } from "./files.ts";
import type { DemoHost } from "./host.ts";

const stepMs = 120_000;

/** Draws a clip; yields the bytes of its file. */
export async function drawClip({ blob }: DemoHost, clip: Clip, ffmpeg: string, signal: AbortSignal): Promise<Buffer> {
  await using folder = await blob.scratch(`demo-${clip.name}`);
  return await readFile(await makeFilm(filmOf(clip), folder.path, ffmpeg, signal));
}

/** Publishes a clip as its author would, by the same commands. */
export async function publishClip(host: DemoHost, clip: Clip, userId: Id, bytes: Uint8Array): Promise<Id> {
  const { client, call } = host;
  const { name, title, description, categoryId, captions = [] } = clip;
  const author = call({ userId, role: "user", waitMs: stepMs, idempotencyKey: `demo.${name}` });
  const fileId = await storeFile(host, { name: `${name}.mp4`, bytes }, author);
  const { id: mediaId } = await client(media).upload({ fileId, purpose: "video" }, author);
  for (const { language, lines } of captions)
    await client(media).addCaptions(
      { id: mediaId, language, text: captionsOf(lines, secondsOf(filmOf(clip))) },
      call({ userId, role: "user" }),
    );
  const { id } = await client(video).create({ title, description, mediaId, categoryId }, author);
  return id;
}

/** WebVTT with the lines in equal parts of the time. Pure. */
function captionsOf(lines: readonly string[], seconds: number): string {
  const at = (place: number): string => new Date((place * seconds * 1_000) / lines.length).toISOString().slice(11, 23);
  return `WEBVTT\n\n${lines.map((line, place) => `${at(place)} --> ${at(place + 0.9)}\n${line}\n`).join("\n")}`;
}
