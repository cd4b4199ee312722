import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { commandOf } from "./messages.ts";

describe("a message to an embedded player", () => {
  it("is a command when it has the form of one", () => {
    for (const command of [
      { kinora: "play" },
      { kinora: "pause" },
      { kinora: "seek", time: 12 },
      { kinora: "volume", volume: 0.5 },
      { kinora: "volume", muted: true },
      { kinora: "rate", rate: 1.5 },
    ])
      assert.deepEqual(commandOf(command), command);
  });

  it("is ignored otherwise", () => {
    for (const other of [
      null,
      "play",
      7,
      [],
      {},
      { kinora: "leap" },
      { kinora: "seek" },
      { kinora: "seek", time: "3" },
      { kinora: "seek", time: Number.NaN },
      { kinora: "volume", volume: 2 },
      { kinora: "rate", rate: 0 },
      { source: "react-devtools" },
    ])
      assert.equal(commandOf(other), undefined, JSON.stringify(other));
  });
});
