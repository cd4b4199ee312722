import assert from "node:assert/strict";
import { it } from "node:test";
import fc from "fast-check";
import { z } from "zod";
import { read } from "./reading.ts";

const limit = fc.integer({ min: -3, max: 6 });
const leaf = fc.oneof(
  fc.constantFrom<z.ZodType>(
    z.int(),
    z.number(),
    z.string(),
    z.boolean(),
    z.int().positive(),
    z.int().nonnegative().meta({ description: "none" }),
    z.enum(["a", "b"]),
    z.literal("a"),
    z.literal(null),
    z.email(),
    z.string().trim(),
    z.string().regex(/a/),
    z.coerce.number(),
    z.coerce.boolean(),
    z.int32(),
    z.string().transform((text) => text.length),
    z.int().refine((n) => n !== 1),
    z.record(z.string(), z.int()),
    z.unknown(),
  ),
  limit.map((n) => z.int().min(n)),
  limit.map((n) => z.number().lt(n)),
  limit.map((n) => z.string().max(Math.abs(n))),
  limit.map((n) => z.string().min(Math.abs(n))),
);
const name = fc.constantFrom("a", "b", "c");
const { schema } = fc.letrec<{ schema: z.ZodType }>((tie) => ({
  schema: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    leaf,
    tie("schema").map((inner) => z.array(inner)),
    fc.tuple(tie("schema"), limit).map(([inner, n]) => z.array(inner).max(Math.abs(n))),
    tie("schema").map((inner) => inner.nullable()),
    tie("schema").map((inner) => inner.optional()),
    tie("schema").map((inner) => inner.default("a")),
    fc.dictionary(name, tie("schema")).map((shape) => z.object(shape)),
    fc.dictionary(name, tie("schema")).map((shape) => z.strictObject(shape)),
    fc.dictionary(name, tie("schema")).map((shape) => z.looseObject(shape)),
    fc.dictionary(name, tie("schema")).map((shape) => z.object(shape).refine((one) => Object.keys(one).length !== 1)),
  ),
}));
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constantFrom<unknown>(
      0,
      -0,
      1,
      2,
      -1,
      0.5,
      Number.NaN,
      Infinity,
      2 ** 53,
      "a",
      "ab",
      "",
      " a ",
      "👍",
      "a👍",
      "👍👍👍",
      "\ud83d\ud83d",
      "1",
      null,
      undefined,
      true,
      new Date(0),
    ),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(name, tie("value")),
  ),
}));

it("reads as zod does, whatever is asked for and given", () => {
  let right = 0;
  fc.assert(
    fc.property(schema, value, (wanted, given) => {
      const [found, expected] = [read(wanted, given), wanted.safeParse(given)];
      assert.deepEqual(found.data, expected.data);
      assert.deepEqual(found.error?.issues, expected.error?.issues);
      if (found.success && typeof given === "object" && given !== null) right++;
    }),
    { numRuns: 1_500 },
  );
  // Some sixty by chance.
  assert.ok(right > 20, `${right} objects and lists were right`);
});

it("counts characters, not the units they take, however it reads them", () => {
  const four = z.string().min(4).max(4);
  for (const schema of [four, z.object({ text: four }).shape.text, four.trim()])
    for (const [text, isRight] of [
      ["abcd", true],
      ["👍👍👍👍", true],
      ["👍👍", false],
      ["👍👍👍", false],
      ["👍👍👍👍👍", false],
      ["ab👍d", true],
      ["abcde", false],
    ] as const)
      assert.equal(read(schema, text).success, isRight, text);
});

it("reads what is not there as zod does", () => {
  const cases: readonly (readonly [z.ZodType, unknown])[] = [
    [z.object({ a: z.unknown() }), {}],
    [z.object({ a: z.unknown() }), { a: undefined }],
    [z.object({ a: z.coerce.boolean() }), {}],
    [z.object({ a: z.int().optional() }), {}],
    [z.object({ a: z.int().optional() }), { a: undefined }],
    [z.object({ a: z.int().default(1) }), {}],
    [z.string().default("a").optional(), undefined],
    [z.array(z.int()), [1, undefined]],
  ];
  for (const [n, [schema, given]] of cases.entries()) {
    const [found, expected] = [read(schema, given), schema.safeParse(given)];
    assert.deepEqual([found.success, found.data], [expected.success, expected.data], `case ${n}`);
    if (found.success) assert.deepEqual(Object.keys(Object(found.data)), Object.keys(Object(expected.data)));
  }
});

it("reads what contains itself, and gives a copy without what is not asked for", () => {
  const Tree = z.object({
    name: z.string(),
    get branches() {
      return z.array(Tree);
    },
  });
  const given = { name: "a", branches: [{ name: "b", branches: [], secret: 1 }], secret: 2 };
  const { data } = read(Tree, given);
  assert.deepEqual(data, { name: "a", branches: [{ name: "b", branches: [] }] });
  assert.notEqual(data?.branches, given.branches);
});
