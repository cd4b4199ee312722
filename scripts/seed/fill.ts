import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { resolveFfmpeg } from "../../src/media/process/ffmpeg.ts";
import { makeFilm } from "../../demo/art/film.ts";
import { clips, filmOf } from "../../demo/clips.ts";
import { password, Visitor } from "./client.ts";
import type { Plan } from "./plan.ts";
import type { Server } from "./server.ts";

interface Wishes {
  readonly isForced: boolean;
  readonly ffmpeg: string | undefined;
  readonly say: (line: string) => void;
}

const lanes = 8;
const playableMsMax = 600_000;
/** The state of a video that everybody sees. */
const published = 1;

/** Carries out a plan; false where the server has videos already. */
export async function fill(server: Server, plan: Plan, { isForced, ffmpeg, say }: Wishes): Promise<boolean> {
  let isLimited = false;
  const limited = {
    warn: (): void => {
      if (!isLimited) say("the server limits requests: start it with KINORA_RATE_LIMIT=off and this takes a fraction");
      isLimited = true;
    },
  };
  const began = performance.now();
  const guest = new Visitor(server.url, limited);
  const feed = await guest.ask("GET", "/recommend/feed?limit=1");
  if ((feed["list"] as unknown[]).length > 0 && !isForced) {
    // The contract says so.
    say("there are videos already: choose another folder with --data, or add to them with --force");
    return false;
  }
  if (server.firstRunToken !== undefined)
    await guest.ask("POST", "/instance/first-run", { token: server.firstRunToken, username: "admin", password });
  const visitors = plan.accounts.map(() => new Visitor(server.url, limited));
  await each(plan.accounts, async ({ username, nickname, bio }, place) => {
    const visitor = of(visitors, place);
    await visitor.enter(username, nickname);
    if (bio !== "") await visitor.ask("PUT", `/users/${visitor.userId}`, { bio });
  });
  say(`${visitors.length} accounts`);
  const videoIds = await publish(plan, visitors, ffmpeg);
  for (const [place, id] of videoIds.entries()) {
    const author = of(visitors, plan.videos[place]?.author ?? 0);
    const isPlayable = async () => (await author.ask("GET", `/videos/${id}`))["status"] === published;
    await until(isPlayable, `video ${id} cannot be played`);
  }
  say(`${videoIds.length} videos`);
  await each(plan.accounts, async ({ follows, likes }, place) => {
    const visitor = of(visitors, place);
    for (const other of follows) await visitor.ask("POST", `/users/${of(visitors, other).userId}/follow`);
    for (const video of likes) await visitor.ask("POST", `/videos/${of(videoIds, video)}/like`);
  });
  const sum = (key: "follows" | "likes") => plan.accounts.reduce((total, account) => total + account[key].length, 0);
  say(`${sum("follows")} follows, ${sum("likes")} likes`);
  await talk(plan, visitors, videoIds);
  say(`${plan.comments.length} comments, ${plan.danmaku.length} timed comments`);
  say(`done in ${Math.round((performance.now() - began) / 1_000)} s; everybody's password is ${password}`);
  const names = plan.accounts.slice(0, 5).map(({ username }) => username);
  say(`sign in as ${names.join(", ")}${server.firstRunToken === undefined ? "" : ", or as the administrator admin"}`);
  return true;
}

async function publish(plan: Plan, visitors: readonly Visitor[], configured: string | undefined): Promise<number[]> {
  const ffmpeg = await resolveFfmpeg({ configured, searchPath: process.env["PATH"] ?? "" });
  if (!ffmpeg) throw new Error("there is no FFmpeg 5.1 or newer to make clips with: npm run doctor says more");
  const folder = await mkdtemp(join(tmpdir(), "kinora-seed-"));
  try {
    const needed = [...new Set(plan.videos.map(({ clip }) => clip))];
    const files = new Map<number, Buffer>();
    for (const place of needed) {
      const clip = of(clips, place);
      const path = await makeFilm(filmOf(clip), folder, ffmpeg.path, new AbortController().signal);
      files.set(place, await readFile(path));
    }
    const ids: number[] = [];
    // One after the other: the last one is the newest, as the plan says.
    for (const { author, clip, title, description, categoryId } of plan.videos) {
      const form = new FormData();
      for (const [name, value] of Object.entries({ title, description, category_id: categoryId }))
        form.set(name, String(value));
      form.set("file", new Blob([new Uint8Array(files.get(clip) ?? [])], { type: "video/mp4" }), "clip.mp4");
      ids.push(Number((await of(visitors, author).ask("POST", "/videos", form))["id"]));
    }
    return ids;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Comments of one video come in the order of the plan, as answers need what they answer. */
async function talk(plan: Plan, visitors: readonly Visitor[], videoIds: readonly number[]): Promise<void> {
  await each(videoIds, async (id, video) => {
    let latest: number | undefined;
    for (const { author, content, isReply } of plan.comments.filter((comment) => comment.video === video)) {
      const parent = isReply && latest !== undefined ? { parent_id: latest } : {};
      const comment = await of(visitors, author).ask("POST", `/videos/${id}/comments`, { content, ...parent });
      if (!isReply) latest = Number(comment["id"]);
    }
    for (const { author, position, content } of plan.danmaku.filter((entry) => entry.video === video))
      await of(visitors, author).ask("POST", `/videos/${id}/danmaku`, { position, content });
  });
}

/** Does this for each item, several at a time. */
async function each<T>(items: readonly T[], work: (item: T, place: number) => Promise<void>): Promise<void> {
  const waiting = [...items.entries()];
  const lane = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await work(next[1], next[0]);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}

function of<T>(list: readonly T[], place: number): T {
  const item = list[place];
  if (item === undefined) throw new RangeError(`the plan names place ${place} of ${list.length}`);
  return item;
}

async function until(isSo: () => Promise<boolean>, otherwise: string): Promise<void> {
  for (const deadline = performance.now() + playableMsMax; !(await isSo()); ) {
    if (performance.now() > deadline) throw new Error(`${otherwise} after ${playableMsMax / 60_000} minutes`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}
