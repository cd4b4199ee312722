import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { allRows } from "./export.ts";

describe("the rows of an export", () => {
  it("are those of all pages, asked for one after the other by cursor", async () => {
    const asked: (string | null)[] = [];
    const rows = await allRows(async (cursor) => {
      asked.push(cursor);
      const page = Number(cursor ?? 0);
      return { list: [page * 2, page * 2 + 1], next_cursor: page < 2 ? String(page + 1) : null };
    });
    assert.deepEqual(rows, [0, 1, 2, 3, 4, 5]);
    assert.deepEqual(asked, [null, "1", "2"]);
  });

  it("fail with the page that fails", async () => {
    await assert.rejects(
      allRows(async (cursor) => {
        if (cursor !== null) throw new Error("away");
        return { list: [1], next_cursor: "1" };
      }),
      /away/,
    );
  });
});
