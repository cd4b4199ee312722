import { type Host, type Id, type Job, job, KinoraError, type Tx } from "#kernel";
import { media } from "#services/media/contract";
import { bytesPath, captionsProfile, coverFile } from "./paths.ts";
import { soundsOf } from "./sounds.ts";

/** A generation of a video that nobody may see under its addresses any more. */
interface Ended {
  readonly videoId: Id;
  readonly generation: number;
  readonly mediaId?: Id | undefined;
  readonly coverMediaId?: Id | null | undefined;
}

const kind = "purge";
const answerBytesMax = 64 * 1_024;
const totalMs = 15_000;

/** Tells a CDN which paths ended: one POST, again until it is taken, and nobody waits for it. */
export function purging({ jobs, outgoing, client, call }: Host, purgeUrl: string | undefined) {
  /** What its files were called. What is gone by now has no names left; the prefix says it all the same. */
  async function pathsOf({ videoId, generation, mediaId, coverMediaId }: Ended, by: Job): Promise<string[]> {
    const place = { scope: "video", id: videoId, generation, token: undefined } as const;
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

  return {
    /** Notes it with the news of the change. */
    async ended<T>(tx: Tx<T>, ended: Ended): Promise<void> {
      if (purgeUrl === undefined) return;
      await jobs.add(tx, kind, { payload: ended, uniqueKey: `${ended.videoId}:${ended.generation}` });
    },

    job: job<Ended>({
      kind,
      concurrency: 2,
      attemptsMax: 10,
      leaseMs: 30_000,
      async run(running) {
        const { videoId, generation } = running.payload;
        if (purgeUrl === undefined) return;
        const place = { scope: "video", id: videoId, generation, token: undefined } as const;
        const body = { prefix: bytesPath(place, ""), paths: await pathsOf(running.payload, running) };
        using answer = await outgoing.ask(purgeUrl, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify(body),
          bytesMax: answerBytesMax,
          totalMs,
          signal: running.signal,
        });
        if (answer.status < 200 || answer.status > 299) throw new Error(`the CDN answered ${answer.status}`);
      },
    }),
  };
}
