import type { Language } from "#kernel";
import type { StreamedFile } from "../delivery/archives/zip-stream.ts";
import { accountFiles } from "./files.ts";
import { exportParts } from "./parts/parts.ts";
import { readmeOf } from "./readme.ts";
import type { ExportSource } from "./source.ts";

/** The version of the format: it grows when a file or field changes its meaning or goes, not when one is added. */
export const exportVersion = 1;

interface ArchiveParts {
  readonly username: string;
  readonly language: Language;
  readonly atMs: number;
  readonly hasOriginals: boolean;
}

/** The files of an export, each made when its turn comes. */
export async function* archiveOf(
  source: ExportSource,
  { username, language, atMs, hasOriginals }: ArchiveParts,
): AsyncGenerator<StreamedFile> {
  const readme = readmeOf(language, { username, site: source.base, atMs, hasOriginals });
  yield { path: "README.txt", changedAtMs: atMs, text: [readme] };
  const manifest = {
    format: "kinora-account",
    version: exportVersion,
    made_at: new Date(atMs).toISOString(),
    site: source.base,
    user_id: source.userId,
    username,
    has_files: hasOriginals,
  };
  yield { path: "export.json", changedAtMs: atMs, text: [`${JSON.stringify(manifest, null, 2)}\n`] };
  for (const { name, text } of exportParts) yield { path: name, changedAtMs: atMs, text: text(source) };
  if (hasOriginals) yield* accountFiles(source);
}
