import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { describeContract } from "#kernel/rpc/contract-descriptor";
import { type Lock, packageOf } from "#kernel/rpc/lock";
import { assertCompiledAlike, assertRoundTrips } from "#kernel/rpc/testing";
import lock from "../api/contracts.lock.json" with { type: "json" };
import { facadeContracts } from "#gateway/compat/contracts";
import { bus } from "#kernel/rpc/bus";
import { loadContracts } from "../cmd/services.ts";

const all = [...(await loadContracts()), bus, ...facadeContracts];

describe("the contracts", () => {
  it("keep generated values of every method unchanged through protobuf", () => {
    const methods = all.reduce((sum, contract) => sum + assertRoundTrips(contract), 0);
    assert.ok(methods > 40, `only ${methods} methods were looked at`);
  });

  it("are checked by compiled schemas as by the schemas themselves, without undeclared fields", () => {
    const schemas = all.reduce((sum, contract) => sum + assertCompiledAlike(contract), 0);
    assert.ok(schemas > 80, `only ${schemas} schemas were looked at`);
  });

  it("have their field numbers in the lock file", () => {
    const locked: Lock = lock;
    for (const contract of all)
      assert.ok(describeContract(contract, locked).service.methods.length > 0, packageOf(contract));
  });
});
