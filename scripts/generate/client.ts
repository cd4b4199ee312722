import { execFileSync } from "node:child_process";
import { join } from "node:path";
import type { Generate } from "../generate.ts";
import {
  bodyOf,
  currentDocument,
  dataOf,
  nameOf,
  operationsOf,
  type Operation,
  type Schema,
} from "../openapi/document.ts";

const root = join(import.meta.dirname, "../..");
const path = "sdk/generated.ts";
const prefix = "/api/v1";

/** The client's view of the REST API: a type per shape, and each operation's input, answer and address. */
export const generate: Generate = async () => {
  const document = await currentDocument();
  const shapes = Object.entries(document.components.schemas).map(
    ([name, schema]) => `export interface ${typeName(name)} ${objectText(schema)}\n`,
  );
  const documented = operationsOf(document).filter(
    ({ path: at, operation }) => at.startsWith(prefix) && dataOf(operation) !== undefined,
  );
  const types = documented.map(
    ({ operation }) => `${comment(operation)}"${operation.operationId}": ${operationText(operation)};`,
  );
  const addresses = documented.map(
    ({ verb, path: at, operation }) =>
      `"${operation.operationId}": { verb: "${verb}", path: "${at.slice(prefix.length)}" },`,
  );
  const text = `// Made by \`npm run generate\` from the API's description. Ids are integers below 2^53, times RFC 3339, durations seconds.

${shapes.join("\n")}
/** What each operation takes in its path, query and body, and what its envelope carries. */
export interface Operations {
${types.join("\n")}
}
export type OperationId = keyof Operations;

/** Where each operation is, below \`${prefix}\`. */
export const operations = {
${addresses.join("\n")}
} as const satisfies Record<OperationId, { verb: "GET" | "POST" | "PUT" | "DELETE"; path: string }>;
`;
  const biome = join(root, "node_modules/.bin/biome");
  return {
    [path]: execFileSync(biome, ["format", `--stdin-file-path=${path}`], { cwd: root, input: text, encoding: "utf8" }),
  };
};

const comment = ({ summary }: Operation): string => (summary === undefined ? "" : `/** ${summary} */\n`);

function operationText(operation: Operation): string {
  const side = (where: "path" | "query") => {
    const parameters = (operation.parameters ?? []).filter((parameter) => parameter.in === where);
    const fields = parameters.map(({ name, required, schema }) => `${name}${required ? "" : "?"}: ${typeText(schema)}`);
    return fields.length === 0 ? "" : `${where}: { ${fields.join("; ")} };`;
  };
  return `{ ${side("path")} ${side("query")} ${bodyText(operation)} answer: ${typeText(dataOf(operation) ?? {})} }`;
}

/** A file goes as its bytes alone, with its fields in the query, where an operation takes that. */
function bodyText(operation: Operation): string {
  if (operation.requestBody?.content["application/octet-stream"] !== undefined)
    return "body: Blob | Uint8Array<ArrayBuffer>;";
  const body = bodyOf(operation);
  return body === undefined ? "" : `body: ${typeText(body)};`;
}

/** \`Error\` is the language's own. */
const typeName = (name: string): string => (name === "Error" ? "ErrorAnswer" : name);

function typeText(schema: Schema): string {
  if (schema.$ref !== undefined) return typeName(nameOf(schema.$ref));
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  const either = schema.anyOf ?? schema.oneOf;
  if (either) return [...new Set(either.map(typeText))].join(" | ");
  if (Array.isArray(schema.type)) return schema.type.map((type: string) => typeText({ ...schema, type })).join(" | ");
  switch (schema.type) {
    case "array":
      return `Array<${typeText(schema.items ?? {})}>`;
    case "object":
      return objectText(schema);
    case "integer":
      return "number";
    case "string":
    case "number":
    case "boolean":
    case "null":
      return schema.type;
    default:
      return "unknown";
  }
}

function objectText({ properties = {}, required = [] }: Schema): string {
  const fields = Object.entries(properties).map(
    ([name, field]) => `${name}${required.includes(name) ? "" : "?"}: ${typeText(field)};`,
  );
  return fields.length === 0 ? "Record<string, never>" : `{\n${fields.join("\n")}\n}`;
}
