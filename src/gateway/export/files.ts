import type { BlobReader, Id } from "#kernel";
import { isDamaged } from "#kernel/blob/damaged";
import { KinoraError } from "#kernel/errors";
import { drive } from "#services/drive/contract";
import { media, type Playable as PlayableSchema } from "#services/media/contract";
import { user } from "#services/user/contract";
import type { Video } from "#services/video/contract";
import type { z } from "zod";
import type { StreamedFile } from "../delivery/archives/zip-stream.ts";
import { driveEntries } from "./parts/drive-rows.ts";
import { ownVideos } from "./parts/links.ts";
import type { ExportSource } from "./source.ts";

type Playable = z.output<typeof PlayableSchema>;

/** A stored object under its path in the archive. */
interface FilePlace {
  readonly path: string;
  readonly key: string;
}

/** The files of the account, and a list of those that are not stored any more or are damaged. */
export async function* accountFiles(source: ExportSource): AsyncGenerator<StreamedFile> {
  // Only the paths of missing files are held in memory.
  const missing: string[] = [];
  async function* send(places: AsyncIterable<FilePlace>): AsyncGenerator<StreamedFile> {
    for await (const { path, key } of places) {
      const object = await openWhole(source, key);
      if (object) yield { path, changedAtMs: object.changedAtMs, object, key };
      else missing.push(JSON.stringify({ path }));
    }
  }
  yield* send(pictures(source));
  for await (const video of ownVideos(source)) {
    const playable = await playableOf(source, video.mediaId);
    if (playable) yield* send(videoFiles(source, video, playable));
    else missing.push(JSON.stringify({ path: `videos/${video.id}`, title: video.title }));
  }
  yield* send(driveFiles(source, (path) => missing.push(JSON.stringify({ path }))));
  if (missing.length > 0)
    yield { path: "missing.json", changedAtMs: Date.now(), text: [`[\n${missing.join(",\n")}\n]\n`] };
}

/** The profile's pictures; one that is an address elsewhere is no file of the account. */
async function* pictures(source: ExportSource): AsyncGenerator<FilePlace> {
  const { avatar, backgroundImage } = await source.client(user).get({ id: source.userId }, source.call());
  for (const [name, url] of [
    ["avatar", avatar],
    ["background", backgroundImage],
  ] as const) {
    const id = Number(/\/api\/v1\/media\/(\d+)\/picture/.exec(url)?.[1]);
    if (!Number.isSafeInteger(id)) continue;
    const picture = await orMissing(source.client(media).picture({ id }, source.call()));
    if (picture) yield { path: `pictures/${name}${extensionOfType(picture.mime)}`, key: picture.key };
  }
}

/** The file as it was uploaded, its captions, and the cover that the owner chose or that was made of it. */
async function* videoFiles(source: ExportSource, video: Video, playable: Playable): AsyncGenerator<FilePlace> {
  const { id, coverMediaId } = video;
  yield { path: `videos/${id}${extensionOf(playable.source.name)}`, key: playable.source.key };
  for (const { language, key } of playable.captions) yield { path: `videos/${id}.${language}.vtt`, key };
  const chosen =
    coverMediaId === null
      ? undefined
      : await orMissing(source.client(media).picture({ id: coverMediaId }, source.call()));
  if (chosen) yield { path: `videos/${id}.cover${extensionOfType(chosen.mime)}`, key: chosen.key };
  else if (playable.cover) yield { path: `videos/${id}.cover.jpg`, key: playable.cover.key };
}

async function* driveFiles(source: ExportSource, miss: (path: string) => void): AsyncGenerator<FilePlace> {
  for await (const { entry, path } of driveEntries(source)) {
    if (entry.kind === "folder") continue;
    const content = await orMissing(source.client(drive).content({ id: entry.id, isDownload: false }, source.call()));
    if (content) yield { path: `drive${path}`, key: content.key };
    else miss(`drive${path}`);
  }
}

/** The stored files of a media object of the user; undefined where it was deleted. */
async function playableOf(source: ExportSource, mediaId: Id): Promise<Playable | undefined> {
  const playable = await orMissing(source.client(media).playable({ id: mediaId }, source.call()));
  return playable?.userId === source.userId ? playable : undefined;
}

/** Undefined where the object was freed or is damaged. */
async function openWhole(source: ExportSource, key: string): Promise<BlobReader | undefined> {
  try {
    return await source.blob.open(key);
  } catch (error) {
    if (isDamaged(error)) return undefined;
    throw error;
  }
}

/** Undefined where something is not found, or damaged. */
async function orMissing<Answer>(answer: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (isDamaged(error) || (error instanceof KinoraError && error.kind === "not_found")) return undefined;
    throw error;
  }
}

/** Only letters and digits of the extension are used, because the uploader chose the name. Pure. */
export const extensionOf = (name: string): string => /\.[a-z0-9]{1,8}$/i.exec(name)?.[0].toLowerCase() ?? "";

/** Pure. */
const extensionOfType = (mime: string): string => {
  const [, subtype = ""] = /^image\/([a-z]{3,5})$/.exec(mime) ?? [];
  return subtype === "" ? "" : `.${subtype === "jpeg" ? "jpg" : subtype}`;
};
