import assert from "node:assert/strict";
import { connect, type Socket } from "node:net";
import { after, before, beforeEach, describe, it } from "node:test";
import { sql } from "kysely";
import { callOf } from "#kernel/host/testing";
import { auth, Family } from "#services/auth/contract";
import { WebSocket } from "ws";
import { type Account, Platform } from "#test/platform/platform";

describe("the WebSocket of updates", () => {
  before(async () => {
    await platform.open();
    port = await platform.app.listen({ host: "127.0.0.1", port: 0 });
  });
  beforeEach(async () => {
    await platform.host.clear();
    [mira, noor] = [await platform.join(), await platform.join()];
    await platform.host.drain();
  });
  after(async () => {
    for (const one of opened) one.terminate();
    await platform[Symbol.asyncDispose]();
  });

  it("pushes messages, read receipts and notifications in the format of the update list", async () => {
    const [hers, theirs] = [await Listener.by(mira), await Listener.by(noor)];
    const { data } = await send(mira, noor, "hello");
    const frame = await theirs.until((frame) => frame.data?.type === "message");
    assert.deepEqual([frame.data?.message?.content, frame.data?.unread.request_count], ["hello", 1]);
    assert.equal((await hers.until((frame) => frame.data?.type === "message")).data?.message?.is_mine, true);
    const polled = await platform.ask(`/api/v1/updates?after=${Number(frame.data?.seq) - 1}`, { token: noor.token });
    assert.deepEqual((polled.data["list"] as unknown[])[0], frame.data);
    const id = Number(data["conversation_id"]);
    await platform.ask(`/api/v1/conversations/${id}/accept`, { method: "POST", token: noor.token });
    await platform.ask(`/api/v1/conversations/${id}/read`, { method: "PUT", token: noor.token });
    await hers.until((frame) => frame.data?.type === "read" && frame.data.conversation_id === id);
    await platform.ask(`/api/v1/users/${noor.id}/follow`, { method: "POST", token: mira.token });
    const follow = await theirs.until((frame) => frame.data?.type === "notification");
    assert.deepEqual([follow.data?.notification?.type, follow.data?.notification?.sender?.username], [3, mira.name]);
  });

  it("resumes after a sequence number without gap or repeat, or sends a reset", async () => {
    const first = await Listener.by(noor);
    for (const text of ["1", "2"]) await send(mira, noor, text);
    const { data } = await first.until((frame) => frame.data?.message?.content === "1");
    first.socket.terminate();
    for (const text of ["3", "4"]) await send(mira, noor, text);
    const next = await Listener.by(noor, `&after=${data?.seq}`);
    await next.until((frame) => frame.data?.message?.content === "4");
    assert.deepEqual(next.texts(), ["2", "3", "4"]);
    next.socket.send(JSON.stringify({ type: "resume", after: data?.seq }));
    await next.until((_, n) => n >= 8);
    assert.deepEqual(next.texts(), ["2", "3", "4", "2", "3", "4"]);
    const far = await Listener.by(noor, "&after=999999");
    assert.equal(far.frames[0]?.type, "reset");
  });

  it("opens for same-origin cookies and single-use tickets, and refuses tokens in its URL (S6.4)", async () => {
    const login = await platform.ask("/api/v1/users/login", {
      method: "POST",
      body: { username: mira.name, password: "correct horse" },
      headers: { "x-kinora-session": "cookie", origin: `http://127.0.0.1:${port}`, host: `127.0.0.1:${port}` },
    });
    const cookie = [login.headers["set-cookie"]]
      .flat()
      .map((one) => String(one).split(";")[0])
      .join("; ");
    assert.match(cookie, /kinora_access/);
    const here = `http://127.0.0.1:${port}`;
    assert.equal(await statusOf("", { cookie, origin: here }), 101);
    assert.equal(await statusOf("", { cookie, origin: "https://evil.example" }), 403);
    assert.equal(await statusOf("", { cookie }), 401, "a cookie without an origin is nobody's word");
    assert.equal(await statusOf("", { origin: here }), 401);
    assert.equal(await statusOf(`?ticket=${await ticketOf(mira)}`, { origin: "https://evil.example" }), 403);
    const ticket = await ticketOf(mira);
    assert.equal(await statusOf(`?ticket=${ticket}`), 101);
    assert.equal(await statusOf(`?ticket=${ticket}`), 401);
    assert.equal(await statusOf(`?ticket=${mira.token}`), 400, "a session's token is no ticket");
    for (const name of ["token", "access_token"]) assert.equal(await statusOf(`?${name}=${mira.token}`), 401);
    const plain = await platform.ask("/api/v1/ws", { token: mira.token });
    assert.deepEqual([plain.status, plain.body["error"]], [400, "gateway.not_a_socket"]);
  });

  it("closes on frames that are too large, too frequent, unknown or malformed", async () => {
    const codeAfter = async (act: (socket: WebSocket) => void) => {
      const { socket } = await Listener.by(mira);
      const closed = new Promise<number>((resolve) => socket.once("close", resolve));
      act(socket);
      return closed;
    };
    assert.equal(await codeAfter((socket) => socket.send("x".repeat(64 * 1024 + 1))), 1009);
    assert.equal(await codeAfter((socket) => socket.send("{}")), 1008);
    assert.equal(await codeAfter((socket) => socket.send("[[[")), 1008);
    assert.equal(await codeAfter((socket) => socket.send('{"type":"resume","after":-1}')), 1008);
    assert.equal(await codeAfter((socket) => socket.send(Buffer.from([1, 2, 3]))), 1003);
    assert.equal(
      await codeAfter((socket) => {
        for (let n = 0; n < 40; n++) socket.send('{"type":"ping"}');
      }),
      1008,
    );
    // A frame that is not masked, which no client may send.
    const raw = await rawSocket(await ticketOf(mira));
    raw.write(Buffer.from([0x81, 0x01, 0x61]));
    const code = Buffer.alloc(2);
    code.writeUInt16BE(1002);
    assert.ok((await allOf(raw)).includes(code));
    const alive = await Listener.by(mira);
    alive.socket.send('{"type":"ping"}');
    await alive.until((frame) => frame.type === "pong");
  });

  it("disconnects a client that does not read, and delays no other", async () => {
    const slow = await rawSocket(await ticketOf(noor));
    slow.pause();
    const quick = await Listener.by(noor);
    const text = "x".repeat(2_000);
    // Updates come from the tables, so one statement is enough to have many of them.
    await send(mira, noor, text);
    await quick.until((frame) => frame.data?.type === "message");
    const db = platform.host.database<never>("message");
    await db.tx((tx) =>
      sql`WITH more AS (INSERT INTO updates (user_id, seq, type, item_id, conversation_id, created_at_ms)
            SELECT u.user_id, u.seq + n, u.type, u.item_id, u.conversation_id, u.created_at_ms
            FROM updates u, generate_series(1, 900) AS n WHERE u.user_id = ${noor.id} AND u.type = 'message' RETURNING seq)
          UPDATE inboxes SET seq = seq + 900 WHERE user_id = ${noor.id}`.execute(tx),
    );
    const after = Number(quick.frames.at(-1)?.data?.seq) - 1;
    for (let n = 0; n < 12; n++) {
      const resume = Buffer.from(JSON.stringify({ type: "resume", after }));
      // Masked with zeros.
      slow.write(Buffer.concat([Buffer.from([0x81, 0x80 | resume.length, 0, 0, 0, 0]), resume]));
    }
    await quick.until((_, n) => n > 900);
    // A frame that never ends: it fails when the other side has closed, and is no frame that is counted.
    slow.write(Buffer.from([0x81, 0xfe, 0xf0, 0x00, 0, 0, 0, 0]));
    while (!slow.destroyed) {
      slow.write("a");
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await send(mira, noor, "still here");
    await quick.until((frame) => frame.data?.message?.content === "still here");
  });

  it("closes with 4401 when its session ends", async () => {
    const listener = await Listener.by(mira);
    const closed = new Promise<number>((resolve) => listener.socket.once("close", resolve));
    await platform.ask("/api/v1/users/logout", { method: "POST", token: mira.token });
    assert.equal(await closed, 4401);
    assert.equal((await platform.ask("/api/v1/ws/ticket", { method: "POST", token: mira.token })).status, 401);
  });

  it("accepts the token of each compatible API, and closes when its session ends", async () => {
    for (const family of Family.options) {
      const call = callOf(undefined, { caller: "gateway" });
      const credentials = { family, username: `${family}_ws`, password: "sesame" };
      const { token } = await platform.host.client(auth).registerFor(credentials, call);
      const socket = new WebSocket(`ws://127.0.0.1:${port}/api/v1/ws`, {
        headers: { authorization: `Bearer ${token}` },
      });
      opened.push(socket);
      const closed = new Promise<number>((resolve) => socket.once("close", resolve));
      await new Promise((resolve, reject) => socket.once("message", resolve).once("error", reject));
      await platform.ask("/api/v1/users/logout", { method: "POST", token });
      assert.equal(await closed, 4401, family);
    }
  });

  it("answers 429 to the 21st connection of a user", async () => {
    const sockets = await Promise.all(Array.from({ length: 20 }, () => Listener.by(noor)));
    assert.equal(await statusOf(`?ticket=${await ticketOf(noor)}`), 429);
    sockets[0]?.socket.terminate();
    while ((await statusOf(`?ticket=${await ticketOf(noor)}`)) !== 101) await new Promise(setImmediate);
    assert.equal(await statusOf(`?ticket=${await ticketOf(mira)}`), 101);
  });

  it("stays open for 20 of 60 connections that a user opens concurrently", async () => {
    const tickets = await Promise.all(Array.from({ length: 60 }, () => ticketOf(noor)));
    const outcomes = await Promise.all(
      tickets.map(
        (ticket) =>
          new Promise<string>((resolve) => {
            const socket = new WebSocket(`ws://127.0.0.1:${port}/api/v1/ws?ticket=${ticket}`);
            opened.push(socket);
            socket.once("message", () => resolve("open"));
            socket.once("unexpected-response", (_, { statusCode }) => resolve(String(statusCode)));
            socket.once("close", (code) => resolve(String(code)));
            socket.on("error", () => undefined);
          }),
      ),
    );
    const counts = Map.groupBy(outcomes, (outcome) => outcome);
    assert.equal(counts.get("open")?.length, 20);
    assert.deepEqual(
      [...counts.keys()].filter((outcome) => !["open", "429", "1013"].includes(outcome)),
      [],
    );
  });

  it("ignores upgrade requests to other paths", async () => {
    const answer = await fetch(`http://127.0.0.1:${port}/api/v1/instance`, { headers: { connection: "close" } });
    assert.equal(answer.status, 200);
    assert.equal(await statusOf("", {}, "/api/v1/instance"), 200);
  });
});

interface Frame {
  readonly type: string;
  readonly seq?: number;
  readonly data?: {
    readonly seq: number;
    readonly type: string;
    readonly conversation_id: number | null;
    readonly message: { readonly content: string; readonly is_mine: boolean } | null;
    readonly notification: { readonly type: number; readonly sender: { readonly username: string } | null } | null;
    readonly unread: { readonly request_count: number };
  };
}

/** A socket and what it said. */
class Listener {
  readonly frames: Frame[] = [];
  readonly socket: WebSocket;
  #frame: () => void = () => undefined;

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on("error", () => undefined);
    socket.on("message", (bytes: Buffer) => {
      this.frames.push(JSON.parse(bytes.toString()) as Frame); // Our own words.
      this.#frame();
    });
  }

  /** Ready when it has said where it begins. */
  static async by(account: Account, more = ""): Promise<Listener> {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/api/v1/ws?ticket=${await ticketOf(account)}${more}`);
    opened.push(socket);
    const listener = new Listener(socket);
    await listener.until(() => true);
    return listener;
  }

  async until(holds: (frame: Frame, count: number) => boolean): Promise<Frame> {
    for (;;) {
      const match = this.frames.find((frame) => holds(frame, this.frames.length));
      if (match) return match;
      await new Promise<void>((resolve) => (this.#frame = resolve));
    }
  }

  texts(): string[] {
    return this.frames.flatMap(({ data }) => data?.message?.content ?? []);
  }
}

const platform = new Platform({ pace: { sessionMs: 50, pingMs: 600_000, waitingBytesMax: 256 * 1024 } });
const opened: WebSocket[] = [];
let port = 0;
let mira: Account;
let noor: Account;

async function ticketOf({ token }: Account): Promise<string> {
  return String((await platform.ask("/api/v1/ws/ticket", { method: "POST", token })).data["ticket"]);
}
const send = ({ token }: Account, { id }: Account, content: string) =>
  platform.ask("/api/v1/messages", { method: "POST", token, body: { receiver_id: id, content } });

const handshake = (path: string, headers: Readonly<Record<string, string>>) =>
  [
    `GET ${path} HTTP/1.1`,
    `Host: 127.0.0.1:${port}`,
    "Upgrade: websocket",
    "Connection: Upgrade",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    "\r\n",
  ].join("\r\n");

/** The status an upgrade is answered with. */
async function statusOf(
  query: string,
  headers: Readonly<Record<string, string>> = {},
  path = "/api/v1/ws",
): Promise<number> {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => undefined);
  socket.write(handshake(`${path}${query}`, headers));
  const head = await new Promise<Buffer>((resolve) => socket.once("data", resolve));
  socket.destroy();
  return Number(head.toString().split(" ")[1]);
}

/** A connection whose bytes are ours to write. */
async function rawSocket(ticket: string): Promise<Socket> {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => undefined);
  socket.write(handshake(`/api/v1/ws?ticket=${ticket}`, {}));
  await new Promise((resolve) => socket.once("data", resolve));
  return socket;
}
async function allOf(socket: Socket): Promise<Buffer> {
  const parts: Buffer[] = [];
  socket.on("data", (part: Buffer) => parts.push(part));
  await new Promise((resolve) => socket.once("close", resolve));
  return Buffer.concat(parts);
}
