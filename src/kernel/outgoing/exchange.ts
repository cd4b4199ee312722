import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { request as httpRequest } from "../http/node-http.ts";
import type { OutgoingRequest } from "./port.ts";

const headerBytesMax = 16 * 1024;
/** Ours to say; a caller who sets one is mistaken. */
const ours = new Set(
  (
    "host connection content-length transfer-encoding accept-encoding te upgrade expect cookie trailer keep-alive " +
    "proxy-authorization"
  ).split(" "),
);
/** Headers that may follow a redirect to another origin: the rest can be a credential. */
const harmless = new Set(["accept", "range"]);

export type Headers = Readonly<Record<string, string>>;

/** @throws TypeError when the caller sets a header that is ours to set. */
export function assertHeaders(headers: Headers): void {
  for (const name of Object.keys(headers))
    if (name !== name.toLowerCase() || ours.has(name)) throw new TypeError(`${name} is not for callers to set`);
}

export const headersFor = (from: URL, to: URL, headers: Headers): Headers =>
  from.origin === to.origin
    ? headers
    : Object.fromEntries(Object.entries(headers).filter(([name]) => harmless.has(name)));

/** One request on a connection of its own; settles when the head of the answer is there. */
export function exchange(
  url: URL,
  socket: Duplex,
  { method = "GET", body }: Pick<OutgoingRequest, "method" | "body">,
  headers: Headers,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const bytes = body === undefined ? undefined : Buffer.from(body);
    const request = httpRequest({
      method,
      path: `${url.pathname}${url.search}`,
      // The connection is there already, to the address that was checked.
      createConnection: () => socket,
      maxHeaderSize: headerBytesMax,
      setDefaultHeaders: false,
      headers: {
        host: url.host,
        "user-agent": "Kinora",
        accept: "*/*",
        ...headers,
        // Nothing is unpacked: a small body cannot become a large one.
        "accept-encoding": "identity",
        connection: "close",
        ...(bytes && { "content-length": String(bytes.length) }),
      },
    });
    request.once("response", resolve);
    request.once("upgrade", () => reject(new Error("another protocol was answered")));
    request.on("error", reject);
    request.once("close", () => reject(new Error("closed without an answer")));
    request.end(bytes);
  });
}
