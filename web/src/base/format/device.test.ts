import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { deviceOf } from "./device.ts";

describe("the name of a client", () => {
  it("is its browser and operating system, or its product when these are unknown", () => {
    for (const [agent, name, isPhone] of [
      [
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/131.0 Safari/537.36 Edg/131.0",
        "Edge · Windows",
        false,
      ],
      ["Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0", "Firefox · Linux", false],
      [
        "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 Chrome/131.0 Mobile Safari/537.36",
        "Chrome · Android",
        true,
      ],
      [
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Version/18.1 Safari/604.1",
        "Safari · iOS",
        true,
      ],
      ["kinora-app/2.1", "kinora-app", false],
      ["", "", false],
    ] as const)
      assert.deepEqual(deviceOf(agent), { name, isPhone }, agent);
  });
});
