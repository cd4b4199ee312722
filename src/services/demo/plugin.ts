import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Host, type Id, job, on, plugin } from "#kernel";
import { systemChildren } from "#media/children";
import { resolveFfmpeg } from "#media/ffmpeg";
import { auth, demoRequested } from "#services/auth/contract";
import { interaction } from "#services/interaction/contract";
import { media } from "#services/media/contract";
import { upload } from "#services/upload/contract";
import { video } from "#services/video/contract";
import { z } from "zod";
import { authors, type Clip, clips } from "./clips.ts";
import { demo } from "./contract.ts";
import { migrations } from "./migrations.ts";
import * as store from "./store.ts";

const Settings = z.object({ ffmpeg: z.string().optional() });
const leaseMs = 60_000;
const stepMs = 120_000;

export const demoPlugin = plugin({
  contract: demo,
  needs: [auth, upload, media, video, interaction],
  migrations,
  settings: Settings,
  start({
    db,
    jobs,
    client,
    call,
    blob,
    random,
    environment,
    settings,
    log,
  }: Host<store.Tables, z.output<typeof Settings>>) {
    /** Publishes one clip as its author would: the same upload, the same checks. */
    async function publish(
      { name, title, description, tags, categoryId, arguments: source }: Clip,
      userId: Id,
      ffmpeg: string,
    ): Promise<Id> {
      const as = call({ userId, role: "user", waitMs: stepMs, idempotencyKey: `demo.${name}` });
      await using folder = await blob.scratch(`demo-${name}`);
      const path = join(folder.path, "clip.mp4");
      const child = await systemChildren.start([ffmpeg, ...source, path], { env: {} });
      child.stdout.resume();
      child.stderr.resume();
      const { code } = await child.ended;
      if (code !== 0) throw new Error(`FFmpeg could not make the demo clip ${name}`);
      const bytes = await readFile(path);
      const { session } = await client(upload).open(
        { door: "form", name: `${name}.mp4`, sizeBytes: bytes.byteLength },
        as,
      );
      const writer = await blob.piece();
      await writer.write(bytes);
      const pieces = await writer.keep();
      await writer.close();
      const file = await client(upload).finish({ id: session.id, pieces: [...pieces] }, as);
      const { id: mediaId } = await client(media).upload({ fileId: file.id, purpose: "video" }, as);
      const made = await client(video).create({ title, description, mediaId, categoryId, tags: [...tags] }, as);
      return made.id;
    }

    return {
      handlers: {},
      subscriptions: [
        on(
          demoRequested,
          async (tx, { requestId }) => void (await jobs.add(tx, "demo", { payload: {}, uniqueKey: String(requestId) })),
        ),
      ],
      jobs: [
        job({
          kind: "demo",
          concurrency: 1,
          attemptsMax: 3,
          leaseMs,
          async run({ progress, signal }) {
            const found = await resolveFfmpeg({ configured: settings.ffmpeg, searchPath: environment.searchPath });
            if (!found) {
              log.warn("demo content needs FFmpeg");
              return;
            }
            const users: Id[] = [];
            for (const author of authors) {
              const password = random(24).toString("base64url");
              const { userId } = await client(auth).ensure({ ...author, password, isDemo: true }, call());
              users.push(userId);
            }
            for (const [index, clip] of clips.entries()) {
              signal.throwIfAborted();
              const known = await store.videoOf(db, clip.name);
              const videoId = known?.videoId ?? (await publish(clip, users[clip.author] ?? 0, found.path));
              await db.tx((tx) => store.note(tx, clip.name, videoId));
              progress(((index + 1) / clips.length) * 90);
            }
            await like(users, signal);
          },
        }),
      ],
    };

    /** Likes from the other two authors, once the clips can be watched; a clip that cannot is left alone. */
    async function like(users: readonly Id[], signal: AbortSignal): Promise<void> {
      for (const [index, { name, author }] of clips.entries()) {
        const known = await store.videoOf(db, name);
        const fans = users.filter((_, i) => i !== author && (i + index) % 3 !== 0);
        for (const userId of known ? fans : [])
          await client(interaction)
            .like({ id: known?.videoId ?? 0 }, call({ userId, role: "user", signal }))
            .catch((error: unknown) => log.debug("a demo like was not taken", { err: error }));
      }
    }
  },
});
