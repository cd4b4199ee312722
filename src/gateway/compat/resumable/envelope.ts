import type { KinoraError } from "#kernel";
import type { Refusal } from "#kernel/http/port";
import { NameTaken } from "#services/auth/contract";
import { MissingChunks } from "#services/upload/contract";

/** Every answer of this API: the status again, a sentence, and the fields of the answer. */
export interface Envelope {
  readonly code: number;
  readonly msg: string;
  readonly [field: string]: unknown;
}

export const successOf = (fields: object = {}): Envelope => ({ code: 200, msg: "success", ...fields });

/** Statuses that this API does not have, each with its replacement. */
const replacements: Readonly<Record<number, number>> = { 402: 403, 415: 400 };

/** An error in the words of this API; `code` is the status. */
export function refusalOf(error: KinoraError): Envelope {
  const { code, message, details } = error;
  if (code === NameTaken.code) return { code: 400, msg: message };
  const missing = code === MissingChunks.code ? MissingChunks.details.safeParse(details) : undefined;
  const chunks = missing?.success ? { missing_chunks: missing.data.missing.flatMap(namesOf) } : {};
  return { code: replacements[error.http] ?? error.http, msg: message, ...chunks };
}

export function refusal(error: KinoraError): Refusal {
  const body = refusalOf(error);
  return { status: body.code, body };
}

const namesOf = ({ first, last }: { readonly first: number; readonly last: number }): string[] =>
  Array.from({ length: last - first + 1 }, (_, n) => String(first + n));
