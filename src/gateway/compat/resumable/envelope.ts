import type { KinoraError } from "#kernel";
import type { Refusal } from "#kernel/http/port";
import { NameTaken } from "#services/auth/contract";
import { MissingChunks } from "#services/upload/contract";

/** Every answer of this API: the status again, a sentence, and what is told beside them. */
export interface Told {
  readonly code: number;
  readonly msg: string;
  readonly [field: string]: unknown;
}

export const succeeded = (fields: object = {}): Told => ({ code: 200, msg: "success", ...fields });

/** Statuses this API does not have, and what stands for them. */
const stands: Readonly<Record<number, number>> = { 402: 403, 415: 400 };

/** What went wrong in this API's words; `code` is the status. */
export function refused(error: KinoraError): Told {
  const { code, message, details } = error;
  if (code === NameTaken.code) return { code: 400, msg: message };
  const missing = code === MissingChunks.code ? MissingChunks.details.safeParse(details) : undefined;
  const named = missing?.success ? { missing_chunks: missing.data.missing.flatMap(namesOf) } : {};
  return { code: stands[error.http] ?? error.http, msg: message, ...named };
}

export function refusal(error: KinoraError): Refusal {
  const body = refused(error);
  return { status: body.code, body };
}

const namesOf = ({ first, last }: { readonly first: number; readonly last: number }): string[] =>
  Array.from({ length: last - first + 1 }, (_, n) => String(first + n));
