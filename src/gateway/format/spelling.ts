import { edge } from "#kernel";
import { z } from "zod";

/** How a field is spelt at the edge: `createdAtMs` is `created_at`, `durationMs` is `duration`. */
export function edgeName(field: string, schema: z.core.$ZodType): string {
  const name = spellingOf(schema)?.name;
  if (name !== undefined) return name;
  return field.replace(/Ms$/, "").replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** A dotted path of the contract in the edge's spelling, for error messages. */
export function edgePath(schema: z.core.$ZodType, path: string): string {
  const names: string[] = [];
  let at: z.core.$ZodType | undefined = schema;
  for (const part of path.split(".")) {
    const inner: z.core.$ZodType | undefined = at && unwrap(at);
    if (inner instanceof z.ZodObject) {
      const field: z.core.$ZodType | undefined = inner.shape[part];
      names.push(field ? edgeName(part, field) : part);
      at = field;
    } else {
      names.push(part);
      at = inner instanceof z.ZodArray ? inner.element : undefined;
    }
  }
  return names.join(".");
}

/** The spelling registered for a schema or for the one it wraps. */
export function spellingOf(schema: z.core.$ZodType) {
  for (let at: z.core.$ZodType | undefined = schema; at; at = innerOf(at)) {
    const spelling = (edge as z.core.$ZodRegistry<{ name?: string; unit?: string }>).get(at);
    if (spelling) return spelling;
  }
  return undefined;
}

/** The schema inside optional, nullable, default and transforming ones. */
export const unwrap = (schema: z.core.$ZodType): z.core.$ZodType => {
  const inner = innerOf(schema);
  return inner ? unwrap(inner) : schema;
};

const innerOf = (schema: z.core.$ZodType): z.core.$ZodType | undefined => {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault)
    return schema.def.innerType;
  return schema instanceof z.ZodPipe ? schema.def.in : undefined;
};

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * The fields of the input that a path holds. The path names them as the edge does: `:video_id` for `videoId`.
 * @throws Error where it names a field that the input does not have
 */
export function pathFields(method: string, path: string, input: z.ZodObject): ReadonlySet<string> {
  const fields = new Map(Object.entries(input.shape).map(([field, schema]) => [edgeName(field, schema), field]));
  return new Set(
    [...path.matchAll(/:(\w+)/g)].map(([, name = ""]) => {
      const field = fields.get(name);
      if (field !== undefined) return field;
      throw new Error(`${method}: the path ${path} has :${name}, and the input has ${[...fields.keys()].join(", ")}`);
    }),
  );
}
