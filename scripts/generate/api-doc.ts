import type { Contract, Failure, Method } from "#kernel";
import { loadContracts } from "../../cmd/services.ts";
import { usualRates } from "../../src/kernel/http/limits.ts";
import { operationRoutes } from "../../src/gateway/operations.ts";
import { rawRoutes } from "../../src/gateway/raw-routes.ts";
import type { Generate } from "../generate.ts";
import { currentDocument, dataOf, type Document, nameOf, type Schema } from "../openapi/document.ts";

/** The reference of the public API for people; programs read `api/openapi.json`. */
export const generate: Generate = async () => {
  const document = await currentDocument();
  const services = (await loadContracts())
    .map((contract) => serviceText(contract, document))
    .filter((text) => text !== "");
  const shapes = Object.entries(document.components.schemas).filter(([name]) => name !== "Error");
  return {
    "docs/api.md": `${intro()}
${services.join("\n")}
## Bytes

Manifests, segments, covers, originals and pictures. They answer with bytes and take \`Range\`; \`HEAD\` works everywhere.

${table(
  ["path", "what it answers"],
  rawRoutes.map(({ verb, path, summary, answers }) => [`\`${verb} ${path}\``, `${summary} \`${answers}\``]),
)}
## Operations

${table(
  ["path", "what it answers"],
  operationRoutes.map(({ path, summary }) => [`\`GET ${path}\``, summary]),
)}
## Shapes

A field with \`?\` may be missing.

${shapes.map(([name, schema]) => `### ${name}\n\n${shapeText(schema)}`).join("\n")}`,
  };
};

const rates = Object.entries(usualRates).map(([name, size]) => [`\`${name}\``, String(size)]);

const intro = (): string => `# The API

<!-- Made by \`npm run generate\` from the services' contracts. -->

Everything below is at \`/api/v1\` of the public port, takes and answers JSON (UTF-8) unless it says otherwise, and is also
described by \`/openapi.json\` (checked in as [api/openapi.json](../api/openapi.json)). Services speak gRPC among themselves
and, where \`--rpc-port\` is set, with others: [api/proto](../api/proto). [api/thrift](../api/thrift) has the
same contracts as Thrift, which no port speaks. Where the port has
[TLS](operate.md#tls-between-processes), clients need a certificate of its authority.

## Conventions

**Envelope.** An answer is \`{"code": 0, "message": "success", "data": …}\`. A failure has its HTTP status, also as \`code\`:

\`\`\`json
{"code": 404, "message": "no such video", "data": null, "error": "video.not_found", "trace_id": "4bf9…"}
\`\`\`

\`error\` is stable and for programs, \`message\` is for people and may change. An input that is refused (400,
\`kernel.invalid_input\`) names its fields: \`"errors": [{"field": "title", "message": …}]\`. A moderator's decision about
the caller (\`auth.barred\`, \`moderation.muted\`) says until when and why: \`"until": "2026-12-01T10:00:00.000Z",
"reason": …\`. 429 and 503 say in \`Retry-After\` when to try again. \`trace_id\` finds the call in the log.

**Who may call.** *public*: anyone, and signed-in users see more. *user*: clients that send
\`Authorization: Bearer <token>\` with the token of a sign-in (the web app uses a cookie). *admin*: administrators.

**Names.** Each row has the name of its operation: the \`operationId\` in \`openapi.json\`, by which the
[client in TypeScript](sdk.md) asks for it.

**Values.** Ids are integers below 2^53. Times are RFC 3339 in UTC. Durations are seconds with decimals. Where an id of a
user is asked for in a path, \`me\` is the caller.

**Lists.** \`?page=1&page_size=20\` (at most 100 a page, 1,000 rows deep) or \`?cursor=…\` with the \`next_cursor\` of the
answer before: \`{"list", "total", "page", "page_size", "next_cursor", "has_more"}\`. \`total\` is exact to 1,000; above it
\`total_capped\` is true. With a cursor nothing is counted.

**Repeating.** A POST with \`Idempotency-Key\` gives its first answer again for 24 hours; the same key with another body is
409.

**Limits.** Requests a minute, per person (or address) and service; \`X-RateLimit-Limit\`, \`-Remaining\` and \`-Reset\` say
where one stands, and 429 \`gateway.rate_limited\` when it was too much.

${table(["class", "requests a minute, of an account or an address"], rates)}
Every row below can also answer 400 \`kernel.invalid_input\` and 429; rows that are not public 401 \`gateway.sign_in_first\`,
those for moderators 403 \`gateway.moderators_only\`, those for administrators 403 \`gateway.admins_only\`. Errors named there are what else may be wrong.
`;

function serviceText({ name, methods }: Contract, document: Document): string {
  const rows = Object.entries(methods).filter(([, { http }]) => http !== undefined);
  if (rows.length === 0) return "";
  const cells = rows.map(([method, declared]) => [
    `\`${declared.http}\``,
    `\`${name}.${method}\``,
    declared.auth,
    declared.rate,
    [declared.summary, answerText(`${name}.${method}`, document)].filter(Boolean).join(" "),
    declared.errors.map(errorText).join("<br>"),
  ]);
  const inputs = rows
    .map(([method, declared]) => inputText(`${name}.${method}`, declared, document))
    .filter((text) => text !== "");
  return `## ${name}

${table(["row", "name", "who", "class", "what it does and answers", "errors"], cells)}${inputs.length > 0 ? `\n${inputs.join("\n")}` : ""}`;
}

const errorText = ({ code, http }: Failure): string => `${http} \`${code}\``;

const operation = (id: string, { paths }: Document) =>
  Object.values(paths)
    .flatMap((verbs) => Object.values(verbs))
    .find(({ operationId }) => operationId === id);

function answerText(id: string, document: Document): string {
  const described = operation(id, document);
  const data = described && dataOf(described);
  if (!data || (!data.$ref && Object.keys(data.properties ?? {}).length === 0)) return "Answers nothing more.";
  const list = data.properties?.["list"];
  const isPage = data.properties?.["next_cursor"] !== undefined;
  return `Answers ${list ? `${isPage ? "a page" : "a list"} of ${typeText(list.items ?? {})}` : typeText(data)}.`;
}

/** The input of a row, beside the parameters of its path. */
function inputText(id: string, { http = "GET /", upload }: Method, document: Document): string {
  const described = operation(id, document);
  const contents = Object.values(described?.requestBody?.content ?? {});
  const body = contents.map(({ schema }) => schema).find((schema) => schema !== undefined);
  const query = (described?.parameters ?? []).filter((parameter) => parameter.in === "query");
  const fields = [
    ...query.map(({ name, required, schema }) => fieldText(name, schema, required)),
    ...Object.entries(body?.properties ?? {}).map(([name, schema]) =>
      fieldText(name, schema, body?.required?.includes(name) === true),
    ),
  ];
  if (fields.length === 0) return "";
  const way = upload ? " as a multipart form" : query.length > 0 ? " in the query" : "";
  return `\`${http}\` takes${way} ${fields.join(", ")}.\n`;
}

const fieldText = (name: string, schema: Schema, isRequired: boolean): string =>
  `\`${name}${isRequired ? "" : "?"}\` ${typeText(schema)}`;

function typeText(schema: Schema): string {
  if (schema.$ref !== undefined) return `[${nameOf(schema.$ref)}](#${nameOf(schema.$ref).toLowerCase()})`;
  if (schema.enum) return schema.enum.map((value) => `\`${String(value)}\``).join(" or ");
  const either = schema.anyOf ?? schema.oneOf;
  if (either) return [...new Set(either.map(typeText))].join(" or ");
  if (Array.isArray(schema.type)) return schema.type.join(" or ");
  if (schema.type === "array") return `list of ${typeText(schema.items ?? {})}`;
  if (schema.type === "object") {
    const fields = Object.entries(schema.properties ?? {}).map(([name, field]) =>
      fieldText(name, field, schema.required?.includes(name) === true),
    );
    return `{ ${fields.join(", ")} }`;
  }
  if (schema.format === "date-time") return "time";
  if (schema.format === "binary") return "file";
  return schema.description === undefined
    ? String(schema.type ?? "anything")
    : `${String(schema.type)} (${schema.description})`;
}

const shapeText = ({ properties = {}, required = [] }: Schema): string =>
  table(
    ["field", "type"],
    Object.entries(properties).map(([name, field]) => [
      `\`${name}${required.includes(name) ? "" : "?"}\``,
      typeText(field),
    ]),
  );

const table = (heads: readonly string[], rows: readonly (readonly string[])[]): string =>
  [heads, heads.map(() => "---"), ...rows]
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |\n`)
    .join("");
