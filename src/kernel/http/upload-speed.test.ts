import assert from "node:assert/strict";
import { IncomingMessage } from "node:http";
import { Socket } from "node:net";
import { describe, it } from "node:test";
import { usualLimits } from "./limits.ts";
import { UploadSpeed } from "./upload-speed.ts";

/** 1,000 bytes a second over ten seconds. */
const limits = { ...usualLimits, bytesPerSecondMin: 1_000, uploadMs: 10_000 };

function receiving() {
  const speed = new UploadSpeed(limits);
  const request = new IncomingMessage(new Socket());
  let cuts = 0;
  speed.watch(request, () => (cuts += 1));
  const beganMs = performance.now();
  return { speed, request, at: (seconds: number) => speed.check(beganMs + seconds * 1_000), cuts: () => cuts };
}

describe("the speed of an upload", () => {
  it("is cut once where it is below the floor for a whole window (S8.7)", () => {
    const { request, at, cuts } = receiving();
    request.resume();
    request.push(Buffer.alloc(9_000));
    request.read();
    at(9);
    assert.equal(cuts(), 0);
    at(11);
    at(30);
    assert.equal(cuts(), 1);
  });

  it("is measured in each window anew", () => {
    const { request, at, cuts } = receiving();
    request.resume();
    for (const second of [11, 22, 33]) {
      request.push(Buffer.alloc(20_000));
      request.read();
      at(second);
      assert.equal(cuts(), 0);
    }
    at(44);
    assert.equal(cuts(), 1);
  });

  it("does not count the time in which bytes wait for the server", () => {
    const { request, at, cuts } = receiving();
    request.push(Buffer.alloc(100));
    for (const second of [11, 22, 33]) at(second);
    assert.equal(cuts(), 0);
    request.read();
    at(34);
    at(42);
    assert.equal(cuts(), 0);
    at(44);
    assert.equal(cuts(), 1);
  });

  it("ends with the body", () => {
    const { request, at, cuts } = receiving();
    request.complete = true;
    at(100);
    assert.equal(cuts(), 0);
  });
});
