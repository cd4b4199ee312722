import assert from "node:assert/strict";
import { Agent, createServer, type IncomingMessage, request, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { after, before, describe, it } from "node:test";
import { sendRawResponse, acceptsRawResponse, rawResponse } from "./raw-response.ts";

describe("a raw response", () => {
  before(() => new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve)));
  after(() => {
    agent.destroy();
    server.close();
  });

  it("is read like any other response, and keeps the connection open", async () => {
    const ports = new Set<number | undefined>();
    for (const path of ["/whole", "/whole", "/plain", "/whole"]) {
      const { status, headers, bytes, port } = await get(path);
      ports.add(port);
      if (path === "/plain") {
        assert.deepEqual([status, bytes.toString()], [200, "plain"]);
        continue;
      }
      assert.deepEqual([status, headers["content-type"], headers["content-length"]], [206, "video/mp4", "300000"]);
      assert.ok(bytes.equals(body));
      assert.match(headers["date"] ?? "", / GMT$/);
    }
    assert.equal(ports.size, 1, "one connection served them all");
  });

  it("carries the id of each request", async () => {
    const ids = [await get("/whole"), await get("/whole")].map(({ headers }) => headers["x-request-id"]);
    assert.equal(new Set(ids).size, 2);
    for (const id of ids) assert.match(String(id), /^id-\d+-0+$/);
  });

  it("is not used for a closing connection, a client's request id, or another protocol", () => {
    const asks = (headers: object, httpVersion = "1.1") => {
      const request = { headers, httpVersion, method: "GET" } as unknown as IncomingMessage; // All that is read of it.
      return acceptsRawResponse(request, new ServerResponse(request));
    };
    assert.equal(asks({}), true);
    assert.equal(asks({ connection: "Keep-Alive" }), true);
    assert.equal(asks({ connection: "close" }), false);
    assert.equal(asks({ "x-request-id": "mine" }), false);
    assert.equal(asks({}, "1.0"), false);
  });

  it("rejects a header with a line break", () => {
    assert.throws(() => rawResponse(200, { etag: '"x"\r\nset-cookie: a=b' }, body), TypeError);
  });
});

const body = Buffer.alloc(300_000, "kinora");
const raw = rawResponse(206, { "content-type": "video/mp4", "content-length": body.byteLength }, body);
let count = 0;
const server = createServer((asked, response) => {
  count += 1;
  if (asked.url === "/whole" && acceptsRawResponse(asked, response)) sendRawResponse(response, raw, `id-${count}-`);
  else response.end("plain");
});
// A client that is late would find its connection closed.
server.keepAliveTimeout = 0;
const agent = new Agent({ keepAlive: true, maxSockets: 1 });

interface Got {
  readonly status: number | undefined;
  readonly headers: IncomingMessage["headers"];
  readonly bytes: Buffer;
  readonly port: number | undefined;
}
const get = (path: string): Promise<Got> =>
  new Promise((resolve, reject) => {
    const { port } = server.address() as AddressInfo; // It listens on TCP.
    request({ port, path, agent, host: "127.0.0.1" }, (answer) => {
      const { statusCode: status, headers, socket } = answer;
      const { localPort } = socket;
      buffer(answer).then((bytes) => resolve({ status, headers, bytes, port: localPort }), reject);
    })
      .on("error", reject)
      .end();
  });
