import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { afterEach, describe, it } from "node:test";
import { connect as connectSecurely } from "node:tls";
import { selfSigned } from "../http/self-signed.ts";
import { nodeTcp } from "./node.ts";
import type { TcpConnection, TcpServer, TcpServerOptions } from "./port.ts";

describe("a TCP port", () => {
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    await server?.close();
  });

  it("passes bytes in both directions, and reports the end of a connection once", async () => {
    let closed = 0;
    await open({ closed: () => (closed += 1) });
    const socket = await dial();
    socket.write("one");
    assert.equal(await textOf(socket, 3), "one");
    const { promise, resolve } = Promise.withResolvers<void>();
    ended = resolve;
    socket.end();
    await promise;
    assert.equal(closed, 1);
  });

  it("takes TLS beside plain connections by its first byte, where there is a certificate", async () => {
    await open({ tls: selfSigned() });
    const plain = await dial();
    plain.write("plain");
    assert.equal(await textOf(plain, 5), "plain");
    const secure = connectSecurely({ port: server?.port ?? 0, host: "127.0.0.1", rejectUnauthorized: false });
    sockets.push(secure);
    await once(secure, "secureConnect");
    secure.write("secret");
    assert.equal(await textOf(secure, 6), "secret");
    assert.deepEqual(encrypted, [false, true]);
  });

  it("ends a TLS handshake where there is no certificate", async () => {
    await open({});
    const socket = await dial();
    socket.write(Buffer.from([22, 3, 1, 0, 5, 1, 2, 3, 4, 5]));
    await once(socket, "close");
    assert.deepEqual(encrypted, []);
  });

  it("gives the place of the oldest stranger of the largest network to a newcomer, and none that is admitted", async () => {
    await open({ strangersMax: 3 });
    const known = await dial("127.0.0.2");
    known.write("k");
    await textOf(known, 1);
    connection?.admit(usualRate);
    const lone = await dial("127.0.0.3");
    const crowd = [await dial("127.0.0.4"), await dial("127.0.0.4")];
    for (const socket of [lone, ...crowd]) socket.write("c");
    await Promise.all([lone, ...crowd].map((socket) => textOf(socket, 1)));
    const newcomer = await dial("127.0.0.5");
    const [oldest, newest] = crowd;
    assert.ok(oldest && newest);
    await once(oldest, "close");
    for (const socket of [known, lone, newest, newcomer]) socket.write("b");
    for (const socket of [known, lone, newest, newcomer]) assert.equal(await textOf(socket, 1), "b");
  });

  it("ends a connection that is not admitted in time, however it drips, and keeps one that is", async () => {
    await open({ admissionMs: 50 });
    const known = await dial();
    known.write("k");
    await textOf(known, 1);
    connection?.admit(usualRate);
    const dripper = await dial();
    await writeUntilClosed(dripper);
    known.write("k");
    assert.equal(await textOf(known, 1), "k");
  });

  it("ends a stranger that sends more than is needed to be known", async () => {
    await open({ admissionBytesMax: 1_000 });
    const socket = await dial();
    socket.write(Buffer.alloc(1_001));
    await once(socket, "close");
  });

  it("reads an admitted connection no faster than its rate", async () => {
    await open({});
    const socket = await dial();
    socket.write("k");
    await textOf(socket, 1);
    let taken = 0;
    socket.on("data", (chunk: Buffer) => (taken += chunk.length));
    // An hour for what is above the burst: within any test it waits.
    connection?.admit({ burstBytes: 100_000, bytesPerSecond: 1_000 });
    socket.write(Buffer.alloc(4 * 2 ** 20));
    await once(socket, "data");
    await new Promise((resolve) => setImmediate(resolve));
    assert.ok(taken <= 200_000, `${taken} bytes`);
  });

  it("disconnects a client that goes on sending after the last answer, which it can still read", async () => {
    await open({});
    // Half open, as encoders are that notice nothing until a write of theirs fails.
    const socket = await dial("127.0.0.1", true);
    socket.write("a");
    await textOf(socket, 1);
    connection?.send(Buffer.from("bye"));
    connection?.end();
    assert.equal(await textOf(socket, 3), "bye");
    await writeUntilClosed(socket);
  });

  it("ends a connection that is idle", async () => {
    await open({ idleMs: 20 });
    const socket = await dial();
    await once(socket, "close");
  });

  it("stops reading while it is paused", async () => {
    await open({});
    const socket = await dial();
    socket.write("x");
    await textOf(socket, 1);
    connection?.pause();
    // More than the buffers of both sides hold.
    const sent = new Promise<void>((resolve) => socket.write(Buffer.alloc(32 * 2 ** 20), () => resolve()));
    assert.equal(
      await Promise.race([sent.then(() => "sent"), new Promise((resolve) => setImmediate(resolve, "waits"))]),
      "waits",
    );
    socket.resume();
    connection?.resume();
    await sent;
  });

  it("is closed when the listener of each connection is", async () => {
    let closed = 0;
    await open({ closed: () => (closed += 1) });
    for (const socket of [await dial(), await dial()]) {
      socket.write("x");
      await textOf(socket, 1);
    }
    await server?.close();
    assert.equal(closed, 2);
  });

  it("says that a port is taken", async () => {
    await open({});
    await assert.rejects(nodeTcp.listen(options({ port: server?.port ?? 0 })), { code: "EADDRINUSE" });
  });
});

const usualRate = { burstBytes: 2 ** 20, bytesPerSecond: 2 ** 20 };
let server: TcpServer | undefined;
let connection: TcpConnection | undefined;
let ended: () => void = () => undefined;
const sockets: Socket[] = [];
const encrypted: boolean[] = [];

const options = ({ closed, ...changes }: Partial<TcpServerOptions> & { closed?: () => void }): TcpServerOptions => ({
  host: "127.0.0.1",
  port: 0,
  trustedProxies: [],
  strangersMax: 10,
  perNetworkMax: 10,
  admissionMs: 60_000,
  admissionBytesMax: 64 * 2 ** 20,
  idleMs: 60_000,
  accept(accepted) {
    connection = accepted;
    encrypted.push(accepted.isEncrypted);
    return {
      bytes: (chunk) => accepted.send(chunk),
      close: () => {
        closed?.();
        ended();
      },
    };
  },
  ...changes,
});

async function open(changes: Partial<TcpServerOptions> & { closed?: () => void }): Promise<void> {
  encrypted.length = 0;
  server = await nodeTcp.listen(options(changes));
}

async function dial(localAddress = "127.0.0.1", allowHalfOpen = false): Promise<Socket> {
  const socket = connect({ port: server?.port ?? 0, host: "127.0.0.1", localAddress, allowHalfOpen });
  socket.on("error", () => undefined);
  sockets.push(socket);
  await once(socket, "connect");
  return socket;
}

/** The last write may fail, with a reset of the other side. */
async function writeUntilClosed(socket: Socket): Promise<void> {
  const writes = setInterval(() => socket.write("."), 5);
  await new Promise((resolve) => socket.once("close", resolve));
  clearInterval(writes);
}

async function textOf(socket: Socket, length: number): Promise<string> {
  let text = "";
  while (text.length < length) {
    const [chunk] = (await once(socket, "data")) as [Buffer]; // It sends bytes.
    text += chunk.toString();
  }
  return text;
}
