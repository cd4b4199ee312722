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

  it("refuses connections beyond the limit of an address, until one of them is closed", async () => {
    await open({ perAddressMax: 1 });
    const first = await dial();
    first.write("a");
    await textOf(first, 1);
    const second = await dial();
    await once(second, "close");
    const { promise, resolve } = Promise.withResolvers<void>();
    ended = resolve;
    first.destroy();
    await promise;
    const third = await dial();
    third.write("b");
    assert.equal(await textOf(third, 1), "b");
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

  it("says that a port is taken", async () => {
    await open({});
    await assert.rejects(nodeTcp.listen(options({ port: server?.port ?? 0 })), { code: "EADDRINUSE" });
  });
});

let server: TcpServer | undefined;
let connection: TcpConnection | undefined;
let ended: () => void = () => undefined;
const sockets: Socket[] = [];
const encrypted: boolean[] = [];

const options = ({ closed, ...changes }: Partial<TcpServerOptions> & { closed?: () => void }): TcpServerOptions => ({
  host: "127.0.0.1",
  port: 0,
  connectionsMax: 10,
  perAddressMax: 10,
  idleMs: 60_000,
  accept(accepted) {
    connection = accepted;
    encrypted.push(accepted.isEncrypted);
    return {
      bytes: (chunk) => accepted.send(chunk),
      closed: () => {
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

async function dial(): Promise<Socket> {
  const socket = connect(server?.port ?? 0, "127.0.0.1");
  socket.on("error", () => undefined);
  sockets.push(socket);
  await once(socket, "connect");
  return socket;
}

async function textOf(socket: Socket, length: number): Promise<string> {
  let text = "";
  while (text.length < length) {
    const [chunk] = (await once(socket, "data")) as [Buffer]; // It sends bytes.
    text += chunk.toString();
  }
  return text;
}
