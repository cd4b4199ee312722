import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { addressAgain, failedAddress, importAgain } from "./import-again.ts";

describe("an import that failed", () => {
  it("is named by the browser's message, where it names one", () => {
    const address = "https://kinora.example/assets/open-menu-B1x.js";
    for (const message of [
      `Failed to fetch dynamically imported module: ${address}`,
      `error loading dynamically imported module: ${address}`,
    ])
      assert.equal(failedAddress(new TypeError(message)), address);
    assert.equal(failedAddress(new TypeError("Importing a module script failed.")), undefined);
    assert.equal(failedAddress("lost"), undefined);
  });

  it("has another address at each attempt", () => {
    const address = "https://kinora.example/assets/open-menu-B1x.js?v=3";
    assert.deepEqual(
      [1, 2].map((count) => addressAgain(address, count)),
      [`${address}&again=1`, `${address}&again=2`],
    );
  });

  it("is imported in the same way where the message names no address", async () => {
    let count = 0;
    const load = () => {
      count += 1;
      return count === 1 ? Promise.reject(new TypeError("Importing a module script failed.")) : Promise.resolve(count);
    };
    await assert.rejects(importAgain(load), TypeError);
    assert.equal(await importAgain(load), 2);
  });
});
