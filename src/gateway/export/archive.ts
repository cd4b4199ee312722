import type { Language } from "#kernel";
import type { StreamedFile } from "../delivery/archives/zip-stream.ts";
import { originalFiles } from "./originals.ts";
import { exportParts } from "./parts.ts";
import { readmeOf } from "./readme.ts";
import type { ExportSource } from "./source.ts";

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
  for (const { name, text } of exportParts) yield { path: name, changedAtMs: atMs, text: text(source) };
  if (hasOriginals) yield* originalFiles(source);
}
