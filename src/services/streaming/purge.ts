import { type Host, type Id, type Job, job, KinoraError, type Tx, type JobKind } from "#kernel";
import { media } from "#services/media/contract";
import { video } from "#services/video/contract";
import { allRenditions } from "./renditions.ts";
import { bytesPath, captionsProfile, coverFile, publicPlace } from "./paths.ts";
import { soundsOf } from "./sounds.ts";

/** A generation of a video whose addresses are no longer valid. */
interface Generation {
  readonly videoId: Id;
  readonly generation: number;
  readonly mediaId?: Id | undefined;
  readonly coverMediaId?: Id | null | undefined;
}

/** One file that was removed while the others of its generation stay. */
interface RemovedFile {
  readonly videoId: Id;
  readonly generation: number;
  readonly file: string;
}
interface RemovedCaptions {
  readonly mediaId: Id;
  readonly captionsId: Id;
}

const generationKind = "purge";
const fileKind = "purge-file";
const captionsKind = "purge-captions";
const limits = { concurrency: 2, attemptsMax: 10, leaseMs: 30_000 };
const answerBytesMax = 64 * 1_024;
const totalMs = 15_000;

type PurgeHost = Pick<Host, "jobs" | "outgoing" | "client" | "call">;

/** Purges a CDN: one POST for each change, retried until it succeeds, in the background. */
export interface CdnPurge {
  /** Adds the job in the transaction that consumes the event of the change. */
  readonly generation: <T>(tx: Tx<T>, ended: Generation) => Promise<void>;
  readonly file: <T>(tx: Tx<T>, removed: RemovedFile) => Promise<void>;
  readonly captions: <T>(tx: Tx<T>, captions: RemovedCaptions) => Promise<void>;
  readonly jobs: JobKind[];
}

export function createCdnPurge(host: PurgeHost, purgeUrl: string | undefined): CdnPurge {
  const { jobs } = host;

  async function file<T>(tx: Tx<T>, removed: RemovedFile): Promise<void> {
    if (purgeUrl === undefined) return;
    const { videoId, generation, file: name } = removed;
    await jobs.add(tx, fileKind, { payload: removed, uniqueKey: `${videoId}:${generation}:${name}` });
  }

  return {
    async generation<T>(tx: Tx<T>, ended: Generation): Promise<void> {
      if (purgeUrl === undefined) return;
      await jobs.add(tx, generationKind, { payload: ended, uniqueKey: `${ended.videoId}:${ended.generation}` });
    },

    file,

    async captions<T>(tx: Tx<T>, captions: RemovedCaptions): Promise<void> {
      if (purgeUrl === undefined) return;
      await jobs.add(tx, captionsKind, { payload: captions, uniqueKey: String(captions.captionsId) });
    },

    jobs: purgeJobs(host, purgeUrl, file),
  };
}

const purgeJobs = (
  host: PurgeHost,
  purgeUrl: string | undefined,
  purgeFile: (tx: Tx<unknown>, removed: RemovedFile) => Promise<void>,
) => [
  job<Generation>({
    ...limits,
    kind: generationKind,
    async run(running) {
      const { videoId, generation } = running.payload;
      if (purgeUrl === undefined) return;
      const place = publicPlace(videoId, generation);
      const body = { prefix: bytesPath(place, ""), paths: await pathsOf(host, running.payload, running) };
      await post(host, purgeUrl, body, running.signal);
    },
  }),
  job<RemovedFile>({
    ...limits,
    kind: fileKind,
    async run({ payload: { videoId, generation, file }, signal }) {
      if (purgeUrl === undefined) return;
      const place = publicPlace(videoId, generation);
      await post(host, purgeUrl, { paths: [bytesPath(place, file)] }, signal);
    },
  }),
  job<RemovedCaptions>({
    ...limits,
    kind: captionsKind,
    async run(running) {
      const { payload, traceId, signal } = running;
      const { client, call } = host;
      const { items } = await client(video).publicOf({ mediaId: payload.mediaId }, call({ traceId, signal }));
      const file = `${captionsProfile(payload.captionsId)}.vtt`;
      await running.finish(async (tx) => {
        for (const { id, generation } of items) await purgeFile(tx, { videoId: id, generation, file });
      });
    },
  }),
];

/** The paths of a generation. Files that are removed by now have no names left; the prefix covers them. */
async function pathsOf(
  { client, call }: PurgeHost,
  { videoId, generation, mediaId, coverMediaId }: Generation,
  { traceId, signal }: Job,
): Promise<string[]> {
  const place = publicPlace(videoId, generation);
  const playable =
    mediaId === undefined
      ? undefined
      : await client(media)
          .playable({ id: mediaId, evenHidden: true }, call({ traceId, signal }))
          .catch((error: unknown) => {
            if (error instanceof KinoraError && error.kind === "not_found") return undefined;
            throw error;
          });
  const names = playable
    ? [
        ...allRenditions(playable).map(({ profile }) => `${profile}.mp4`),
        ...soundsOf(playable).map(({ profile }) => `${profile}.mp4`),
        ...(playable.cover ? ["cover.jpg"] : []),
        ...playable.extras.files.map(({ name }) => name),
        ...playable.captions.map(({ id }) => `${captionsProfile(id)}.vtt`),
      ]
    : [];
  return [...names, ...(coverMediaId ? [coverFile(coverMediaId)] : [])].map((name) => bytesPath(place, name));
}

/** @throws where the CDN did not accept the purge, so that the job is retried */
async function post({ outgoing }: PurgeHost, url: string, body: object, signal: AbortSignal): Promise<void> {
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
