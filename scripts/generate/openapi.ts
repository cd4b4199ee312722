import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Generate } from "../generate.ts";
import { breaks } from "../openapi/breaking.ts";
import { currentDocument, type Document } from "../openapi/document.ts";

const path = "api/openapi.json";

/** The OpenAPI document. @throws Error when it breaks those who use the one that is checked in and its version is the same. */
export const generate: Generate = async () => {
  const document = await currentDocument();
  const text = await readFile(join(import.meta.dirname, "../..", path), "utf8").catch(() => undefined);
  const problems = text === undefined ? [] : breaks(JSON.parse(text) as Document, document); // Written by the line below.
  if (problems.length > 0)
    throw new Error(
      `the public API breaks its clients:\n${problems.map((problem) => `  - ${problem}\n`).join("")}Keep what there was, or raise the version in package.json.`,
    );
  return { [path]: `${JSON.stringify(document, null, 2)}\n` };
};
