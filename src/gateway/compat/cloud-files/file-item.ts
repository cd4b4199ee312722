import type { KeptFile } from "#services/drive/contract";

/** A file as this API lists it. */
export const fileItem = (username: string, file: KeptFile) => ({
  UserName: username,
  FileHash: file.sha1 ?? "",
  FileName: file.name,
  FileSize: file.sizeBytes,
  UploadAt: timeText(file.uploadedAtMs),
  LastUpdated: timeText(file.changedAtMs),
});

/** `YYYY-MM-DD hh:mm:ss`, in UTC. Pure. */
export const timeText = (atMs: number): string => new Date(atMs).toISOString().slice(0, 19).replace("T", " ");

/** How many files a list has at most, and by default. */
export const listSize = { max: 100, usual: 15 };
/** No library reaches this far. */
export const offsetMax = 100_000;
