import assert from "node:assert/strict";
import { it } from "node:test";
import { z } from "zod";
import { contract, query } from "./contract.ts";
import { outputOf } from "./output.ts";

const Row = z.object({ id: z.int(), tags: z.array(z.string()) });
const { list, bounded } = contract("things", 1, {
  list: query({
    auth: "public",
    input: z.object({}),
    output: z.object({ items: z.array(Row), next: z.string().nullable() }),
    errors: [],
  }),
  bounded: query({
    auth: "public",
    input: z.object({}),
    output: z.object({ items: z.array(Row).max(1) }),
    errors: [],
  }),
}).methods;

const row = (id: number) => ({ id, tags: ["a"], secret: "hash" });

it("lets out what the contract lists of an answer, and nothing else, frozen or not", () => {
  const items = [row(1), Object.freeze(row(2))];
  const told = { items: [1, 2].map((id) => ({ id, tags: ["a"] })), next: null };
  for (const given of [items, [row(1), row(2)]])
    assert.deepEqual(outputOf(list, { items: given, next: null, secret: 1 }), told);
});

it("gives the same frozen copy of a frozen item each time, and a new one of any other", () => {
  const items = [row(1), Object.freeze(row(2))];
  const answers = [1, 2].map(() => (outputOf(list, { items, next: null }) as { items: object[] }).items);
  assert.equal(answers[0]?.[1], answers[1]?.[1]);
  assert.ok(Object.isFrozen(answers[0]?.[1]));
  assert.notEqual(answers[0]?.[0], answers[1]?.[0]);
});

it("refuses what is not as the contract says, frozen or not", () => {
  const wrong = Object.freeze({ id: "1", tags: [] });
  for (const answer of [
    { items: [wrong], next: null },
    { items: [Object.freeze(row(1))], next: 5 },
    { items: [Object.freeze(row(1)), { id: 2 }], next: null },
  ])
    assert.throws(() => outputOf(list, answer), z.ZodError);
  assert.throws(() => outputOf(bounded, { items: [1, 2].map((id) => Object.freeze(row(id))) }), z.ZodError);
});
