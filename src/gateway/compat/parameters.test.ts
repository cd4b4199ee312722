import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createFastifyServer } from "#kernel/http/fastify/fastify";
import { assertFailed, Listening, parsed, route } from "#kernel/http/testing";
import { readUrlencoded } from "./parameters.ts";

describe("the form body of a compatible API", () => {
  const fields = {
    ...route("POST", "/fields", async (request) => readUrlencoded(request, 1_000)),
    takes: "any" as const,
  };
  const head = (length: number) =>
    `POST /fields HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: ${length}\r\n\r\n`;

  it("is read with the first value of each name", async () => {
    await using port = await Listening.on(createFastifyServer, [fields]);
    assert.deepEqual(parsed(await port.exchange(`${head(11)}a=1&b=2&a=3`)).body, { a: "1", b: "2" });
    assertFailed(parsed(await port.exchange(head(1_001))), 413, "gateway.too_large");
  });

  it("is answered with 408 where it does not arrive in time (S8.7)", async () => {
    await using port = await Listening.on(createFastifyServer, [fields], {
      connectionLimits: { bodyMs: 100, lingerMs: 100 },
    });
    assertFailed(parsed(await port.exchange(`${head(1_000)}a=1`)), 408, "gateway.too_slow");
  });
});
