import type { Id } from "#kernel";
import { drive, Entry } from "#services/drive/contract";
import { createRowWriter } from "../json-text.ts";
import type { ExportSource } from "../source.ts";

interface PlacedEntry {
  readonly entry: Entry;
  /** Begins with a slash. */
  readonly path: string;
}

/** The files and folders of a drive; a folder comes before its entries. */
export async function* driveEntries(source: ExportSource): AsyncGenerator<PlacedEntry> {
  const open: { readonly id: Id | undefined; readonly path: string }[] = [{ id: undefined, path: "" }];
  for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
    const { id: folderId, path } = folder;
    const input = folderId === undefined ? {} : { folderId };
    for await (const entry of source.rows((page, call) => source.client(drive).list({ ...input, ...page }, call))) {
      const entryPath = `${path}/${entry.name}`;
      yield { entry, path: entryPath };
      if (entry.kind === "folder") open.push({ id: entry.id, path: entryPath });
    }
  }
}

/** As JSON, each with its path. */
export async function* driveRows(source: ExportSource): AsyncGenerator<string> {
  const write = createRowWriter(
    Entry,
    source.base,
    ({ id, kind }): Record<string, string> =>
      kind === "folder" ? {} : { url: `${source.base}/api/v1/drive/${id}/content` },
  );
  for await (const { entry, path } of driveEntries(source))
    yield `{"path":${JSON.stringify(path)},${write(entry).slice(1)}`;
}
