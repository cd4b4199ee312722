import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { admitReload, isReached, Waiters } from "./reload.ts";
import type { Head } from "./track-window.ts";

const head: Head = { msn: 7, parts: 3, isClosed: false, isEnded: false };
const partsOf = (msn: number): number | undefined =>
  new Map([
    [5, 9],
    [6, 9],
    [7, 3],
  ]).get(msn);
const admit = (msn?: string, part?: string, at: Head = head): string => {
  const admission = admitReload({ msn, part }, at, partsOf, 250);
  return admission.kind === "refused" ? admission.reason : admission.kind;
};

test("a request without directives is answered as things are", () => {
  assert.equal(admit(), "now");
});

test("what exists is answered, what comes next is waited for", () => {
  assert.equal(admit("7", "2"), "now");
  assert.equal(admit("7", "3"), "wait");
  assert.equal(admit("6"), "now");
  assert.equal(admit("7"), "wait");
  assert.equal(admit("8"), "wait");
  assert.equal(admit("8", "0"), "wait");
  assert.equal(admit("0", "99"), "now");
});

test("a part behind the last of a closed segment is the first of the next", () => {
  assert.equal(admit("6", "9"), "now");
  const closed = { ...head, isClosed: true };
  assert.equal(admit("7", "3", closed), "wait");
  assert.equal(isReached({ msn: 7, part: 3 }, { ...head, msn: 8, parts: 1 }, partsOf), true);
});

test("requests that could wait for ever are refused", () => {
  assert.equal(admit("10"), "too_far_ahead");
  assert.equal(admit("9"), "wait");
  assert.equal(admit("7", "15"), "too_far_ahead");
  assert.equal(admit("7", "14"), "wait");
  assert.equal(admit("8", "12"), "too_far_ahead");
  assert.equal(admit(undefined, "1"), "part_without_msn");
  for (const text of ["", "-1", "1.5", "7 ", "x", "1e3", "9999999999"]) assert.equal(admit(text), "bad_number");
  assert.equal(admit("7", "-1"), "bad_number");
});

test("an ended stream answers everything it understands", () => {
  const ended = { ...head, isClosed: true, isEnded: true };
  assert.equal(admit("8", "0", ended), "now");
  assert.equal(admit("800", undefined, ended), "now");
});

test("waiters wake when their part is there, or in time, or never after they gave up", () => {
  const waiters = new Waiters(10);
  const woken: string[] = [];
  const wait = (name: string, part: number, untilMs: number) =>
    waiters.add({ msn: 7, part }, untilMs, (isThere) => woken.push(`${name} ${isThere}`));
  wait("a", 3, 1_000);
  wait("b", 4, 1_000);
  const giveUp = wait("c", 3, 1_000);
  wait("d", 5, 500);
  giveUp?.();
  waiters.advance({ ...head, parts: 4 }, partsOf);
  assert.deepEqual(woken, ["a true"]);
  waiters.expire(499);
  waiters.expire(500);
  assert.deepEqual(woken, ["a true", "d false"]);
  waiters.advance({ ...head, isEnded: true }, partsOf);
  assert.deepEqual(woken, ["a true", "d false", "b true"]);
  assert.equal(waiters.size, 0);
});

test("waiters beyond the limit are refused, and one that leaves makes room", () => {
  const waiters = new Waiters(2);
  const add = () => waiters.add({ msn: 8 }, 1, () => undefined);
  const first = add();
  add();
  assert.equal(add(), undefined);
  first?.();
  assert.notEqual(add(), undefined);
});

test("every admitted request is answered by a stream that goes on", () => {
  const request = fc.record({ msn: fc.nat({ max: 12 }), part: fc.option(fc.nat({ max: 20 }), { nil: undefined }) });
  fc.assert(
    fc.property(
      request,
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 4, maxLength: 4 }),
      ({ msn, part }, counts) => {
        const admission = admitReload({ msn: String(msn), part: part?.toString() }, head, partsOf, 250);
        if (admission.kind !== "wait") return;
        const later = (at: number): number | undefined => (at < 7 ? partsOf(at) : counts[at - 7]);
        let isAnswered = false;
        for (let at = 7; at <= 10; at++)
          isAnswered ||= isReached(
            admission.place,
            { msn: at, parts: later(at) ?? 0, isClosed: false, isEnded: false },
            later,
          );
        assert.ok(isAnswered);
      },
    ),
  );
});
