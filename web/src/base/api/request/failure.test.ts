import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { asFailure, Failure } from "./failure.ts";

describe("a thrown value", () => {
  it("stays the same when it is a failure, and becomes `network.bad_answer` otherwise", () => {
    const failure = new Failure(404, "video.not_found", "no such video");
    assert.equal(asFailure(failure), failure);
    assert.equal(asFailure("odd").code, "network.bad_answer");
  });

  it("is an unreachable server where a part of the program did not arrive, in the words of each browser", () => {
    for (const message of [
      "Failed to fetch dynamically imported module: https://kinora.example/assets/me.js",
      "error loading dynamically imported module: https://kinora.example/assets/me.js",
      "Importing a module script failed.",
    ])
      assert.equal(asFailure(new TypeError(message)).code, "network.unreachable", message);
  });
});
