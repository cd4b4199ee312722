import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { joinHandlers } from "./handlers.ts";

describe("handlers of the parts of a service", () => {
  it("are joined, each under its name", () => {
    const [get, list] = [async () => ({ id: 1 }), async () => ({ items: [] })];
    assert.deepEqual(joinHandlers({ get }, { list }), { get, list });
  });

  it("are refused where two parts answer the same method", () => {
    const [one, another] = [async () => ({}), async () => ({})];
    assert.throws(() => joinHandlers({ get: one }, { get: another }), /two parts of a service answer get/);
  });
});
