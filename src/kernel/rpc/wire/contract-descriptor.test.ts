import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { z } from "zod";
import { command, contract, stream } from "../../contract.ts";
import { Id } from "../../fields.ts";
import { NotEncodable } from "./codec.ts";
import { protoText } from "./proto-text.ts";
import { assertRoundTrips, describedNow, throughWire } from "../testing.ts";

describe("a contract in protobuf", () => {
  it("returns every value of every kind of field unchanged", () => {
    assert.equal(assertRoundTrips(everything), 2);
  });

  it("distinguishes absent fields from empty ones", () => {
    const { methods } = describedNow(everything);
    const change = methods.get("change");
    assert.ok(change);
    const sent = (value: unknown) => throughWire(change.input, change.desc.input, value);
    const base = { id: 1, note: null, shape: { kind: "circle", radius: 1 } };
    assert.deepEqual(sent({ ...base, tags: [] }), { ...base, tags: [], names: [] });
    assert.deepEqual(sent({ ...base, text: "", flag: false }), { ...base, text: "", flag: false, names: [] });
    for (const chosen of [null, 7]) assert.deepEqual(sent({ ...base, chosen }), { ...base, chosen, names: [] });
    assert.deepEqual(sent({ ...base, note: "" }), { ...base, note: "", names: [] });
  });

  it("refuses to encode values of other types than its schema's", () => {
    const { methods } = describedNow(everything);
    const change = methods.get("change");
    assert.ok(change);
    const base = { id: 1, note: null, shape: { kind: "circle", radius: 1 } };
    for (const wrong of [
      { id: "1" },
      { id: 1.5 },
      { id: 2 ** 53 },
      { note: undefined },
      { text: null },
      { tags: "a" },
      { shape: { kind: "star" } },
      { shape: [] },
    ])
      assert.throws(() => change.input.encode({ ...base, ...wrong }), NotEncodable, JSON.stringify(wrong));
  });

  it("refuses schemas that a message cannot express, by the field's name", () => {
    const refused: readonly (readonly [z.ZodType, RegExp])[] = [
      [z.record(z.string(), z.string()), /DoRequest.Field: a record/],
      [z.tuple([z.string(), z.int()]), /DoRequest.Field: a tuple/],
      [z.string().nullable().optional(), /DoRequest.Field: .* not both/],
      [z.int().nonnegative().nullable().optional(), /DoRequest.Field: .* not both/],
      [z.union([z.string(), z.int()]), /DoRequest.Field: a union/],
      [z.array(z.string().nullable()), /DoRequest.Field: an element/],
    ];
    for (const [schema, message] of refused) {
      const odd = contract("odd", 1, {
        do: command({ auth: "public", input: z.object({ field: schema }), output: z.object({}) }),
      });
      assert.throws(() => describedNow(odd), { message });
    }
  });

  it("is printed as a .proto file", () => {
    const text = protoText(describedNow(everything));
    for (const line of [
      "package kinora.everything.v1;",
      "  rpc Change(ChangeRequest) returns (ChangeResponse);",
      "  rpc Follow(FollowRequest) returns (stream FollowResponse) {",
      "  optional string text = ",
      "  repeated Point path = ",
      "  oneof variant {",
      "message Point {",
    ])
      assert.ok(text.includes(line), `${line}\n${text}`);
  });
});

const Point = z.object({ x: z.number(), y: z.number() }).meta({ id: "Point" });
/** One of everything a field may be. */
const fields = {
  id: Id,
  text: z.string().max(20).optional(),
  note: z.string().nullable(),
  flag: z.boolean().optional(),
  chosen: Id.nullable().optional(),
  level: z.enum(["low", "high"]).default("low"),
  count: z.int().min(-5).max(5).default(3),
  ratio: z.number().optional(),
  bytes: z.instanceof(Uint8Array).optional(),
  tags: z.array(z.string()).optional(),
  names: z.array(z.string().max(9)).default([]),
  place: Point.optional(),
  shape: z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("circle"), radius: z.number() }),
    z.object({ kind: z.literal("poly-gon"), corners: z.array(Point) }),
  ]),
  homepage: z.union([z.literal(""), z.url({ protocol: /^https$/ })]).optional(),
};
const Whole = z.object({
  ...fields,
  level: z.enum(["low", "high"]),
  count: z.int(),
  path: z.array(Point),
  rows: z.array(z.array(z.int())),
});
const everything = contract("everything", 1, {
  change: command({ auth: "public", input: z.object(fields), output: Whole }),
  follow: stream({ auth: "public", input: z.object({}), output: z.object({ points: z.array(Point).nullable() }) }),
});
