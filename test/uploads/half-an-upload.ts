import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import type { Instance } from "../instance/instance.ts";
import { pieces } from "../instance/folders.ts";
import { formOf, type Person } from "../users/person.ts";
import { until } from "../until.ts";

const clip = join(import.meta.dirname, "../media/one-frame.mp4");

/** Sends half of a file and then nothing more; settles when the server has begun to write it. */
export async function halfAnUpload(instance: Instance, person: Person): Promise<Socket> {
  return (await begunUpload(instance, person)).socket;
}

/** As {@link halfAnUpload}; `end` sends the other half, and yields the status of the answer. */
export async function begunUpload(
  instance: Instance,
  person: Person,
): Promise<{ socket: Socket; end: () => Promise<number> }> {
  const file = Buffer.concat([await readFile(clip), randomBytes(4 * 2 ** 20)]);
  const { type, bytes } = formOf(file, { purpose: "video" });
  const socket = connect(Number(new URL(instance.url).port), "127.0.0.1");
  socket.on("error", () => undefined); // The server may cut it.
  const lines = [
    "POST /api/v1/media/upload HTTP/1.1",
    "host: kinora",
    `authorization: Bearer ${person.token}`,
    `content-type: ${type}`,
    `content-length: ${bytes.byteLength}`,
  ];
  socket.write(`${lines.join("\r\n")}\r\n\r\n`);
  socket.write(bytes.subarray(0, bytes.byteLength / 2));
  await until(async () => (await pieces(instance.data)).length > 0);
  const end = () =>
    new Promise<number>((resolve, reject) => {
      socket.once("data", (answer: Buffer) => resolve(Number(/^HTTP\/1.1 (\d+)/.exec(answer.toString())?.[1])));
      socket.once("close", () => reject(new Error("the connection was closed before the answer")));
      socket.write(bytes.subarray(bytes.byteLength / 2));
    });
  return { socket, end };
}
