import { setTimeout } from "node:timers/promises";
import type { Id } from "../src/kernel/index.ts";
import type { Job } from "../src/kernel/jobs/port.ts";
import { resolveFfmpeg } from "../src/media/process/ffmpeg.ts";
import { auth } from "../src/services/auth/contract.ts";
import * as store from "../src/services/demo/store.ts";
import { video } from "../src/services/video/contract.ts";
import { type Accounts, ensureAccounts, fillProfiles } from "./accounts.ts";
import { addAudience } from "./audience.ts";
import { madeAhead } from "./ahead.ts";
import { type Clip, clips } from "./clips.ts";
import type { DemoHost } from "./host.ts";
import { drawClip, publishClip } from "./publication.ts";
import { addFollows, addMessages, addPlaylists } from "./society.ts";

const lookAgainMs = 1_000;
/** Longer than a busy machine takes to make a clip playable. */
const patienceMs = 600_000;

/**
 * Adds the demo content: accounts, clips and the activity of viewers. The results of an earlier attempt are not made
 * again. It ends early if an administrator removes the demo.
 */
export async function addContent(
  host: DemoHost,
  { progress, signal }: Pick<Job, "progress" | "signal">,
): Promise<void> {
  const { db, environment, settings, log } = host;
  const ffmpeg = await resolveFfmpeg({ configured: settings.ffmpeg, searchPath: environment.searchPath });
  if (!ffmpeg) {
    log.warn("demo content needs FFmpeg");
    return;
  }
  const accounts = await ensureAccounts(host);
  const isThere = createPresence(host, accounts);
  const once = async (step: string, work: () => Promise<void>): Promise<void> => {
    signal.throwIfAborted();
    if ((await store.isDone(db, step)) || !(await isThere())) return;
    await work();
    await db.tx((tx) => store.setDone(tx, step));
  };
  await once("profiles", () => fillProfiles(host, accounts, signal));
  await once("follows", () => addFollows(host, accounts));
  const chosen = clips.slice(0, settings.clips);
  const made = new Set((await store.videos(db)).map(({ name }) => name));
  const missing = chosen.filter(({ name }) => !made.has(name));
  const draw = (clip: Clip, stop: AbortSignal) => drawClip(host, clip, ffmpeg.path, stop);
  for await (const { item: clip, made: bytes } of madeAhead(missing, draw, signal)) {
    signal.throwIfAborted();
    if (!(await isThere())) {
      log.info("the demo content was removed before it was complete");
      return;
    }
    const videoId = await publishClip(host, clip, accounts.get(clip.author) ?? 0, bytes);
    await db.tx((tx) => store.insertVideo(tx, clip.name, videoId));
    await addAudiences(host, accounts);
    progress(((chosen.indexOf(clip) + 1) / chosen.length) * 90);
  }
  const deadline = performance.now() + patienceMs;
  while ((await addAudiences(host, accounts)) > 0 && performance.now() < deadline && (await isThere()))
    await setTimeout(lookAgainMs, undefined, { signal });
  const videoIds = new Map((await store.videos(db)).map(({ name, videoId }): [string, Id] => [name, videoId]));
  await once("playlists", () => addPlaylists(host, accounts, videoIds));
  await once("messages", () => addMessages(host, accounts));
}

/** True while the demo is there: its first account is removed with all others. */
const createPresence =
  ({ client, call }: DemoHost, accounts: Accounts) =>
  async (): Promise<boolean> => {
    const [userId = 0] = accounts.values();
    return (await client(auth).account({ userId }, call())).found;
  };

/** Gives the clips that can be played meanwhile their viewers; yields how many still wait. */
async function addAudiences(host: DemoHost, accounts: Accounts): Promise<number> {
  const { db, client, call } = host;
  const waiting = (await store.videos(db)).filter(({ hasAudience }) => !hasAudience);
  if (waiting.length === 0) return 0;
  const { items } = await client(video).visible({ ids: waiting.map(({ videoId }) => videoId) }, call());
  const playable = new Set(items.map(({ id }) => id));
  let unfinished = 0;
  for (const { name, videoId } of waiting) {
    const clip = clips.find((candidate) => candidate.name === name);
    if (!clip || !playable.has(videoId)) {
      unfinished += clip ? 1 : 0;
      continue;
    }
    await addAudience(host, clip, videoId, accounts);
    await db.tx((tx) => store.setAudience(tx, name));
  }
  return unfinished;
}
