import type { InitEvent } from "#media/live/events";

/** The headers of a recording as JSON, for the journal by which a process goes on that did not begin it. */
export const writeHeader = (init: InitEvent): string =>
  JSON.stringify(init, (_, value: unknown) =>
    isBufferJson(value) ? { base64: Buffer.from(value.data).toString("base64") } : value,
  );

/** The reverse of {@link writeHeader}. */
export const readHeader = (text: string): InitEvent =>
  JSON.parse(text, (_, value: unknown) => (isBase64(value) ? Buffer.from(value.base64, "base64") : value)) as InitEvent; // As it was written.

/** A Buffer writes itself like this. */
const isBufferJson = (value: unknown): value is { readonly data: readonly number[] } =>
  typeof value === "object" && value !== null && "type" in value && value.type === "Buffer" && "data" in value;

const isBase64 = (value: unknown): value is { readonly base64: string } =>
  typeof value === "object" && value !== null && "base64" in value && typeof value.base64 === "string";
