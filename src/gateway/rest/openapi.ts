import { type Contract, type Failure, type Method, pageInput } from "#kernel";
import { cursorLengthMax } from "#kernel/cursor";
import { AdminsOnly, InvalidInput, ModeratorsOnly, SignInAgain, SignInFirst } from "#kernel/errors";
import { BadRequest } from "#kernel/http/errors";
import { scopeOf, type ScopeRule, scopesOf } from "#kernel/scopes/scopes";
import { z } from "zod";
import { RateLimited } from "../identity/rate-limits.ts";
import { operationRoutes } from "../operations.ts";
import { composerOf } from "./compose.ts";
import { isFeed, isNumbered, isPage, pagesIn } from "../format/lists.ts";
import { edgeSchema, type JsonSchema } from "../format/schema.ts";
import type { RawRoute } from "../raw-route.ts";
import { shortFormOf } from "./short-form.ts";
import type { View } from "./view.ts";
import { edgeName, pathFields } from "../format/spelling.ts";

interface Operation {
  operationId: string;
  tags: string[];
  summary?: string;
  security: object[];
  parameters?: object[];
  requestBody?: object;
  responses: Record<string, object>;
  "x-auth": string;
  "x-rate": string;
  /** The scopes of which a personal token needs one: `any`, a list, or none at all where no token is admitted. */
  "x-scopes": "any" | readonly string[];
}

/** The OpenAPI 3.1 document of everything the public port answers. */
export function openApi(
  contracts: readonly Contract[],
  rawRoutes: readonly RawRoute[],
  views: readonly View[],
  version: string,
): object {
  const components = new Map<string, JsonSchema>();
  const paths: Record<string, Record<string, Operation>> = {};
  const put = (route: string, verb: string, operation: Operation) => {
    const path = route.replaceAll(/:(\w+)/g, "{$1}");
    paths[path] = { ...paths[path], [verb.toLowerCase()]: operation };
  };
  for (const contract of contracts)
    for (const [name, method] of Object.entries(contract.methods)) {
      const [verb, path] = method.http?.split(" ") ?? [];
      if (verb === undefined || path === undefined) continue;
      const operation = operationOf(contract, name, method, verb, path, views, components);
      put(path, verb, operation);
      const short = shortFormOf(method);
      if (short !== undefined) put(short, verb, { ...operation, operationId: `${operation.operationId}Short` });
    }
  // The same operation answers with and without a slash at the end; the document has it once.
  for (const route of rawRoutes.filter(({ path }) => !path.endsWith("/")))
    put(
      route.path,
      route.verb,
      rawOperation(route.group, route, [RateLimited, ...(route.freshness === undefined ? [] : [SignInAgain])]),
    );
  for (const { path, summary } of operationRoutes) {
    const name = path.slice(1).replace(".json", "");
    const auth = path === "/metrics" ? "admin" : "public";
    put(
      path,
      "get",
      rawOperation(
        "operations",
        {
          path,
          summary,
          name,
          answers: "application/json",
          auth,
          rate: "read",
          scope: auth === "admin" ? "admin:read" : "any",
        },
        [path === "/metrics" ? AdminsOnly : BadRequest],
      ),
    );
  }
  components.set("Error", edgeSchema(ErrorBody, "output", new Map()));
  return {
    openapi: "3.1.0",
    info: { title: "Kinora", version, license: { name: "Apache-2.0", identifier: "Apache-2.0" } },
    // Wherever the document was read from.
    servers: [{ url: "/" }],
    paths: Object.fromEntries(Object.entries(paths).toSorted(([a], [b]) => (a < b ? -1 : 1))),
    components: {
      schemas: Object.fromEntries([...components].toSorted(([a], [b]) => (a < b ? -1 : 1))),
      securitySchemes: { bearer: { type: "http", scheme: "bearer" } },
    },
  };
}

const ErrorBody = z.object({
  code: z.int(),
  message: z.string(),
  data: z.null(),
  error: z.string(),
  errors: z.array(z.object({ field: z.string(), message: z.string(), suggestion: z.string().optional() })).optional(),
  until: z.iso.datetime().optional(),
  reason: z.string().optional(),
  max: z.number().optional(),
  details: z.looseObject({}).optional(),
  trace_id: z.string(),
});

function operationOf(
  contract: Contract,
  name: string,
  method: Method,
  verb: string,
  path: string,
  views: readonly View[],
  components: Map<string, JsonSchema>,
): Operation {
  const { name: service } = contract;
  const scope = scopeOf(contract, method);
  const input = edgeSchema(method.input, "input", components);
  const inPath = pathFields(`${service}.${name}`, path, method.input);
  const isBodied = verb === "POST" || verb === "PUT";
  const paged = isNumbered(method) ? Object.keys(pageInput) : [];
  const unpagedFields = Object.entries(method.input.shape).filter(([field]) => !paged.includes(field));
  const schemaOf = (field: string) =>
    input.properties?.[edgeName(field, method.input.shape[field] ?? z.unknown())] ?? {};
  const isRequired = (spelt: string) => input.required?.includes(spelt) === true;
  const parameters = unpagedFields
    .filter(([field]) => inPath.has(field) || !isBodied)
    .map(([field, schema]) => ({
      name: edgeName(field, schema),
      in: inPath.has(field) ? "path" : "query",
      required: inPath.has(field) || isRequired(edgeName(field, schema)),
      schema: schemaOf(field),
    }));
  const body = unpagedFields.filter(([field]) => isBodied && !inPath.has(field) && field !== method.upload?.gives);
  const bodySchema: JsonSchema = {
    type: "object",
    properties: Object.fromEntries(body.map(([field, schema]) => [edgeName(field, schema), schemaOf(field)])),
    required: body.map(([field, schema]) => edgeName(field, schema)).filter(isRequired),
  };
  const all = [
    ...parameters,
    ...(paged.length > 0 ? pageParameters.filter(({ name }) => name !== "cursor" || isPage(method)) : []),
    ...bareParameters(method, bodySchema),
  ];
  const composer = composerOf(method.output, views);
  const data = envelopeOf(method, edgeSchema(composer?.schema ?? method.output, "output", components));
  return {
    operationId: `${service}.${name}`,
    tags: [service],
    ...(method.summary !== undefined && { summary: method.summary }),
    security: method.auth === "public" ? [{}, { bearer: [] }] : [{ bearer: [] }],
    ...(all.length > 0 && { parameters: all }),
    ...(isBodied && { requestBody: requestBody(method, bodySchema, components) }),
    responses: {
      "200": {
        description: "done",
        content: {
          "application/json": { schema: data },
          ...(method.csv !== undefined && { "text/csv": { schema: { type: "string" } } }),
        },
      },
      ...failures([
        InvalidInput,
        RateLimited,
        ...(method.auth === "public" ? [] : [SignInFirst]),
        ...(method.freshness === undefined ? [] : [SignInAgain]),
        ...(method.auth === "admin" ? [AdminsOnly] : []),
        ...(method.auth === "moderator" ? [ModeratorsOnly] : []),
        ...method.errors,
      ]),
    },
    "x-auth": method.auth,
    "x-rate": method.rate,
    "x-scopes": shownScopes(scope),
  };
}

function requestBody({ upload, input }: Method, schema: JsonSchema, components: Map<string, JsonSchema>): object {
  if (!upload) return { required: (schema.required?.length ?? 0) > 0, content: { "application/json": { schema } } };
  const form = {
    ...schema,
    properties: { ...schema.properties, [upload.field]: binary },
    required: [...(schema.required ?? []), upload.field],
  };
  const bodySchema = input.shape[upload.gives];
  const isJsonToo = upload.gives === "mediaId" && bodySchema !== undefined;
  const json = isJsonToo
    ? {
        ...schema,
        properties: { ...schema.properties, media_id: edgeSchema(bodySchema as z.ZodType, "input", components) },
      }
    : undefined;
  const bare = upload.gives !== "mediaId" && { "application/octet-stream": { schema: binary } };
  return {
    required: true,
    content: {
      "multipart/form-data": { schema: form },
      ...bare,
      ...(json && { "application/json": { schema: json } }),
    },
  };
}

const binary = { type: "string", format: "binary" };

/** The parameters of an upload that sends its bytes alone: the other fields and the file's name are in the query. */
function bareParameters(method: Method, body: JsonSchema): object[] {
  if (!method.upload || method.upload.gives === "mediaId") return [];
  const fields = Object.entries(body.properties ?? {}).filter(
    ([, schema]) => typeof schema === "object" && schema.type !== "object",
  );
  return [...fields, ["name", { type: "string", maxLength: 1_000 }] as const].map(([name, schema]) => ({
    name,
    in: "query",
    required: false,
    description: "Where the body is the bytes alone.",
    schema,
  }));
}

const pageParameters = [
  { name: "page", in: "query", required: false, schema: { type: "integer", minimum: 1, default: 1 } },
  {
    name: "page_size",
    in: "query",
    required: false,
    schema: { type: "integer", minimum: 1, maximum: 100, default: 20 },
  },
  { name: "cursor", in: "query", required: false, schema: { type: "string", maxLength: cursorLengthMax } },
];

/** `{code, message, data}` around the answer; lists in the edge's words. */
function envelopeOf(method: Method, answer: JsonSchema): JsonSchema {
  const pages = answer.properties?.["items"] ? [] : pagesIn(method.output).map(([name, page]) => edgeName(name, page));
  const data =
    pages.length === 0
      ? listSchema(isPage(method), isFeed(method), answer)
      : {
          ...answer,
          properties: Object.fromEntries(
            Object.entries(answer.properties ?? {}).map(([name, schema]) => [
              name,
              pages.includes(name) && typeof schema === "object" ? listSchema(true, false, schema) : schema,
            ]),
          ),
        };
  return {
    type: "object",
    properties: { code: { const: 0 }, message: { const: "success" }, data },
    required: ["code", "message", "data"],
  };
}

function listSchema(isPaged: boolean, isFed: boolean, answer: JsonSchema): JsonSchema {
  const { items, next: _, total: __, ...otherProperties } = answer.properties ?? {};
  const list =
    items &&
    (isPaged
      ? {
          list: items,
          total: { type: "integer" },
          total_capped: { type: "boolean" },
          page: { type: "integer" },
          page_size: { type: "integer" },
          next_cursor: { type: ["string", "null"] },
          has_more: { type: "boolean" },
        }
      : isFed
        ? { list: items, next_cursor: { type: ["string", "null"] }, has_more: { type: "boolean" } }
        : { list: items });
  const always = isPaged ? ["list", "page", "page_size", "next_cursor", "has_more"] : list && Object.keys(list);
  const data = list ? { type: "object", properties: { ...list, ...otherProperties }, required: always } : answer;
  return data as JsonSchema;
}

function failures(declared: readonly Refusal[]): Record<string, object> {
  const byStatus = Map.groupBy(declared, (failure) => String(failure.http));
  return Object.fromEntries(
    [...byStatus].map(([status, same]) => [
      status,
      {
        description: same.map(({ code, text }) => `\`${code}\`: ${text}`).join("; "),
        content: { "application/json": { schema: errorSchema(same) } },
      },
    ]),
  );
}

const shownScopes = (rule: ScopeRule | undefined) => (rule === "any" ? rule : scopesOf(rule));

type Refusal = Pick<Failure, "http" | "code" | "text" | "details">;

/** The envelope of these failures, with the details that they show. */
function errorSchema(failures: readonly Refusal[]): object {
  const envelope = { $ref: "#/components/schemas/Error" };
  const details = failures.flatMap(({ details: { shape } }) =>
    shape["shown"] === undefined ? [] : edgeSchema(shape["shown"] as z.ZodType, "output", new Map()),
  );
  if (details.length === 0) return envelope;
  const shown = details.length === 1 ? details[0] : { anyOf: details };
  return { allOf: [envelope, { type: "object", properties: { details: shown } }] };
}

/** @param refusals in the envelope of the API; compatible APIs have envelopes of their own. */
function rawOperation(
  tag: string,
  { path, summary, name, answers, auth, rate, scope, query, takes }: Omit<RawRoute, "verb" | "group" | "kind">,
  refusals: readonly Refusal[],
): Operation {
  const names = [...path.matchAll(/:(\w+)/g)].map(([, field]) => String(field));
  const parameters = query ?? [];
  return {
    operationId: `${tag}.${name}`,
    tags: [tag],
    summary,
    security: auth === "public" ? [{}] : [{ bearer: [] }],
    ...(names.length + parameters.length > 0 && {
      parameters: [
        ...names.map((field) => ({ name: field, in: "path", required: true, schema: { type: "string" } })),
        ...parameters.map((field) => ({ name: field, in: "query", required: false, schema: { type: "string" } })),
      ],
    }),
    ...(takes && { requestBody: { content: Object.fromEntries(takes.map((type) => [type, {}])) } }),
    responses: { "200": { description: "done", content: { [answers]: {} } }, ...failures(refusals) },
    "x-auth": auth,
    "x-rate": rate,
    "x-scopes": shownScopes(scope),
  };
}
