import { z } from "zod";
import { edgeName, spellingOf } from "./spelling.ts";

export type JsonSchema = z.core.JSONSchema.BaseSchema;

/**
 * The JSON Schema (2020-12, as OpenAPI 3.1 takes it) of a contract's schema in the edge's spelling. Schemas with an id
 * become entries of `components`.
 */
export function edgeSchema(schema: z.ZodType, io: "input" | "output", components: Map<string, JsonSchema>): JsonSchema {
  const {
    $schema: _,
    $defs = {},
    ...json
  } = z.toJSONSchema(schema, {
    io,
    unrepresentable: "any",
    override: ({ zodSchema, jsonSchema }) => respell(zodSchema, jsonSchema),
  });
  for (const [id, definition] of Object.entries($defs)) components.set(id, relinkSchemas(withoutId(definition)));
  const { id } = json as { id?: unknown };
  const body = relinkSchemas(withoutId(json));
  if (typeof id !== "string") return body;
  components.set(id, body);
  return { $ref: `#/components/schemas/${id}` };
}

function respell(schema: z.core.$ZodType, json: JsonSchema): void {
  const unit = spellingOf(schema)?.unit;
  const isOwn = schema instanceof z.ZodNumber || schema instanceof z.ZodString;
  if (isOwn && unit === "instant") replace(json, { type: "string", format: "date-time" });
  if (isOwn && unit === "duration") replace(json, { type: "number", minimum: 0, description: "seconds" });
  if (isOwn && unit === "path") replace(json, { type: "string", description: "an absolute URL, or empty" });
  if (isOwn && unit === "socket") replace(json, { type: "string", description: "an absolute address of a WebSocket" });
  if (isOwn && unit === "me")
    replace(json, {
      anyOf: [
        { type: "integer", exclusiveMinimum: 0 },
        { type: "string", const: "me" },
      ],
    });
  if (json["additionalProperties"] === false) delete json["additionalProperties"];
  // 2^53 - 1 is the range of every whole number here; writing it out each time only hides the limits that matter.
  if (json.maximum === Number.MAX_SAFE_INTEGER) delete json.maximum;
  if (json.minimum === Number.MIN_SAFE_INTEGER) delete json.minimum;
  if (!(schema instanceof z.ZodObject) || !json.properties) return;
  const names = new Map(Object.entries(schema.shape).map(([name, field]) => [name, edgeName(name, field)]));
  json.properties = Object.fromEntries(
    Object.entries(json.properties).map(([name, field]) => [names.get(name) ?? name, field]),
  );
  if (json.required) json.required = json.required.map((name) => names.get(name) ?? name);
}

function replace(json: JsonSchema, by: JsonSchema): void {
  for (const key of Object.keys(json)) delete json[key];
  Object.assign(json, by);
}

const withoutId = ({ id: _, ...json }: JsonSchema): JsonSchema => json;
/** References inside the document point at its components. */
const relinkSchemas = (json: JsonSchema): JsonSchema =>
  JSON.parse(JSON.stringify(json).replaceAll("#/$defs/", "#/components/schemas/")) as JsonSchema;
