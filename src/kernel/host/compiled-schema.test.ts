import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { z } from "zod";
import { compiledSchema } from "./compiled-schema.ts";

describe("a compiled schema", () => {
  const Row = z.object({
    id: z.int().positive(),
    note: z.string().trim().nullable(),
    isHot: z.boolean().default(false),
  });
  const Page = z.object({ items: z.array(Row).max(2), next: z.string().optional() });

  it("yields a copy without undeclared fields, at every depth", () => {
    const row = { id: 1, note: " sea ", secret: "hash" };
    const answer = { items: [row], total: 1, __proto__: { next: 7 } };
    assert.deepEqual(compiledSchema(Page).parse({ items: [row], total: 1 }), {
      items: [{ id: 1, note: "sea", isHot: false }],
    });
    assert.deepEqual(compiledSchema(Page).safeParse(answer).success, Page.safeParse(answer).success);
    assert.deepEqual(row, { id: 1, note: " sea ", secret: "hash" });
  });

  it("refuses what the schema refuses, for the same reasons", () => {
    const row = { id: 1, note: null };
    for (const wrong of [
      null,
      [],
      {},
      { items: row },
      { items: [{ ...row, id: 0.5 }] },
      { items: [{ ...row, id: -1 }, { id: 1 }] },
      { items: [row, row, row] },
      { items: [row], next: null },
    ]) {
      const { error } = compiledSchema(Page).safeParse(wrong);
      assert.ok(error);
      assert.deepEqual(error.issues, Page.safeParse(wrong).error?.issues);
      assert.throws(() => compiledSchema(Page).parse(wrong), z.ZodError);
    }
  });

  it("is compiled once", () => {
    assert.equal(compiledSchema(Page), compiledSchema(Page));
    assert.notEqual(compiledSchema(Page), Page);
  });
});
