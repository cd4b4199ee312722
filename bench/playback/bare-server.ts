import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** The least Node can do: one cached buffer and three headers, for `bench/playback/segments.ts` to compare with. */
const whole = Buffer.alloc(24_000_000, 1);
const server = createServer((request, response) => {
  const [, from = "0", to = "0"] = request.headers.range?.match(/bytes=(\d+)-(\d+)/) ?? [];
  const part = whole.subarray(Number(from), Number(to) + 1);
  response.writeHead(206, {
    "content-type": "video/mp4",
    "content-length": part.byteLength,
    "content-range": `bytes ${from}-${to}/${whole.byteLength}`,
  });
  response.end(part);
});
server.listen(0, "127.0.0.1", () => {
  process.stdout.write(`port ${(server.address() as AddressInfo).port}\n`); // It listens on TCP.
});
