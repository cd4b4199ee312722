import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { after, before, describe, it } from "node:test";
import { encodeAmf0 } from "#media/flv/amf0";
import { PublisherChunks } from "#media/rtmp/testing";
import { freePorts } from "#test/ports";
import { until } from "#test/until";
import { LiveFixture } from "../../testing.ts";

describe("the port for encoders", { timeout: 120_000 }, () => {
  before(async () => {
    [port = 0] = await freePorts(1);
    fixture = new LiveFixture({ rtmp: { host: "127.0.0.1", port, isDefault: false } });
    await fixture.start();
  });
  after(async () => {
    for (const socket of sockets) socket.destroy();
    await fixture.host[Symbol.asyncDispose]();
  });

  it("takes an encoder with its key while 200 strangers of ten networks drip bytes (S3.4)", async () => {
    const { streamKey } = await fixture.room();
    const addresses = Array.from({ length: 10 }, (_, n) => `127.0.1.${n + 1}`);
    const drippers = await Promise.all(addresses.flatMap((address) => Array.from({ length: 20 }, () => dial(address))));
    for (const dripper of drippers) dripper.write(Buffer.from([3]));
    const encoder = await dial("127.0.0.1");
    assert.match(await publish(encoder, streamKey), /NetStream\.Publish\.Start/);
    const openDrippers = drippers.filter(({ closed }) => !closed);
    assert.ok(openDrippers.length >= 198, `${openDrippers.length} of 200: the others kept their places`);
  });

  it("takes an encoder with its key behind an address that sent wrong keys", async () => {
    const { streamKey } = await fixture.room();
    for (let n = 0; n < 22; n++) await publish(await dial("127.0.0.9"), `wrong-${n}`);
    assert.match(await publish(await dial("127.0.0.9"), "wrong"), /too many wrong stream keys/);
    assert.match(await publish(await dial("127.0.0.9"), streamKey), /NetStream\.Publish\.Start/);
  });
});

let fixture: LiveFixture;
let port = 0;
const sockets: Socket[] = [];

async function dial(localAddress: string): Promise<Socket> {
  const socket = connect({ port, host: "127.0.0.1", localAddress });
  socket.on("error", () => undefined);
  sockets.push(socket);
  await once(socket, "connect");
  return socket;
}

/** Publishes by RTMP without waiting for answers. Returns what the server wrote until it accepted or refused the stream. */
async function publish(socket: Socket, key: string): Promise<string> {
  let answer = "";
  socket.on("data", (bytes: Buffer) => (answer += bytes.toString("latin1")));
  socket.write(Buffer.concat([Buffer.from([3]), randomBytes(1536), randomBytes(1536)]));
  const chunks = new PublisherChunks(128, true);
  for (const values of [
    ["connect", 1, new Map([["app", "live"]])],
    ["createStream", 2, null],
    ["publish", 3, null, key, "live"],
  ] as const) {
    const message = { type: 20, streamId: 1, timestamp: 0, payload: encodeAmf0(...values) };
    socket.write(Buffer.concat(chunks.chunks(3, message)));
  }
  await until(() => /NetStream\.Publish\.(Start|BadName)/.test(answer));
  return answer;
}
