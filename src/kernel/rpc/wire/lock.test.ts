import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { z } from "zod";
import { command, contract, query, stream } from "../../contract.ts";
import { Id } from "../../fields.ts";
import { describeContract } from "./contract-descriptor.ts";
import { BreakingChange, extendLock, type Lock } from "./lock.ts";
import { protoText } from "./proto-text.ts";

describe("the lock of a contract", () => {
  it("numbers fields in their order, and keeps the numbers when fields are inserted", () => {
    const first = extendLock({}, [notes({ id: Id, text: z.string() })]);
    assert.deepEqual(numbers(first), { id: "1 int64", text: "2 string" });
    const next = extendLock(first, [notes({ id: Id, title: z.string().optional(), text: z.string() })]);
    assert.deepEqual(numbers(next), { id: "1 int64", text: "2 string", title: "3 string" });
    assert.deepEqual(extendLock(next, [notes({ id: Id, title: z.string().optional(), text: z.string() })]), next);
  });

  it("never reuses the number of a removed field", () => {
    const first = extendLock({}, [notes({ id: Id, text: z.string() })]);
    const second = extendLock(first, [notes({ id: Id })]);
    assert.deepEqual(messageOf(second), { fields: { id: "1 int64" }, removed: { text: "2 string" } });
    const third = extendLock(second, [notes({ id: Id, body: z.string() })]);
    assert.deepEqual(numbers(third), { id: "1 int64", body: "3 string" });
    assert.match(
      protoText(describeContract(notes({ id: Id, body: z.string() }), third)),
      /reserved 2;\n\s+reserved "text";/,
    );
    assert.deepEqual(numbers(extendLock(third, [notes({ id: Id, text: z.string() })])), {
      id: "1 int64",
      text: "2 string",
    });
  });

  it("keeps the number of a field that becomes optional", () => {
    const first = extendLock({}, [notes({ id: Id, text: z.string() })]);
    assert.deepEqual(numbers(extendLock(first, [notes({ id: Id, text: z.string().optional() })])), numbers(first));
  });

  it("refuses another type under an old number, naming the field", () => {
    const first = extendLock({}, [notes({ id: Id, text: z.string() })]);
    const broken = (fields: z.ZodRawShape, message: RegExp) =>
      assert.throws(() => extendLock(first, [notes(fields)]), { name: "BreakingChange", message });
    broken({ id: Id, text: z.int() }, /AddRequest\.text was string and is int64/);
    broken({ id: Id, text: z.array(z.string()) }, /AddRequest\.text was string and is repeated string/);
    broken({ id: Id, text: z.object({ en: z.string() }) }, /AddRequest\.text was string and is AddRequest\.Text/);
    const second = extendLock(first, [notes({ id: Id })]);
    assert.throws(() => extendLock(second, [notes({ id: Id, text: z.int() })]), BreakingChange);
  });

  it("refuses a contract that removes a method or a version, or makes a method a stream", () => {
    const first = extendLock({}, [notes({ id: Id })]);
    const empty = { auth: "public", input: z.object({ id: Id }), output: z.object({}) } as const;
    assert.throws(() => extendLock(first, [contract("notes", 1, {})]), /the method add is gone/);
    assert.throws(
      () => extendLock(first, [contract("notes", 1, { add: stream(empty) })]),
      /the method add was unary and is stream/,
    );
    assert.throws(() => extendLock(first, []), /kinora\.notes\.v1 is gone/);
    assert.ok(extendLock(first, [contract("notes", 1, { add: query(empty) })])["kinora.notes.v1"]);
    assert.ok(extendLock(first, [contract("notes", 2, {})])["kinora.notes.v1"], "a higher version takes its place");
  });

  it("is refused when it gives one number twice", () => {
    const doubled: Lock = {
      "kinora.notes.v1": {
        methods: {},
        messages: { AddRequest: { fields: { id: "1 int64" }, removed: { text: "1 string" } } },
      },
    };
    assert.throws(() => extendLock(doubled, [notes({ id: Id })]), /used twice/);
  });

  it("is required at start: a contract ahead of its lock does not start", () => {
    const first = extendLock({}, [notes({ id: Id })]);
    assert.throws(() => describeContract(notes({ id: Id, text: z.string() }), first), /npm run generate/);
  });
});

const notes = (fields: z.ZodRawShape) =>
  contract("notes", 1, { add: command({ auth: "public", input: z.object(fields), output: z.object({}) }) });
const messageOf = (lock: Lock) => lock["kinora.notes.v1"]?.messages["AddRequest"];
const numbers = (lock: Lock) => messageOf(lock)?.fields;
