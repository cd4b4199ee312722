import { type Call, type Client, type Contract, failure, type Id, KinoraError } from "#kernel";
import type { KeptFile } from "#services/drive/contract";
import { type Media, media, MediaNotFound } from "#services/media/contract";
import { streaming } from "#services/streaming/contract";
import { upload } from "#services/upload/contract";
import { isNotFound } from "./uploading.ts";
import { unkeyed } from "../../uploads/unkeyed.ts";

const NotAVideo = failure("invalid", "resumable.not_a_video", "this file is not a video");
const TaskNotFound = failure("not_found", "resumable.task_not_found", "no such task");

type Status = "pending" | "processing" | "completed" | "failed";
/** How far the renditions of a video are; addresses are paths on this origin, each with its token. */
export interface Transcoding {
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
const sideOf = (profile: string): number => Number.parseInt(profile, 10);

/** A media object, and what was asked of it: all that a task id of this API says. */
export const taskIdOf = (mediaId: Id, profiles: readonly string[]): string => [mediaId, ...profiles].join("-");
function taskIn(text: string): { mediaId: Id; profiles: string[] } {
  if (!/^[1-9]\d{0,15}(?:-\d{3,4}p){0,7}$/.test(text)) throw TaskNotFound({});
  const [id, ...profiles] = text.split("-");
  return { mediaId: Number(id), profiles };
}

/** The videos among somebody's files: each becomes a media object when renditions of it are first asked for. */
export function videos(client: <C extends Contract>(c: C) => Client<C>) {
  const objects = client(media);

  const madeOf = ({ sha256 }: KeptFile, call: Call): Promise<Media | undefined> =>
    objects.ofContent({ sha256 }, call).catch((error: unknown) => {
      if (isNotFound(error)) return undefined;
      throw error;
    });

  /** Makes a media object of a file without moving a byte; who asks twice at once gets one. */
  async function made({ fileId, name, sha256 }: KeptFile, call: Call): Promise<Media> {
    const publish = async (asked: Call) => {
      const copied = await client(upload).copy({ fileId, name, purpose: "media" }, asked);
      return objects.upload({ fileId: copied.id }, unkeyed(asked));
    };
    return publish({ ...call, idempotencyKey: `resumable:${sha256}` }).catch((error: unknown) => {
      // What was made the last time is gone again.
      if (error instanceof KinoraError && error.code === MediaNotFound.code) return publish(call);
      throw error;
    });
  }

  async function addresses(of: Media, call: Call): Promise<{ profile: string; url: string }[]> {
    const { id, hasCover, status } = of;
    const profiles = of.renditions.map(({ profile }) => profile);
    const item = { scope: "media" as const, id, generation: 0, isPublic: false, hasCover, allowDownload: true };
    const asked = { ...item, isPlayable: status === "ready", profiles };
    const { items } = await client(streaming).links({ items: [asked] }, call);
    return items.flatMap(({ renditions }) => renditions).filter(({ url }) => url !== "");
  }

  async function progress(of: Media, wanted: readonly string[], call: Call): Promise<Transcoding> {
    const latest = await objects.task({ id: of.id }, call);
    const smaller = wanted.filter((profile) => sideOf(profile) < Math.min(of.width, of.height));
    const missing = smaller.filter((profile) => !of.renditions.some((one) => one.profile === profile));
    // The first task makes what plays soonest: what else was asked for is made when that is over.
    const isMore = latest.status === "completed" && missing.length > 0;
    const task = isMore ? await objects.transcode({ id: of.id, profiles: missing }, call) : latest;
    const all = await addresses(of, call);
    const named = all.filter(({ profile }) => smaller.length === 0 || smaller.includes(profile));
    return {
      status: statuses[task.status] ?? "pending",
      progress: task.status === "completed" ? 100 : task.progress,
      urls: named.map(({ url }) => url),
      width: of.width,
      height: of.height,
    };
  }

  return {
    /** Of a file of which nothing was asked yet it is pending. */
    async look(kept: KeptFile, call: Call): Promise<Transcoding> {
      const found = await madeOf(kept, call);
      if (found && found.kind === "video") return progress(found, [], call);
      return { status: "pending", progress: 0, urls: [], width: found?.width ?? 0, height: found?.height ?? 0 };
    },

    async transcode(kept: KeptFile, profiles: readonly string[], call: Call): Promise<string> {
      if (!kept.mime.startsWith("video/")) throw NotAVideo({});
      const { id } = (await madeOf(kept, call)) ?? (await made(kept, call));
      await objects.transcode({ id, profiles: [...profiles] }, call);
      return taskIdOf(id, profiles);
    },

    async status(taskId: string, call: Call): Promise<Transcoding> {
      const { mediaId, profiles } = taskIn(taskId);
      const found = await objects.get({ id: mediaId }, call).catch((error: unknown) => {
        throw isNotFound(error) ? TaskNotFound({}) : error;
      });
      return progress(found, profiles, call);
    },
  };
}
