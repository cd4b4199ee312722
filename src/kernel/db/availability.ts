import pg from "pg";
import { failure, type KinoraError, StorageFull } from "../errors.ts";

const DatabaseUnavailable = failure(
  "unavailable",
  "kernel.database_unavailable",
  "the database cannot be reached right now",
);

/** SQLSTATE: the disk of the database is full. */
const diskFull = "53100";
/** Beginnings of SQLSTATE, by the state of the database that they report. */
const unavailableStates = {
  "connection lost": "08",
  "out of memory, disk or connections": "53",
  "starting, stopping or cancelled by an operator": "57",
  "read-only, as a standby": "25006",
  "waited too long for a lock": "55P03",
};
/** Codes of Node for an address that cannot be reached. A name with several addresses has one error for all of them. */
const networkCodes = [
  "ECONNREFUSED",
  "ECONNRESET",
  "ENOENT",
  "EPIPE",
  "ETIMEDOUT",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
];
/** Parts of messages of `pg`, `pg-pool` and our own client, for failures to which they give no code. */
const messages = ["Connection terminated", "connection timeout", "timeout exceeded when trying to connect"];

/** The failure of a database that is full or cannot answer now; undefined for an error with another cause. */
export function databaseFailure(error: unknown): KinoraError | undefined {
  if (!(error instanceof Error)) return undefined;
  const code = "code" in error ? String(error.code) : "";
  const state = error instanceof pg.DatabaseError ? code : "";
  if (state === diskFull) return StorageFull({}, error);
  const isUnavailable =
    Object.values(unavailableStates).some((beginning) => state.startsWith(beginning)) ||
    networkCodes.includes(code) ||
    messages.some((part) => error.message.includes(part));
  return isUnavailable ? DatabaseUnavailable({}, error) : undefined;
}
