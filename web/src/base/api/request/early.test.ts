import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { fetchEarly } from "./early.ts";

describe("an answer that was asked for early", () => {
  const real = globalThis.fetch;
  beforeEach(() => {
    globalThis.fetch = async () => new Response("asked now");
  });
  afterEach(() => {
    globalThis.fetch = real;
    globalThis.kinoraEarly = undefined;
  });
  const early = (answer: Promise<Response>) => {
    answer.catch(() => undefined);
    globalThis.kinoraEarly = new Map([["/feed", answer]]);
  };
  const text = async (url: string, method = "GET") => (await fetchEarly(url, { method })).text();

  it("is used once, for its own address", async () => {
    early(Promise.resolve(new Response("early")));
    assert.equal(await text("/other"), "asked now");
    assert.equal(await text("/feed"), "early");
    assert.equal(await text("/feed"), "asked now");
  });

  it("answers nothing but reads", async () => {
    early(Promise.resolve(new Response("early")));
    assert.equal(await text("/feed", "POST"), "asked now");
  });

  it("is not the answer to one who unlocked the video", async () => {
    early(Promise.resolve(new Response("early")));
    const headers = new Headers({ "x-kinora-unlock": "key" });
    assert.equal(await (await fetchEarly("/feed", { method: "GET", headers })).text(), "asked now");
  });

  it("is asked for again where it failed", async () => {
    early(Promise.reject(new TypeError("no network")));
    assert.equal(await text("/feed"), "asked now");
  });
});
