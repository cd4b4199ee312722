import { z } from "zod";

/** How the REST edge spells a field: under another name, or in another unit. Kept beside the schema, read by the gateway alone. */
export const edge = z.registry<Spelling>();
export interface Spelling {
  readonly name?: string;
  /** `me`: an id for which a signed-in caller may write `me`. */
  readonly unit?: "instant" | "duration" | "path" | "socket" | "me";
}

/** A positive integer below 2^53. */
export const Id = z.int().positive();
export type Id = z.infer<typeof Id>;
/** The id of a user, for which the REST edge also takes `me`. */
export const UserRef = z.int().positive().register(edge, { unit: "me" });
/** Milliseconds since 1970 UTC; RFC 3339 at the REST edge. */
export const Instant = z.int().nonnegative().register(edge, { unit: "instant" });
/** The same without 1970 itself, for a field that may be left out, and null to clear it. */
export const PositiveInstant = z.int().positive().register(edge, { unit: "instant" });
/** A length of time in milliseconds; seconds with decimals at the REST edge. */
export const Duration = z.int().nonnegative().register(edge, { unit: "duration" });
/** A path on the public port, such as `/api/v1/…`; an absolute URL at the REST edge. Empty where there is none. */
export const PublicPath = z.string().max(2000).register(edge, { unit: "path" });
/** As {@link PublicPath}, of a WebSocket: `ws://…` or `wss://…` at the REST edge. */
export const SocketPath = z.string().max(2000).register(edge, { unit: "socket" });
/** A user's text: stored as it was written, with its blanks, as long as it has something to read. */
export const Said = (max: number) => z.string().min(1).max(max).regex(/\S/u, "something to read");
const oneLine = /^[^\p{Cc}\p{Zl}\p{Zp}]*$/u;
const oneLineText = "one line without control characters";
/** Embeddings, overrides and isolates turn the text around them, so that a title reads as another one. */
const turns = /[\u202a-\u202e\u2066-\u2069]/g;
const straight = (text: string): string => text.replaceAll(turns, "");
/** As {@link Said}, of a title: without characters that turn the direction of text. */
export const Title = (max: number) => z.string().overwrite(straight).min(1).max(max).regex(/\S/u, "something to read");
/** As {@link Title}, on one line. */
export const SaidLine = (max: number) => Title(max).regex(oneLine, oneLineText);
/** A text of one line, which may be empty: without the blanks around it, in NFC. */
export const Line = (max: number) =>
  z.string().overwrite(straight).trim().normalize("NFC").max(max).regex(oneLine, oneLineText);

/**
 * A picture's address: http or https, a path of this instance, or empty. Browsers take `//` and `\` at the beginning of a
 * path for another host, and send what is before an `@` as a password.
 */
export const PictureAddress = z
  .string()
  .max(2_000)
  .regex(
    /^(?:$|https?:\/\/[^\s<>"\\/?#@]+(?:[/?#][^\s<>"\\]*)?$|\/[^\s<>"\\/][^\s<>"\\]*$)/,
    "an http or https address without a password, or a path of this instance",
  );
/** A page elsewhere that is linked. */
export const PageAddress = (max: number) =>
  z
    .url({ protocol: /^https?$/ })
    .max(max)
    .refine((address) => /^[^:]+:\/\/[^\\/?#@]+(?:[/?#][^\\]*)?$/.test(address), "an address without a password");

/** Spells a field differently at the REST edge. */
export function withName<T extends z.ZodType>(name: string, schema: T): T {
  const copy = schema.clone();
  const registry: z.core.$ZodRegistry<Spelling> = edge;
  registry.add(copy, { ...registry.get(schema), name });
  return copy;
}
