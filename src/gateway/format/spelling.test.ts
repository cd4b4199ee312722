import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Duration, Id, Instant, named, PublicPath } from "#kernel";
import fc from "fast-check";
import { z } from "zod";
import { jsonWriter } from "./json.ts";
import { jsonReader, textReader } from "./read.ts";
import { edgeName, edgePath, pathFields } from "./spelling.ts";

describe("the spelling of the REST API", () => {
  it("writes snake_case fields, ISO timestamps, durations in seconds and absolute URLs", () => {
    const text = jsonWriter(Row)({ ...row, hidden: 1 }, "https://video.example");
    assert.deepEqual(JSON.parse(text), {
      id: 7,
      created_at: "2027-01-01T00:00:00.000Z",
      duration: 1.5,
      file_size: 12,
      cover_url: "https://video.example/a",
      tags: ['"quoted"', "日落"],
      inner: { is_hot: true },
      gone: null,
    });
  });

  it("writes instants as Date.toISOString does", () => {
    const write = jsonWriter(Instant);
    fc.assert(
      fc.property(fc.nat(8_000_000_000_000), (ms) => assert.equal(write(ms, ""), `"${new Date(ms).toISOString()}"`)),
    );
  });

  it("writes any text as JSON.stringify does", () => {
    const write = jsonWriter(z.object({ name: z.string() }));
    const text = fc.string({
      unit: fc.oneof(fc.constantFrom("\u007f", "\u2028", "\ud83c", "é", "日", "🎬"), fc.string()),
    });
    fc.assert(
      fc.property(text, (name) => {
        const json = JSON.stringify({ name });
        assert.equal(write({ name }, ""), json);
      }),
    );
  });

  it("reads back any row that it has written", () => {
    const text = fc.string({ unit: "grapheme", maxLength: 30 });
    fc.assert(
      fc.property(
        fc.maxSafeInteger(),
        fc.nat(4_000_000_000_000),
        fc.nat(10_000_000),
        fc.array(text),
        fc.boolean(),
        (id, createdAtMs, durationMs, tags, isHot) => {
          const input = {
            id: Math.abs(id) + 1,
            createdAtMs,
            durationMs,
            sizeBytes: 1,
            coverUrl: "",
            tags,
            inner: { isHot },
            gone: null,
          };
          assert.deepEqual(jsonReader(Row)(JSON.parse(jsonWriter(Row)(input, ""))), input);
        },
      ),
    );
  });

  it("converts text to numbers, booleans and lists only where it parses cleanly", () => {
    const Asked = z.object({ limit: z.int(), isNew: z.boolean(), tags: z.array(z.string()), name: z.string() });
    const read = textReader(Asked);
    assert.deepEqual(read({ limit: "7", is_new: "true", tags: '["a","b"]', name: "7" }), {
      limit: 7,
      isNew: true,
      tags: ["a", "b"],
      name: "7",
    });
    assert.deepEqual(read({ limit: "7x", is_new: "1", tags: "a", name: "x" }), {
      limit: "7x",
      isNew: "1",
      tags: ["a"],
      name: "x",
    });
    assert.deepEqual(read({ tags: ["a", "b"] }), { tags: ["a", "b"] });
    assert.deepEqual(read({ limit: "0x10" }), { limit: "0x10" });
  });

  it("names fields in errors as the client spelled them", () => {
    assert.deepEqual(
      [edgePath(Row, "inner.isHot"), edgePath(Row, "sizeBytes"), edgePath(Row, "tags.0"), edgePath(Row, "x")],
      ["inner.is_hot", "file_size", "tags.0", "x"],
    );
    assert.deepEqual(
      [edgeName("createdAtMs", Instant), edgeName("retryAfterMs", Duration)],
      ["created_at", "retry_after"],
    );
  });

  it("names the fields of paths as clients do, and refuses a path with a field that the input does not have", () => {
    assert.deepEqual([...pathFields("films.get", "/films/:file_size/:id", Row)], ["sizeBytes", "id"]);
    assert.throws(() => pathFields("films.get", "/films/:sizeBytes", Row), /films\.get: the path .* has :sizeBytes/);
  });
});

const Row = z.object({
  id: Id,
  createdAtMs: Instant,
  durationMs: Duration,
  sizeBytes: named("file_size", z.int()),
  coverUrl: PublicPath,
  tags: z.array(z.string()),
  inner: z.object({ isHot: z.boolean() }),
  gone: z.string().nullable(),
});
const row = {
  id: 7,
  createdAtMs: 1_798_761_600_000,
  durationMs: 1_500,
  sizeBytes: 12,
  coverUrl: "/a",
  tags: ['"quoted"', "日落"],
  inner: { isHot: true },
  gone: null,
};
