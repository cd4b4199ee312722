import { Id, event } from "#kernel";
import { z } from "zod";

/** The purpose of a file: a video, sound or picture that is published, or one of the owner's private files. */
export const Purpose = z.enum(["media", "drive"]);

/**
 * The action where the folder has a file of this name: both stay, the old one goes to the trash, or the new one does.
 */
export const Conflict = z.enum(["rename", "replace", "skip"]);

export const FileKind = z.enum(["video", "audio", "image", "other"]);

export const fileUploaded = event(
  "file.uploaded.v1",
  z.object({
    fileId: Id,
    userId: Id,
    hash: z.string(),
    sizeBytes: z.int(),
    kind: FileKind,
    mime: z.string(),
    location: z.string(),
    name: z.string().default(""),
    purpose: Purpose.default("media"),
    folderId: Id.nullable().default(null),
    conflict: Conflict.default("rename"),
  }),
);

export const fileDeleted = event("file.deleted.v1", z.object({ fileId: Id, hash: z.string() }));
