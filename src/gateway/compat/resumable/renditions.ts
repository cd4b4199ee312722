import { type Call, type Client, failure, type Id, KinoraError } from "#kernel";
import type { KeptFile } from "#services/drive/contract";
import { type Media, media, MediaNotFound } from "#services/media/contract";
import { streaming } from "#services/streaming/contract";
import { upload } from "#services/upload/contract";
import type { ClientOf } from "../../client-of.ts";
import { withoutIdempotencyKey } from "../../uploads/idempotency-key.ts";
import { isNotFound } from "./sessions.ts";

const NotAVideo = failure("invalid", "resumable.not_a_video", "this file is not a video");
const TaskNotFound = failure("not_found", "resumable.task_not_found", "no such task");

type Status = "pending" | "processing" | "completed" | "failed";
/** How far the renditions of a video are; addresses are paths on this origin, each with its token. */
interface Progress {
  readonly status: Status;
  readonly progress: number;
  readonly urls: readonly string[];
  readonly width: number;
  readonly height: number;
}

const statuses: Readonly<Record<string, Status>> = {
  queued: "pending",
  running: "processing",
  completed: "completed",
  failed: "failed",
  cancelled: "failed",
};

/** A task id of this API is a media object and the requested profiles. */
const taskIdOf = (mediaId: Id, profiles: readonly string[]): string => [mediaId, ...profiles].join("-");
function parseTaskId(text: string): { mediaId: Id; profiles: string[] } {
  if (!/^[1-9]\d{0,15}(?:-\d{3,4}p){0,7}$/.test(text)) throw TaskNotFound({});
  const [id, ...profiles] = text.split("-");
  return { mediaId: Number(id), profiles };
}
const heightOf = (profile: string): number => Number.parseInt(profile, 10);

/** Renditions of the videos in a library: a file becomes a media object when renditions of it are first requested. */
export class Renditions {
  readonly #client: ClientOf;
  readonly #media: Client<typeof media>;

  constructor(client: ClientOf) {
    this.#client = client;
    this.#media = client(media);
  }

  /** Pending for a file whose renditions were never requested. */
  async describe(file: KeptFile, call: Call): Promise<Progress> {
    const object = await this.#existing(file, call);
    if (object && object.kind === "video") return this.#progress(object, [], call);
    return { status: "pending", progress: 0, urls: [], width: object?.width ?? 0, height: object?.height ?? 0 };
  }

  /** The id of the task. */
  async transcode(file: KeptFile, profiles: readonly string[], call: Call): Promise<string> {
    if (!file.mime.startsWith("video/")) throw NotAVideo({});
    const { id } = (await this.#existing(file, call)) ?? (await this.#create(file, call));
    await this.#media.transcode({ id, profiles: [...profiles] }, call);
    return taskIdOf(id, profiles);
  }

  async status(taskId: string, call: Call): Promise<Progress> {
    const { mediaId, profiles } = parseTaskId(taskId);
    const object = await this.#media.get({ id: mediaId }, call).catch((error: unknown) => {
      throw isNotFound(error) ? TaskNotFound({}) : error;
    });
    return this.#progress(object, profiles, call);
  }

  #existing({ sha256 }: KeptFile, call: Call): Promise<Media | undefined> {
    return this.#media.ofContent({ sha256 }, call).catch((error: unknown) => {
      if (isNotFound(error)) return undefined;
      throw error;
    });
  }

  /** Makes a media object of a file without copying a byte; two simultaneous requests get the same one. */
  async #create({ fileId, name, sha256 }: KeptFile, call: Call): Promise<Media> {
    const create = async (keyedCall: Call) => {
      const copy = await this.#client(upload).copy({ fileId, name, purpose: "media" }, keyedCall);
      return this.#media.upload({ fileId: copy.id }, withoutIdempotencyKey(keyedCall));
    };
    return create({ ...call, idempotencyKey: `resumable:${sha256}` }).catch((error: unknown) => {
      // The object of the stored answer was deleted since.
      if (error instanceof KinoraError && error.code === MediaNotFound.code) return create(call);
      throw error;
    });
  }

  async #addresses({ id, hasCover, status, renditions }: Media, call: Call) {
    const access = { isPublic: false, allowDownload: true, isPlayable: status === "ready" };
    const profiles = renditions.map(({ profile }) => profile);
    const link = { scope: "media" as const, id, generation: 0, hasCover, ...access, profiles };
    const { items } = await this.#client(streaming).links({ items: [link] }, call);
    return items.flatMap(({ renditions: addresses }) => addresses).filter(({ url }) => url !== "");
  }

  async #progress(object: Media, requested: readonly string[], call: Call): Promise<Progress> {
    const { id, width, height, renditions } = object;
    const latest = await this.#media.task({ id }, call);
    const profiles = requested.filter((profile) => heightOf(profile) < Math.min(width, height));
    const missing = profiles.filter((profile) => !renditions.some((rendition) => rendition.profile === profile));
    // The first task makes the rendition that plays soonest; the other requested ones are made after it.
    const isIncomplete = latest.status === "completed" && missing.length > 0;
    const task = isIncomplete ? await this.#media.transcode({ id, profiles: missing }, call) : latest;
    const addresses = await this.#addresses(object, call);
    const matching = addresses.filter(({ profile }) => profiles.length === 0 || profiles.includes(profile));
    return {
      status: statuses[task.status] ?? "pending",
      progress: task.status === "completed" ? 100 : task.progress,
      urls: matching.map(({ url }) => url),
      width,
      height,
    };
  }
}
