import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Duration } from "#kernel";
import { z } from "zod";
import { createCsvWriter, prefersCsv } from "./csv.ts";

describe("CSV", () => {
  const Row = z.object({ date: z.string(), watchTimeMs: Duration, likeCount: z.int().nullable() });
  const write = createCsvWriter(z.object({ series: z.array(Row) }), "series");

  it("has a header and the values in the spelling and units of the edge", () => {
    const series = [
      { date: "2026-11-20", watchTimeMs: 1_500, likeCount: 3 },
      { date: "2026-11-21", watchTimeMs: 0, likeCount: null },
    ];
    assert.equal(write({ series }), "date,watch_time,like_count\r\n2026-11-20,1.5,3\r\n2026-11-21,0,\r\n");
    assert.equal(write({ series: [] }), "date,watch_time,like_count\r\n");
  });

  it("quotes what would end a cell, and begins no text as a formula", () => {
    const cell = (date: string) => write({ series: [{ date, watchTimeMs: 0, likeCount: 0 }] }).split("\r\n")[1];
    assert.equal(cell(`a,"b"`), `"a,""b""",0,0`);
    assert.equal(cell("=1+1"), "'=1+1,0,0");
    assert.equal(cell("-x"), "'-x,0,0");
  });

  it("is the answer to clients who accept it before JSON", () => {
    for (const accept of ["text/csv", "text/CSV; q=0.9, */*;q=0.1", "text/csv,application/json;q=0.5"])
      assert.equal(prefersCsv(accept), true, accept);
    for (const accept of [undefined, "", "*/*", "application/json", "text/csv;q=0", "application/json, text/csv;q=0.9"])
      assert.equal(prefersCsv(accept), false, accept);
  });
});
