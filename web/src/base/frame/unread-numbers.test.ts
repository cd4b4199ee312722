import assert from "node:assert/strict";
import { test } from "node:test";
import { inboxPath, sumOf } from "./unread-numbers.ts";

test("a badge is the sum of the numbers on the tabs, and leads to the first tab that is not empty", () => {
  for (const [messages, requests, notifications, sum, onPhone, onDesk] of [
    [0, 0, 0, 0, "/inbox", "/inbox"],
    [1, 2, 3, 6, "/inbox", "/inbox"],
    [0, 3, 3, 6, "/inbox/requests", "/inbox/requests"],
    [0, 0, 2, 2, "/inbox/notifications", "/inbox"],
  ] as const) {
    const numbers = { messages, requests, notifications };
    assert.deepEqual([sumOf(numbers), inboxPath(numbers, false), inboxPath(numbers, true)], [sum, onPhone, onDesk]);
  }
});
