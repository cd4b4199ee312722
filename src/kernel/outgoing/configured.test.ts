import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, describe, it } from "node:test";
import { text } from "node:stream/consumers";
import { AnswerTooLarge, createConfiguredServer } from "./configured.ts";

let port = 0;
const server = createServer((request, response) => {
  void text(request).then((body) => {
    const { method, url, headers } = request;
    if (url === "/endless") return flood(response);
    if (url === "/moved") response.writeHead(302, { location: "/" });
    else response.writeHead(url?.endsWith("absent") ? 404 : 200);
    response.end([method, url, headers.authorization, headers["content-type"], body].join(" "));
  });
});
const signal = new AbortController().signal;
/** Set when the client closes the connection of an endless answer. */
let floodEnd = Promise.withResolvers<void>();

function flood(response: ServerResponse): void {
  floodEnd = Promise.withResolvers();
  response.on("close", floodEnd.resolve);
  const write = (): void => {
    while (!response.destroyed && response.write("x".repeat(65_536)));
    response.once("drain", write);
  };
  write();
}

describe("a server that the configuration names", () => {
  before(async () => {
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    port = (server.address() as AddressInfo).port; // It listens on a port.
  });
  after(() => server.close());

  it("is asked below the path of its URL, as the user of its URL", async () => {
    const named = createConfiguredServer(`http://a%20b:p%40ss@127.0.0.1:${port}/base/`);
    const basic = Buffer.from("a b:p@ss").toString("base64");
    assert.deepEqual(await named.ask({ method: "POST", path: "/x?y=1", body: "{}", signal }), {
      status: 200,
      text: `POST /base/x?y=1 Basic ${basic} application/json {}`,
    });
  });

  it("is asked with other credentials where they are given, and with none where there are none", async () => {
    const url = `http://127.0.0.1:${port}`;
    const request = { method: "GET", path: "/x", signal } as const;
    assert.equal((await createConfiguredServer(url, "ApiKey abc").ask(request)).text, "GET /x ApiKey abc  ");
    assert.equal((await createConfiguredServer(url).ask(request)).text, "GET /x   ");
  });

  it("answers with any status, and follows no redirect", async () => {
    const named = createConfiguredServer(`http://127.0.0.1:${port}`);
    assert.equal((await named.ask({ method: "GET", path: "/absent", signal })).status, 404);
    await assert.rejects(named.ask({ method: "GET", path: "/moved", signal }), TypeError);
  });

  it("is read up to the limit of the request, and its connection is closed beyond it", async () => {
    const named = createConfiguredServer(`http://127.0.0.1:${port}`);
    const request = { method: "GET", signal } as const;
    const { text: short } = await named.ask({ ...request, path: "/x", answerBytesMax: 9 });
    assert.equal(short, "GET /x   ");
    await assert.rejects(named.ask({ ...request, path: "/x", answerBytesMax: 8 }), AnswerTooLarge);
    await assert.rejects(named.ask({ ...request, path: "/endless", answerBytesMax: 100_000 }), AnswerTooLarge);
    await floodEnd.promise;
  });
});
