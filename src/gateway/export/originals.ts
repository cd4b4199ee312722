import type { Id } from "#kernel";
import { isDamaged } from "#kernel/blob/damaged";
import { KinoraError } from "#kernel/errors";
import { media } from "#services/media/contract";
import type { StreamedFile } from "../delivery/archives/zip-stream.ts";
import { ownVideos } from "./parts.ts";
import type { ExportSource } from "./source.ts";

/** The files as they were uploaded, and a list of the files that are not there any more. */
export async function* originalFiles(source: ExportSource): AsyncGenerator<StreamedFile> {
  // Only ids and titles of missing videos are held in memory.
  const missing: string[] = [];
  for await (const { id, mediaId, title } of ownVideos(source)) {
    const original = await originalOf(source, mediaId);
    const path = `videos/${id}${extensionOf(original?.name ?? "")}`;
    if (original) yield { path, changedAtMs: original.object.changedAtMs, object: original.object };
    else missing.push(JSON.stringify({ id, title }));
  }
  if (missing.length > 0)
    yield {
      path: "videos/missing.json",
      changedAtMs: Date.now(),
      text: [`[\n${missing.join(",\n")}\n]\n`],
    };
}

/** The stored file of a media object of the user; undefined where it was freed, deleted or damaged. */
async function originalOf(source: ExportSource, mediaId: Id) {
  try {
    const { userId, source: file } = await source.client(media).playable({ id: mediaId }, source.call());
    const object = userId === source.userId ? await source.blob.open(file.key) : undefined;
    return object && { object, name: file.name };
  } catch (error) {
    if (isDamaged(error) || (error instanceof KinoraError && error.kind === "not_found")) return undefined;
    throw error;
  }
}

/** Only letters and digits of the extension are used, because the uploader chose the name. Pure. */
export const extensionOf = (name: string): string => /\.[a-z0-9]{1,8}$/i.exec(name)?.[0].toLowerCase() ?? "";
