import { Id, Instant, event } from "#kernel";
import { z } from "zod";

export const Kind = z.enum(["folder", "video", "audio", "image", "other"]);

export type Kind = z.output<typeof Kind>;

/** An entry as other services follow it: a higher version is a later one. */
export const EntryState = z.object({
  id: Id,
  version: z.int(),
  state: z.enum(["live", "trashed", "deleted"]),
  kind: Kind,
  /** Empty unless it is live. */
  name: z.string(),
});

export type EntryState = z.output<typeof EntryState>;

/** A file was deleted permanently from its owner's tree: its content may be deleted. */
export const fileReleased = event("file.released.v1", z.object({ fileId: Id, userId: Id }));

/** As many names of the greatest length fit into an event. */
export const entriesPerEvent = 50;

/** Entries of a user were inserted, renamed, moved, trashed, restored or deleted; each once, as it is now. */
export const entriesChanged = event(
  "drive.entries_changed.v1",
  z.object({ userId: Id, entries: z.array(EntryState).max(entriesPerEvent), atMs: Instant }),
);
