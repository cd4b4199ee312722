import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Host, type Id, job } from "#kernel";
import { systemChildren } from "#media/children";
import { resolveFfmpeg } from "#media/ffmpeg";
import { auth } from "#services/auth/contract";
import { interaction } from "#services/interaction/contract";
import { media } from "#services/media/contract";
import { upload } from "#services/upload/contract";
import { video } from "#services/video/contract";
import { authors, type Clip, clips } from "./clips.ts";
import * as store from "./store.ts";

const leaseMs = 60_000;
const stepMs = 120_000;

type ContentHost = Pick<
  Host<store.Tables, { readonly ffmpeg?: string | undefined }>,
  "db" | "client" | "call" | "blob" | "random" | "environment" | "settings" | "log"
>;

/**
 * The job that makes the demo content: accounts, clips and likes. What an earlier attempt made is not made again. It ends
 * where an administrator removes the demo meanwhile.
 */
export const contentJob = (host: ContentHost) =>
  job({
    kind: "demo",
    concurrency: 1,
    attemptsMax: 3,
    leaseMs,
    async run({ progress, signal }) {
      const { db, client, call, environment, settings, log } = host;
      const ffmpeg = await resolveFfmpeg({ configured: settings.ffmpeg, searchPath: environment.searchPath });
      if (!ffmpeg) {
        log.warn("demo content needs FFmpeg");
        return;
      }
      const userIds = await ensureAuthors(host);
      for (const [index, clip] of clips.entries()) {
        signal.throwIfAborted();
        const userId = userIds[clip.author] ?? 0;
        if (!(await client(auth).account({ userId }, call())).found) {
          log.info("the demo content was removed before it was complete");
          return;
        }
        const existing = await store.videoOf(db, clip.name);
        const videoId = existing?.videoId ?? (await publishClip(host, clip, userId, ffmpeg.path));
        await db.tx((tx) => store.insertVideo(tx, clip.name, videoId));
        progress(((index + 1) / clips.length) * 90);
      }
      await likeClips(host, userIds, signal);
    },
  });

/** The accounts of the authors, made at the first attempt alone: one that was removed since is not made again. */
async function ensureAuthors({ db, client, call, random }: ContentHost): Promise<readonly Id[]> {
  const stored = await store.authors(db);
  if (stored.length > 0)
    return authors.flatMap((author) => stored.find((row) => row.username === author.username)?.userId ?? []);
  const rows: store.Tables["demo.demo_authors"][] = [];
  for (const author of authors) {
    const password = random(24).toString("base64url");
    const { userId } = await client(auth).ensure({ ...author, password, isDemo: true }, call());
    rows.push({ username: author.username, user_id: userId });
  }
  await db.tx((tx) => store.insertAuthors(tx, rows));
  return rows.map((row) => row.user_id);
}

/** Publishes a clip as its author would, by the same commands. */
async function publishClip(
  { client, call, blob }: ContentHost,
  { name, title, description, tags, categoryId, arguments: source }: Clip,
  userId: Id,
  ffmpeg: string,
): Promise<Id> {
  const author = call({ userId, role: "user", waitMs: stepMs, idempotencyKey: `demo.${name}` });
  await using folder = await blob.scratch(`demo-${name}`);
  const path = join(folder.path, "clip.mp4");
  const child = await systemChildren.start([ffmpeg, ...source, path], { env: {} });
  child.stdout.resume();
  child.stderr.resume();
  const { code } = await child.ended;
  if (code !== 0) throw new Error(`FFmpeg could not make the demo clip ${name}`);
  const bytes = await readFile(path);
  const { session } = await client(upload).open(
    { endpoint: "form", name: `${name}.mp4`, sizeBytes: bytes.byteLength },
    author,
  );
  const writer = await blob.piece();
  await writer.write(bytes);
  const pieces = await writer.keep();
  await writer.close();
  const file = await client(upload).finish({ id: session.id, pieces: [...pieces] }, author);
  const { id: mediaId } = await client(media).upload({ fileId: file.id, purpose: "video" }, author);
  const created = await client(video).create({ title, description, mediaId, categoryId, tags: [...tags] }, author);
  return created.id;
}

/** Likes clips from the other authors; a clip that cannot be played yet is left out. */
async function likeClips(
  { db, client, call, log }: ContentHost,
  userIds: readonly Id[],
  signal: AbortSignal,
): Promise<void> {
  for (const [index, { name, author }] of clips.entries()) {
    const clip = await store.videoOf(db, name);
    const fans = userIds.filter((_, i) => i !== author && (i + index) % 3 !== 0);
    for (const userId of clip ? fans : [])
      await client(interaction)
        .like({ id: clip?.videoId ?? 0 }, call({ userId, role: "user", signal }))
        .catch((error: unknown) => log.debug("a demo like was refused", { err: error }));
  }
}
