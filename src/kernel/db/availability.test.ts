import assert from "node:assert/strict";
import { describe, it } from "node:test";
import pg from "pg";
import { databaseFailure } from "./availability.ts";

describe("the failure of a database", () => {
  for (const [title, error, code] of [
    ["lost its connection", withState("08006"), "kernel.database_unavailable"],
    ["has too many connections", withState("53300"), "kernel.database_unavailable"],
    ["is starting", withState("57P03"), "kernel.database_unavailable"],
    ["is shutting down", withState("57P01"), "kernel.database_unavailable"],
    ["cancelled a statement", withState("57014"), "kernel.database_unavailable"],
    ["is read-only", withState("25006"), "kernel.database_unavailable"],
    ["waited too long for a lock", withState("55P03"), "kernel.database_unavailable"],
    ["has a full disk", withState("53100"), "kernel.storage_full"],
    ["refuses connections", withCode("ECONNREFUSED"), "kernel.database_unavailable"],
    ["has no socket", withCode("ENOENT"), "kernel.database_unavailable"],
    ["has no address", withCode("ENOTFOUND"), "kernel.database_unavailable"],
    ["has several unreachable addresses", severalAddresses(), "kernel.database_unavailable"],
    ["ended a connection", new Error("Connection terminated unexpectedly"), "kernel.database_unavailable"],
    ["has no free connection", new Error("timeout exceeded when trying to connect"), "kernel.database_unavailable"],
    ["found a duplicate key", withState("23505"), undefined],
    ["is in a failed transaction", withState("25P02"), undefined],
    ["refused access to a file", withCode("EACCES"), undefined],
    ["has nothing to do with a defect", new TypeError("x is not a function"), undefined],
    ["has nothing to do with a code of another error", withCode("57P03"), undefined],
    ["has nothing to do with a thrown text", "ECONNREFUSED", undefined],
  ] as const)
    it(`${code ?? "none"} where it ${title}`, () => {
      const failure = databaseFailure(error);
      assert.equal(failure?.code, code);
      if (failure) assert.equal(failure.cause, error);
    });
});

function withState(code: string): pg.DatabaseError {
  return Object.assign(new pg.DatabaseError("as PostgreSQL words it", 0, "error"), { code });
}

function withCode(code: string): Error {
  return Object.assign(new Error("as Node words it"), { code });
}

function severalAddresses(): Error {
  return Object.assign(new AggregateError([withCode("ECONNREFUSED"), withCode("ECONNREFUSED")]), {
    code: "ECONNREFUSED",
  });
}
