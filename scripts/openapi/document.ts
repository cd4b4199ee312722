import packageJson from "../../package.json" with { type: "json" };
import { openApi } from "../../src/gateway/rest/openapi.ts";
import { rawRoutes } from "../../src/gateway/raw-routes.ts";
import { views } from "../../src/gateway/rest/views.ts";
import { loadContracts } from "../../cmd/services.ts";

/** A schema as the document writes it: JSON Schema 2020-12, as far as contracts use it. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
}
export interface Parameter {
  readonly name: string;
  readonly in: "path" | "query";
  readonly required: boolean;
  readonly schema: Schema;
}
type Content = Readonly<Record<string, { readonly schema?: Schema }>>;
export interface Operation {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary?: string;
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly required?: boolean; readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: Content }>>;
  readonly "x-auth": string;
  readonly "x-rate": string;
}
export interface Document {
  readonly info: { readonly version: string; readonly license: { readonly identifier?: string } };
  readonly servers: readonly { readonly url: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>;
    readonly securitySchemes: Readonly<Record<string, object>>;
  };
}

/** The document of everything the public port answers, whatever an instance is called and allows. */
export async function currentDocument(): Promise<Document> {
  // Through JSON, as clients read it: fields that are undefined disappear.
  return JSON.parse(JSON.stringify(openApi(await loadContracts(), rawRoutes, views, packageJson.version))) as Document;
}

/** Every route with its operation, in the document's order. */
export const operationsOf = ({ paths }: Document): { verb: string; path: string; operation: Operation }[] =>
  Object.entries(paths).flatMap(([path, verbs]) =>
    Object.entries(verbs).map(([verb, operation]) => ({ verb: verb.toUpperCase(), path, operation })),
  );

/** The data in the envelope of a 200; undefined where the answer is bytes or text. */
export const dataOf = ({ responses }: Operation): Schema | undefined =>
  responses["200"]?.content?.["application/json"]?.schema?.properties?.["data"];

/** The body as JSON, or the form where there is no other. */
export const bodyOf = ({ requestBody }: Operation): Schema | undefined =>
  (requestBody?.content["application/json"] ?? requestBody?.content["multipart/form-data"])?.schema;

export const nameOf = ($ref: string): string => $ref.slice($ref.lastIndexOf("/") + 1);
