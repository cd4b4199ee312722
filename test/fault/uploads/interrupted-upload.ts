import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { type ClientRequest, type IncomingMessage, request } from "node:http";
import { connect, createServer, type Server, type Socket } from "node:net";
import type { AddressInfo } from "node:net";
import { once } from "node:events";
import type { Instance } from "../../instance/instance.ts";
import type { Person } from "../../users/person.ts";
import type { Random } from "../../random.ts";
import { until } from "../../until.ts";

interface Planned {
  readonly instance: Instance;
  readonly person: Person;
  readonly sizeBytes: number;
  readonly interruptions: number;
  /** So many of them kill the server at most. */
  readonly killsMax?: number;
  /** The place of the interruption. */
  readonly random: Random;
  /** Bytes a second, so that little is under way at once. */
  readonly rate: number;
}
export interface Sent {
  readonly fileId: number;
  readonly sha256: string;
  readonly sentBytes: number;
  readonly ways: readonly string[];
}

const ways = ["client", "kill", "network"] as const;
const blockBytes = 64 * 1_024;

/** Sends a generated file by tus through a line that is cut, from a client that goes away, to a server that is killed. */
export async function sendInterrupted({
  instance,
  person,
  sizeBytes,
  interruptions,
  killsMax = interruptions,
  random,
  rate,
}: Planned): Promise<Sent> {
  await using line = await Line.to(Number(new URL(instance.url).port));
  const hash = createHash("sha256");
  for (let at = 0; at < sizeBytes; at += blockBytes) hash.update(blockAt(at, sizeBytes));
  const common = { "tus-resumable": "1.0.0", authorization: `Bearer ${person.token}` };
  const ask = (method: string, path: string, headers: Record<string, string>): ClientRequest =>
    request({ port: line.port, method, path, agent: false, headers: { ...common, ...headers } });
  const metadata = `filename ${btoa("interrupted.bin")},purpose ${btoa("drive")}`;
  const response = await answerTo(
    ask("POST", "/api/v1/tus", { "upload-length": String(sizeBytes), "upload-metadata": metadata }),
  );
  const path = String(response?.headers["location"]);
  const id = path.split("/").at(-1) ?? "";
  const look = () => answerTo(ask("HEAD", path, {}));

  const used: string[] = [];
  let sentBytes = 0;
  let fileId = 0;

  for (let cut = 0; fileId === 0; ) {
    const seen = await until(async () => {
      const answer = await look();
      return answer?.statusCode === 200 ? answer : undefined;
    });
    let offset = Number(seen.headers["upload-offset"]);
    // Between this interruption and the next it gets at least somewhere.
    const place =
      cut < interruptions ? Math.floor((sizeBytes * (cut + 0.2 + 0.6 * random.next())) / interruptions) : sizeBytes;
    const patch = ask("PATCH", path, {
      "content-type": "application/offset+octet-stream",
      "upload-offset": String(offset),
      "content-length": String(sizeBytes - offset),
    });
    const answered = answerTo(patch);
    const send = async (): Promise<boolean> => {
      const block = blockAt(offset, sizeBytes);
      const isWritten = await new Promise<boolean>((resolve) => {
        patch.once("close", () => resolve(false));
        patch.write(block, (error) => resolve(!error));
      });
      patch.removeAllListeners("close");
      if (!isWritten) return false;
      offset += block.byteLength;
      sentBytes += block.byteLength;
      return true;
    };
    while (offset < Math.max(place, Number(seen.headers["upload-offset"])) && !patch.destroyed) {
      if (!(await send())) break;
      await new Promise((resolve) => setTimeout(resolve, (1_000 * blockBytes) / rate));
    }
    if (cut < interruptions && offset < sizeBytes) {
      // A busy machine may be far behind: when it has all, one block more is under way as it is interrupted.
      const isRead = async () => Number((await person.get(`/upload/${id}/status`))["received"]) >= offset;
      await until(async () => patch.destroyed || (await isRead()));
      await send();
      const next = ways[cut % ways.length] ?? "client";
      const way = next === "kill" && used.filter((one) => one === "kill").length === killsMax ? "network" : next;
      used.push(way);
      cut += 1;
      if (way === "client") patch.destroy();
      else if (way === "network") line.cut();
      else {
        await instance.kill();
        await instance.restart();
      }
      await answered;
      continue;
    }
    patch.end();
    fileId = Number((await answered)?.headers["kinora-file-id"] ?? 0);
  }
  assert.equal(used.length, interruptions);
  return { fileId, sha256: hash.digest("hex"), sentBytes, ways: used };
}

/** The bytes of the file from `at` on: another block for each place, without anybody keeping the file. */
function blockAt(at: number, sizeBytes: number): Buffer {
  const start = at - (at % blockBytes);
  const block = Buffer.alloc(blockBytes);
  let state = (start / blockBytes + 1) * 0x9e3779b1;
  for (let i = 0; i < blockBytes; i += 4) {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x6d2b79f5;
    block.writeInt32LE(state | 0, i);
  }
  return block.subarray(at - start, Math.min(blockBytes, sizeBytes - start));
}

/** Undefined where none came. */
async function answerTo(asking: ClientRequest): Promise<IncomingMessage | undefined> {
  if (asking.method !== "PATCH") asking.end();
  const answer = await new Promise<IncomingMessage | undefined>((resolve) => {
    asking.once("response", resolve);
    asking.once("error", () => resolve(undefined));
    asking.once("close", () => resolve(undefined));
  });
  asking.on("error", () => undefined);
  answer?.resume();
  return answer;
}

/** A line to a server that can be cut. */
class Line implements AsyncDisposable {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server) {
    this.#server = server;
  }

  static async to(port: number): Promise<Line> {
    const server = createServer();
    const line = new Line(server);
    server.on("connection", (near) => {
      const far = connect(port, "127.0.0.1");
      for (const [one, other] of [
        [near, far],
        [far, near],
      ] as const) {
        line.#sockets.add(one);
        one.on("error", () => other.destroy());
        one.on("close", () => {
          line.#sockets.delete(one);
          other.destroy();
        });
        one.pipe(other);
      }
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return line;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port; // It listens on TCP.
  }

  cut(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut();
    this.#server.close();
    await once(this.#server, "close");
  }
}
