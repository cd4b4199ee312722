import assert from "node:assert/strict";
import { type DescMessage, fromBinary, toBinary } from "@bufbuild/protobuf";
import fc from "fast-check";
import { z } from "zod";
import { compiledSchema } from "../host/compiled-schema.ts";
import type { Contract } from "../contract.ts";
import type { Codec } from "./wire/codec.ts";
import { type DescribedContract, describeContract } from "./wire/contract-descriptor.ts";
import { extendLock } from "./wire/lock.ts";

/** A contract with numbers of its own, given a moment ago. */
export const describedNow = (one: Contract): DescribedContract => describeContract(one, extendLock({}, [one]));
/** A value after it was bytes, ours and then those of another implementation, which reads and writes it by its descriptor. */
export function throughWire(codec: Codec, desc: DescMessage, value: unknown): object {
  const bytes = codec.encode(value);
  const own = codec.decode(bytes);
  const again = codec.decode(Buffer.from(toBinary(desc, fromBinary(desc, bytes))));
  assert.deepEqual(again, own, "another implementation reads it differently");
  return own;
}

const runs = { numRuns: 40 };

/** Sends values of every kind each method takes and gives, and yields how many methods it looked at. @throws when one changes on its way. */
export function assertRoundTrips(contract: Contract): number {
  const { methods } = describedNow(contract);
  for (const [name, { method, input, output, desc }] of methods) {
    const where = `${contract.name}.${name}`;
    const received = (value: unknown) => method.input.parse(throughWire(input, desc.input, value));
    fc.assert(
      fc.property(valuesOf(method.input), (value) =>
        assert.deepEqual(received(value), method.input.parse(value), where),
      ),
      runs,
    );
    const answers = valuesOf(method.output).map((value) => method.output.parse(value));
    fc.assert(
      fc.property(answers, (value) => assert.deepEqual(throughWire(output, desc.output, value), value, where)),
      runs,
    );
  }
  return methods.size;
}

/**
 * Parses values of each method, also with undeclared fields, by the schemas and by the compiled ones. Returns the
 * number of schemas. @throws when one is not compiled, or when the two differ.
 */
export function assertCompiledAlike({ name: service, methods }: Contract): number {
  const all = Object.entries(methods).flatMap(([name, { input, output }]) => [
    { schema: input, where: `the input of ${service}.${name}` },
    { schema: output, where: `the output of ${service}.${name}` },
  ]);
  for (const { schema, where } of all) {
    const compiled = compiledSchema(schema);
    assert.notEqual(compiled, schema, `${where} is not compiled`);
    const values = fc.tuple(valuesOf(schema), fc.boolean());
    fc.assert(
      fc.property(values, ([value, isChanged]) => {
        const received = isChanged ? withOthers(value) : value;
        assert.deepEqual(compiled.parse(received), schema.parse(received), where);
      }),
      { numRuns: 10 },
    );
  }
  return all.length;
}

/** The same value, with a field that no schema declares in each object. */
function withOthers(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withOthers);
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return value;
  const fields = Object.entries(value).map(([name, field]) => [name, withOthers(field)]);
  return { ...Object.fromEntries(fields), undeclared: "secret" };
}

/** Values a schema takes, from what the schema says of itself; fields that may be left out sometimes are. */
function valuesOf(schema: z.core.$ZodType): fc.Arbitrary<unknown> {
  if (schema instanceof z.ZodObject) return objectsOf(schema);
  if (schema instanceof z.ZodNullable) return fc.option(valuesOf(schema.def.innerType), { nil: null });
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodOptional) return valuesOf(schema.def.innerType);
  if (schema instanceof z.ZodPipe) return valuesOf(schema.def.in);
  if (schema instanceof z.ZodArray) return arraysOf(schema);
  if (schema instanceof z.ZodUnion) return fc.oneof(...schema.options.map(valuesOf));
  if (schema instanceof z.ZodEnum) return fc.constantFrom(...schema.options);
  if (schema instanceof z.ZodLiteral) return fc.constantFrom(...schema.values);
  if (schema instanceof z.ZodBoolean) return fc.boolean();
  if (schema instanceof z.ZodCustom) return fc.uint8Array();
  if (schema instanceof z.ZodNumber)
    return schema.isInt
      ? accepted(schema, fc.oneof(fc.maxSafeInteger(), fc.integer({ min: -9, max: 9 })))
      : fc.double({
          noNaN: true,
          noDefaultInfinity: true,
          min: Math.max(schema.minValue ?? -Infinity, -Number.MAX_VALUE),
          max: Math.min(schema.maxValue ?? Infinity, Number.MAX_VALUE),
        });
  return accepted(schema, textOf(schema));
}

function objectsOf(schema: z.ZodObject): fc.Arbitrary<unknown> {
  // Fields that depend on each other are in its examples.
  const examples = z.globalRegistry.get(schema)?.["examples"] as readonly unknown[] | undefined;
  if ((schema._zod.def.checks ?? []).length > 0 && examples) return fc.constantFrom(...examples);
  const all = Object.entries(schema.shape);
  const isNeeded = ([, field]: (typeof all)[number]) =>
    !(field instanceof z.ZodOptional || field instanceof z.ZodDefault);
  const requiredKeys = all.filter(isNeeded).map(([name]) => name);
  return fc.record(Object.fromEntries(all.map(([name, field]) => [name, valuesOf(field)])), {
    requiredKeys,
    noNullPrototype: true,
  });
}

function arraysOf(schema: z.ZodArray): fc.Arbitrary<unknown> {
  const limits = (schema._zod.def.checks ?? []).map(
    (check) => check._zod.def as { minimum?: number; maximum?: number },
  ); // Checks of a length.
  const minLength = Math.max(0, ...limits.map(({ minimum = 0 }) => minimum));
  const maximum = Math.min(...limits.map((limit) => limit.maximum ?? Infinity));
  const maxLength = Math.max(minLength, Math.min(maximum, 4));
  return accepted(schema, fc.array(valuesOf(schema.element), { minLength, maxLength }));
}

function textOf(schema: z.core.$ZodType): fc.Arbitrary<string> {
  const { format } = schema._zod.def as { format?: string }; // A kind of string names itself.
  if (format === "email") return shared("email", () => fc.emailAddress());
  if (format === "url") return shared("url", () => fc.webUrl({ validSchemes: ["https"] }));
  if (format === "date")
    return fc
      .date({ noInvalidDate: true, min: new Date("1900-01-01"), max: new Date("2100-01-01") })
      .map((date) => date.toISOString().slice(0, 10));
  const pattern = (schema._zod.def.checks ?? [])
    .map((check) => (check._zod.def as { pattern?: RegExp }).pattern)
    .find((one) => one !== undefined);
  if (pattern) return shared(String(pattern), () => fc.stringMatching(pattern, { size: "small" }));
  const { minLength, maxLength } = schema instanceof z.ZodString ? schema : { minLength: 0, maxLength: 40 };
  return fc.string({
    unit: "grapheme",
    minLength: minLength ?? 0,
    maxLength: Math.max(minLength ?? 0, Math.min(maxLength ?? 40, 40)),
  });
}

const sharedTexts = new Map<string, fc.Arbitrary<string>>();

/** One generator for all schemas with the same texts: each generator lists every character that it may use. */
function shared(kind: string, make: () => fc.Arbitrary<string>): fc.Arbitrary<string> {
  const texts = sharedTexts.get(kind) ?? make();
  sharedTexts.set(kind, texts);
  return texts;
}

const accepted = <T>(schema: z.core.$ZodType, values: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  values.filter((value) => z.safeParse(schema, value).success);
