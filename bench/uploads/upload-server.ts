import { createWriteStream } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { FileStore } from "@tus/file-store";
import { Server } from "@tus/server";

/*
 * The controls of bench/uploads/upload.ts, by the first argument, over the folder of the second: `raw` writes each PATCH to a
 * file at its offset and does nothing else; `tus` is @tus/server with its file store.
 */
const [kind, folder = ""] = process.argv.slice(2);
const tus =
  kind === "tus" ? new Server({ path: "/files", datastore: new FileStore({ directory: folder }) }) : undefined;

const server = createServer((request, response) => {
  if (tus) {
    void tus.handle(request, response);
    return;
  }
  const start = Number(request.headers["upload-offset"] ?? 0);
  const file = createWriteStream(join(folder, "raw.bin"), { flags: start === 0 ? "w" : "r+", start });
  void pipeline(request, file).then(() => response.writeHead(204).end());
});
server.listen(0, "127.0.0.1", () => {
  process.stdout.write(`port ${(server.address() as AddressInfo).port}\n`); // It listens on TCP.
});
