import type { KeptFile } from "#services/drive/contract";

/** A file as this API lists it. */
export const fileItem = (username: string, kept: KeptFile) => ({
  UserName: username,
  FileHash: kept.sha1 ?? "",
  FileName: kept.name,
  FileSize: kept.sizeBytes,
  UploadAt: timeText(kept.uploadedAtMs),
  LastUpdated: timeText(kept.changedAtMs),
});

/** `YYYY-MM-DD hh:mm:ss`, in UTC. Pure. */
export const timeText = (atMs: number): string => new Date(atMs).toISOString().slice(0, 19).replace("T", " ");

/** How many files one list has at most, and how many where nobody says. */
export const listed = { max: 100, usual: 15 };
/** No library reaches so far: whoever asks for more gets nothing. */
export const offsetMax = 100_000;
