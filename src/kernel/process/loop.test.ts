import assert from "node:assert/strict";
import { AsyncLocalStorage } from "node:async_hooks";
import { it } from "node:test";
import { until } from "#test/until";
import { Loop } from "./loop.ts";

it("the rounds of a loop run outside the async context, and so the transaction, of the code that woke it", async () => {
  const seen: unknown[] = [];
  const context = new AsyncLocalStorage<string>();
  const loop = new Loop(
    async () => {
      seen.push(context.getStore());
      return seen.length < 3 ? 1 : undefined;
    },
    (error) => assert.ifError(error),
  );
  context.run("a transaction", () => loop.wake());
  await until(() => seen.length === 3);
  await context.run("another one", () => loop.idle());
  await loop.stop();
  assert.deepEqual(seen, [undefined, undefined, undefined, undefined]);
});
