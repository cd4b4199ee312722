import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createFastifyServer } from "#kernel/http/fastify/fastify";
import { echo, Listening, route } from "#kernel/http/testing";
import { smuggled } from "./smuggled.ts";

/** RFC 9112 §11.2: a server that finds the end of a request elsewhere than its proxy answers a request that nobody sent. */
describe("a request in another one", () => {
  it("is never answered, and an ambiguous one is refused with the end of its connection (S1.6)", async () => {
    let count = 0;
    const hidden = route("GET", "/hidden", async () => (count += 1));
    await using port = await Listening.on(createFastifyServer, [echo, hidden, route("GET", "/", async () => "ok")], {
      connectionLimits: { headersMs: 500, bodyMs: 500, idleMs: 500, lingerMs: 100, checkMs: 100 },
    });
    const cases = smuggled("/echo", "GET /hidden HTTP/1.1\r\nHost: x\r\n\r\n");
    assert.ok(cases.length > 80, `${cases.length} cases`);
    const wrong: string[] = [];
    await Promise.all(
      cases.map(async ({ name, bytes, isBody }) => {
        const text = await port.exchange(bytes);
        const status = Number(text.slice("HTTP/1.1 ".length, "HTTP/1.1 400".length));
        const answers = text.match(/^HTTP\/1\.1 \d{3} /gm)?.length ?? 0;
        const isRefused = status >= 400 && status < 500 && /^connection: close\r$/im.test(text);
        if (answers > 1 || !(isRefused || isBody)) wrong.push(`${name}: ${answers} answers, ${text.slice(0, 200)}`);
      }),
    );
    assert.deepEqual(wrong, []);
    assert.equal(count, 0);
    assert.equal((await port.ask("/hidden")).status, 200);
    assert.equal(count, 1, "and it can be answered");
  });
});
