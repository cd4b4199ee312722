import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { isNightly } from "../../depth.ts";
import { findings } from "../../instance/doctor.ts";
import { pieces, temporary } from "../../instance/folders.ts";
import { sendInterrupted } from "./interrupted-upload.ts";
import { Person } from "../../users/person.ts";
import { Random } from "../../random.ts";
import { startOnTemplate } from "../../instance/template.ts";

const mebibyte = 2 ** 20;

describe("an upload with ten interruptions", () => {
  it("arrives unchanged with at most 2 % of its bytes sent twice (R1, F13)", { timeout: 600_000 }, async () => {
    await using instance = await startOnTemplate({ env: { KINORA_RATE_LIMIT: "off" } });
    const person = new Person(instance.url);
    await person.signUp();
    const sizeBytes = 64 * mebibyte;
    // Each kill costs a start of the server, and the next byte is asked for after each interruption.
    const killsMax = isNightly ? 3 : 1;
    const plan = { instance, person, sizeBytes, interruptions: 10, killsMax, random: new Random(7), rate: 10e6 };
    const { sha256, sentBytes, ways } = await sendInterrupted(plan);
    assert.deepEqual(new Set(ways), new Set(["client", "kill", "network"]));
    await instance.stop();
    assert.equal(
      await hashOf(join(instance.data, "blobs/upload", sha256.slice(0, 2), sha256.slice(2, 4), sha256)),
      sha256,
    );
    assert.deepEqual(
      [await pieces(instance.data), await temporary(instance.data), await findings(instance.data)],
      [[], [], []],
    );
    const again = sentBytes - sizeBytes;
    assert.ok(again <= sizeBytes * 0.02, `${again} bytes were sent twice`);
  });
});

async function hashOf(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest("hex");
}
