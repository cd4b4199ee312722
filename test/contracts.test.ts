import assert from "node:assert/strict";
import { glob } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "node:test";
import type { Contract } from "#kernel";
import { described } from "#kernel/rpc/described";
import { type Lock, packageOf } from "#kernel/rpc/lock";
import { assertRoundTrips } from "#kernel/rpc/testing";
import lock from "../api/contracts.lock.json" with { type: "json" };
import { contracts, facadeContracts, ownContracts } from "../cmd/contracts.ts";

const all = [...contracts, ...ownContracts, ...facadeContracts];

describe("the contracts", () => {
  it("are all listed", async () => {
    const root = join(import.meta.dirname, "..");
    const listed = new Set(contracts.map(({ name }) => name));
    let seen = 0;
    for await (const path of glob("src/services/*/contract.ts", { cwd: root })) {
      const name = path.split("/")[2] ?? "";
      const module: Record<string, unknown> = await import(join(root, path));
      const { methods } = module[name] as Contract; // Named as its service, in every service.
      seen += 1;
      assert.ok(listed.has(name) || Object.keys(methods).length === 0, `${name} is missing in cmd/contracts.ts`);
    }
    assert.ok(seen >= listed.size && seen >= 9, `${seen} services`);
  });

  it("give every value of every method back as it was, through protobuf", () => {
    const methods = all.reduce((sum, contract) => sum + assertRoundTrips(contract), 0);
    assert.ok(methods > 40, `only ${methods} methods were looked at`);
  });

  it("have their numbers in the lock", () => {
    const locked: Lock = lock;
    for (const contract of all) assert.ok(described(contract, locked).service.methods.length > 0, packageOf(contract));
  });
});
