import { type Host, type Id, type Job, job, KinoraError, type Tx } from "#kernel";
import { media } from "#services/media/contract";
import { video } from "#services/video/contract";
import { bytesPath, captionsProfile, coverFile, publicPlace } from "./paths.ts";
import { soundsOf } from "./sounds.ts";

/** A generation of a video that nobody may see under its addresses any more. */
interface Ended {
  readonly videoId: Id;
  readonly generation: number;
  readonly mediaId?: Id | undefined;
  readonly coverMediaId?: Id | null | undefined;
}

/** One file that is gone while the others of its generation stay. */
interface Gone {
  readonly videoId: Id;
  readonly generation: number;
  readonly file: string;
}
interface GoneCaptions {
  readonly mediaId: Id;
  readonly captionsId: Id;
}

const kind = "purge";
const fileKind = "purge-file";
const captionsKind = "purge-captions";
const limits = { concurrency: 2, attemptsMax: 10, leaseMs: 30_000 };
const answerBytesMax = 64 * 1_024;
const totalMs = 15_000;

/** Tells a CDN which paths ended: one POST, again until it is taken, and nobody waits for it. */
export function purging({ jobs, outgoing, client, call }: Host, purgeUrl: string | undefined) {
  /** What its files were called. What is gone by now has no names left; the prefix says it all the same. */
  async function pathsOf({ videoId, generation, mediaId, coverMediaId }: Ended, by: Job): Promise<string[]> {
    const place = publicPlace(videoId, generation);
    const found =
      mediaId === undefined
        ? undefined
        : await client(media)
            .playable({ id: mediaId, evenHidden: true }, call({ traceId: by.traceId, signal: by.signal }))
            .catch((error: unknown) => {
              if (error instanceof KinoraError && error.kind === "not_found") return undefined;
              throw error;
            });
    const files = found
      ? [
          ...found.renditions.map(({ profile }) => `${profile}.mp4`),
          ...soundsOf(found).map(({ profile }) => `${profile}.mp4`),
          ...(found.cover ? ["cover.jpg"] : []),
          ...found.extras.files.map(({ name }) => name),
          ...found.captions.map(({ id }) => `${captionsProfile(id)}.vtt`),
        ]
      : [];
    return [...files, ...(coverMediaId ? [coverFile(coverMediaId)] : [])].map((file) => bytesPath(place, file));
  }

  /** @throws what makes another try worth it */
  async function tell(url: string, body: object, signal: AbortSignal): Promise<void> {
    using answer = await outgoing.ask(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
      bytesMax: answerBytesMax,
      totalMs,
      signal,
    });
    if (answer.status < 200 || answer.status > 299) throw new Error(`the CDN answered ${answer.status}`);
  }

  async function gone<T>(tx: Tx<T>, one: Gone): Promise<void> {
    if (purgeUrl === undefined) return;
    await jobs.add(tx, fileKind, { payload: one, uniqueKey: `${one.videoId}:${one.generation}:${one.file}` });
  }

  return {
    /** Notes it with the news of the change. */
    async ended<T>(tx: Tx<T>, ended: Ended): Promise<void> {
      if (purgeUrl === undefined) return;
      await jobs.add(tx, kind, { payload: ended, uniqueKey: `${ended.videoId}:${ended.generation}` });
    },

    gone,

    async captionsGone<T>(tx: Tx<T>, captions: GoneCaptions): Promise<void> {
      if (purgeUrl === undefined) return;
      await jobs.add(tx, captionsKind, { payload: captions, uniqueKey: String(captions.captionsId) });
    },

    jobs: [
      job<Ended>({
        ...limits,
        kind,
        async run(running) {
          const { videoId, generation } = running.payload;
          if (purgeUrl === undefined) return;
          const place = publicPlace(videoId, generation);
          const body = { prefix: bytesPath(place, ""), paths: await pathsOf(running.payload, running) };
          await tell(purgeUrl, body, running.signal);
        },
      }),
      job<Gone>({
        ...limits,
        kind: fileKind,
        async run({ payload: { videoId, generation, file }, signal }) {
          if (purgeUrl === undefined) return;
          const place = publicPlace(videoId, generation);
          await tell(purgeUrl, { paths: [bytesPath(place, file)] }, signal);
        },
      }),
      job<GoneCaptions>({
        ...limits,
        kind: captionsKind,
        async run(running) {
          const { payload, traceId, signal } = running;
          const { items } = await client(video).publicOf({ mediaId: payload.mediaId }, call({ traceId, signal }));
          const file = `${captionsProfile(payload.captionsId)}.vtt`;
          await running.finish(async (tx) => {
            for (const { id, generation } of items) await gone(tx, { videoId: id, generation, file });
          });
        },
      }),
    ],
  };
}
