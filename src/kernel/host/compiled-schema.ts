import { z } from "zod";

const compiledSchemas = new WeakMap<z.ZodType, z.ZodType>();

/**
 * The same schema with a parser that zod compiles at its first use: it takes the same values, yields the same copies, and
 * costs a tenth or less. Checks of answers were a tenth of a page of videos (`bench/results/social/social.md`). A value that it
 * refuses goes through zod's usual parser, for the reasons; so does everything where a schema cannot be compiled.
 */
export function compiledSchema<S extends z.ZodType>(schema: S): S {
  const compiled = compiledSchemas.get(schema) ?? z.compile(schema);
  compiledSchemas.set(schema, compiled);
  return compiled as S; // As `compile` says of its result.
}
