import assert from "node:assert/strict";
import { type IncomingMessage, ServerResponse } from "node:http";
import { describe, it } from "node:test";
import { HotAnswers } from "./hot-answers.ts";

describe("answers given again", () => {
  it("take no more memory than they may, whatever ranges are asked for", () => {
    const answers = new HotAnswers(counter, 12_000);
    for (let start = 0; start < 100; start++)
      answers.keep(asked("/a", `bytes=${start}-`), 206, {}, Buffer.alloc(1_000));
    const kept = Array.from(
      { length: 100 },
      (_, start) => given(answers, asked("/a", `bytes=${start}-`)) !== undefined,
    );
    assert.equal(kept.filter(Boolean).length, 10);
    assert.ok(kept.slice(90).every(Boolean), "the newest are the ones that stay");
    answers.keep(asked("/b"), 200, {}, Buffer.alloc(12_001));
    assert.equal(given(answers, asked("/b")), undefined);
  });

  it("are counted once when they are kept again", () => {
    const answers = new HotAnswers(counter, 3_000);
    for (let again = 0; again < 10; again++) answers.keep(asked("/a"), 200, {}, Buffer.alloc(1_000));
    answers.keep(asked("/b"), 200, {}, Buffer.alloc(1_000));
    assert.ok(given(answers, asked("/a")) && given(answers, asked("/b")));
  });

  it("are not for who shows a token, which may be a bad one", () => {
    const answers = new HotAnswers(counter, 3_000);
    answers.keep(asked("/a"), 200, {}, Buffer.alloc(1_000));
    const withToken = Object.assign(asked("/a"), { headers: { authorization: "Bearer x" } });
    assert.equal(given(answers, withToken), undefined);
    assert.ok(given(answers, asked("/a")));
  });

  it("say nothing that was meant for who asked first", () => {
    const answers = new HotAnswers(counter, 1_000);
    const first = { etag: '"x"', "x-ratelimit-remaining": 3, "x-request-id": "first", "set-cookie": "a=b" };
    answers.keep(asked("/a"), 200, first, Buffer.alloc(1));
    const headers = given(answers, asked("/a"));
    assert.deepEqual(
      [headers?.["etag"], headers?.["x-ratelimit-remaining"], headers?.["set-cookie"]],
      ['"x"', undefined, undefined],
    );
    assert.notEqual(headers?.["x-request-id"], "first");
  });
});

const counter = { add: () => undefined };
const asked = (url: string, range?: string) =>
  ({
    method: "GET",
    httpVersion: "1.1",
    url,
    headers: { ...(range !== undefined && { range }) },
  }) as unknown as IncomingMessage; // All that is read of it.

/** The headers of the answer, if there was one. */
function given(answers: HotAnswers, request: IncomingMessage): Record<string, string> | undefined {
  let headers: Record<string, string> | undefined;
  const response = new ServerResponse(request);
  response.end = ((bytes: Buffer) => {
    const [head = ""] = bytes.toString("latin1").split("\r\n\r\n");
    headers = Object.fromEntries(head.split("\r\n").map((line) => line.split(": ", 2)));
  }) as typeof response.end; // Nothing reads what it returns.
  answers.serve(request, response);
  return headers;
}
