import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { Agent, type ClientRequest, type IncomingMessage, request } from "node:http";
import { Readable } from "node:stream";
import { after, before, describe, it } from "node:test";
import { Platform } from "#test/platform/platform";
import { until } from "#test/until";
import { drain } from "./form.ts";

const mebibyte = 2 ** 20;

describe("an upload that is rejected before its end", () => {
  before(async () => {
    await platform.open();
    port = await platform.app.listen({ port: 0, host: "127.0.0.1" });
    ({ token } = await platform.join());
  });
  after(async () => {
    agent.destroy();
    await platform[Symbol.asyncDispose]();
  });

  it("is answered with 413, as a whole file or as a chunk", async () => {
    for (const path of ["/api/v1/upload?name=a&purpose=drive", "/api/v1/upload/chunk?upload_id=1&index=0"]) {
      const asking = ask("POST", path, { "content-type": "application/octet-stream" });
      // Its length is not declared: only its bytes show that it is too large.
      for (let n = 0; n < 70; n++) asking.write(randomBytes(mebibyte));
      const answer = await answerTo(asking);
      assert.equal(answer.statusCode, 413, path);
      asking.destroy();
    }
  });

  it("leaves its connection usable after another request took the upload over", async () => {
    const size = 2 * mebibyte;
    const created = await answerTo(
      ask("POST", "/api/v1/tus", {
        ...tus,
        "upload-length": String(size),
        "upload-metadata": `purpose ${btoa("drive")}`,
      }).end(),
    );
    const path = String(created.headers["location"]);
    const stream = { ...tus, "content-type": "application/offset+octet-stream", "content-length": String(size) };
    const older = ask("PATCH", path, { ...stream, "upload-offset": "0" });
    const refused = answerTo(older);
    older.write(randomBytes(mebibyte));
    await until(async () => (await Array.fromAsync(platform.blob.pieces())).length > 0);
    const seen = await answerTo(ask("HEAD", path, tus, new Agent()).end());
    assert.equal(seen.statusCode, 200);
    assert.equal((await refused).statusCode, 400);
    older.end(randomBytes(mebibyte));
    // On the same connection, behind what nobody wants any more.
    const next = await answerTo(ask("HEAD", path, tus).end());
    assert.deepEqual([next.statusCode, next.headers["upload-offset"]], [200, seen.headers["upload-offset"]]);
  });

  it("is drained for some MiB, then closed", async () => {
    let read = 0;
    const endless = new Readable({
      read() {
        this.push(Buffer.alloc(mebibyte));
        read += 1;
      },
    });
    drain(endless);
    await once(endless, "close");
    assert.ok(read > 4 && read < 20, `${read} MiB`);
  });
});

const platform = new Platform({}, { upload: { fileBytesMax: 20 * mebibyte } });
const agent = new Agent({ keepAlive: true, maxSockets: 1 });
const tus = { "tus-resumable": "1.0.0" };
let port = 0;
let token = "";

const ask = (method: string, path: string, headers: Record<string, string>, through = agent): ClientRequest =>
  request({ port, method, path, agent: through, headers: { authorization: `Bearer ${token}`, ...headers } });

async function answerTo(asking: ClientRequest): Promise<IncomingMessage> {
  const [answer] = (await once(asking, "response")) as [IncomingMessage]; // The event's arguments.
  answer.resume();
  // A connection is given back when its answer was read.
  await once(answer, "end");
  return answer;
}
