import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DiskBlobStore } from "#kernel/blob/disk/disk";
import { embeddedCache } from "#kernel/cache/embedded";
import type { HostParts } from "#kernel/host/parts";
import type { Environment } from "#kernel/environment/environment";
import { realDisk } from "#kernel/environment/disk";
import { noFailpoints } from "#kernel/environment/failpoint";
import { type FastifyServer, createFastifyServer } from "#kernel/http/fastify/fastify";
import { byNeed } from "#kernel/host/start-order";
import { silentLog } from "#kernel/log/port";
import { createPrometheusMetrics } from "#kernel/telemetry/prometheus";
import { TestHost } from "#kernel/host/testing";
import { failureOf } from "#gateway/format/envelope";
import { type GatewayParts, gateway } from "#gateway/gateway";
import { auth } from "#services/auth/contract";
import { pagePaths } from "../../web/scripts/page-paths.ts";
import { sql } from "kysely";
import { loadPlugins } from "../../cmd/services.ts";

/** An answer as a client sees it. */
export interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
  readonly bytes: Buffer;
  readonly body: Readonly<Record<string, unknown>>;
  readonly data: Readonly<Record<string, unknown>>;
}
export type Verb = "GET" | "POST" | "PUT" | "DELETE" | "PATCH" | "HEAD" | "OPTIONS";
export interface Asked {
  readonly method?: Verb;
  readonly token?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly from?: string;
}
export interface Account {
  readonly id: number;
  readonly name: string;
  readonly token: string;
  readonly refreshToken: string;
}

export const password = "correct horse";

/** All of Kinora in this process as a stranger meets it: every service, one store, the public port with a web app. */
export class Platform implements AsyncDisposable {
  readonly host: TestHost;
  readonly blob: DiskBlobStore;
  /** The folder the objects lie in. */
  readonly blobs: string;
  readonly #folder = mkdtempSync(join(tmpdir(), "kinora-security-"));
  readonly #parts: Partial<GatewayParts> & Pick<GatewayParts, "log" | "metrics" | "cache">;
  #app: FastifyServer | undefined;
  #accounts = 0;

  constructor(
    parts: Partial<GatewayParts> = {},
    settings: Readonly<Record<string, unknown>> = {},
    environment: Partial<Environment> = {},
    hostParts: Partial<HostParts> = {},
  ) {
    this.blobs = join(this.#folder, "blobs");
    this.blob = new DiskBlobStore({ folder: this.blobs, disk: realDisk, failpoints: noFailpoints, now: Date.now });
    const { log = silentLog, metrics = createPrometheusMetrics(), cache = embeddedCache() } = parts;
    this.#parts = { ...parts, log, metrics, cache };
    const shared: Partial<HostParts> = { blob: this.blob, cache, log, metrics, ...hostParts };
    // A test is not about the pace of its machine.
    const own = {
      instance: { name: "Test" },
      recommend: { personalMsMax: 60_000 },
      // The wallet of a key needs no answer of its chain.
      auth: { chains: [{ id: 31_337, namespace: "eip155", name: "Test", endpoints: ["http://127.0.0.1:9"] }] },
    };
    this.host = new TestHost({ settings: { ...own, ...settings }, environment, parts: shared });
    mkdirSync(join(this.#folder, "web", "assets"), { recursive: true });
    writeFileSync(
      join(this.#folder, "web", "index.html"),
      `<!doctype html><html><head><title>Kinora</title><meta name="description" content="Watch." /><link rel="icon" href="/icon.svg" type="image/svg+xml" /><link rel="apple-touch-icon" href="/icons/icon-180.png" /><style>body{margin:0}</style><script>begin()</script></head><body></body></html>`,
    );
    writeFileSync(join(this.#folder, "web", "page-paths.json"), JSON.stringify(pagePaths()));
    writeFileSync(
      join(this.#folder, "web", "manifest.webmanifest"),
      JSON.stringify({ name: "Kinora", short_name: "Kinora", start_url: "/", icons: [{ src: "/icon.svg" }] }),
    );
    writeFileSync(join(this.#folder, "web", "assets", "app-1234.js"), "export {};");
  }

  /** @param parts changes that need the started services. */
  async open(): Promise<void> {
    const plugins = byNeed(await loadPlugins());
    await this.host.share(plugins);
    for (const plugin of plugins) await this.host.add(plugin);
    const services = await this.host.host();
    this.#app = await createFastifyServer({ ...this.#parts, failed: failureOf, trustedProxies: [] });
    await gateway(this.#app, {
      blob: this.blob,
      contracts: services.contracts,
      client: (contract) => services.client(contract, "gateway"),
      version: "0.0.0",
      site: { name: "Test", uploadBytesMax: 10_000_000 },
      web: join(this.#folder, "web"),
      limits: undefined,
      hotBytesMax: 1_000_000,
      instance: "test",
      ready: () => services.ready(),
      ...this.#parts,
    });
  }

  get app(): FastifyServer {
    assert.ok(this.#app, "the platform is not open");
    return this.#app;
  }

  async ask(url: string, { method = "GET", token, body, headers = {}, from }: Asked = {}): Promise<Answered> {
    const isRaw = typeof body === "string" || Buffer.isBuffer(body);
    const answer = await this.app.inject({
      method,
      url,
      ...(from !== undefined && { remoteAddress: from }),
      headers: {
        ...(body !== undefined && !isRaw && { "content-type": "application/json" }),
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...headers,
      },
      ...(body !== undefined && { payload: isRaw ? body : JSON.stringify(body) }),
    });
    const isJson = String(answer.headers["content-type"]).startsWith("application/json") && answer.payload !== "";
    const parsed = isJson ? (JSON.parse(answer.payload) as Record<string, unknown>) : {};
    return {
      status: answer.statusCode,
      headers: answer.headers,
      text: answer.payload,
      bytes: answer.rawPayload,
      body: parsed,
      data: (parsed["data"] ?? {}) as Record<string, unknown>, // Every envelope's data is an object or null.
    };
  }

  /** A new user, signed in. */
  async join(wish?: string): Promise<Account> {
    this.#accounts += 1;
    const name = wish ?? `someone${this.#accounts}x`;
    const response = await this.ask("/api/v1/users/register", { method: "POST", body: { username: name, password } });
    assert.equal(response.status, 200, response.text);
    return accountOf(name, response);
  }

  /** An administrator, as the configuration makes one. */
  async administrator(): Promise<Account> {
    const call = { traceId: "0".repeat(32), signal: AbortSignal.timeout(60_000) };
    await this.host.client(auth).ensure({ username: "keeper", password, role: "admin" }, call);
    return this.signIn("keeper", password);
  }

  protected async signIn(name: string, secret: string): Promise<Account> {
    const body = { username: name, password: secret };
    const response = await this.ask("/api/v1/users/login", { method: "POST", body });
    assert.equal(response.status, 200, response.text);
    return accountOf(name, response);
  }

  /** Opens a port; yields its address. */
  async listen(): Promise<string> {
    return `http://127.0.0.1:${await this.app.listen({ host: "127.0.0.1", port: 0 })}`;
  }

  /** Changes the tables of a service, for what no request can bring about soon. */
  async change(service: string, text: string): Promise<void> {
    await sql.raw(text).execute(this.host.database(service));
  }

  /** Settles when every event is consumed and every job is done. */
  async drain(): Promise<void> {
    await this.host.drain();
  }

  /** Sends a file through the public form. */
  async upload(
    path: string,
    token: string,
    file: { readonly name: string; readonly bytes: Uint8Array; readonly type?: string },
    fields: Readonly<Record<string, string>> = {},
  ): Promise<Answered> {
    const { body, headers } = form(file, fields);
    return this.ask(path, { method: "POST", token, body, headers });
  }

  /** The document the platform gives of itself. */
  async document(): Promise<Document> {
    return (await this.ask("/openapi.json")).body as unknown as Document; // Its own tests say that it is one.
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#app?.close();
    await this.host[Symbol.asyncDispose]();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

const accountOf = (name: string, { data }: Answered): Account => ({
  name,
  id: Number(data["user_id"]),
  token: String(data["token"]),
  refreshToken: String(data["refresh_token"]),
});

/** A multipart form with one file. The name is written as it is given, quotes escaped as browsers do. */
export function form(
  { name, bytes, type = "application/octet-stream" }: { name: string; bytes: Uint8Array; type?: string },
  fields: Readonly<Record<string, string>> = {},
  field = "file",
): { body: Buffer; headers: Record<string, string> } {
  const boundary = "----kinora7c1f";
  const parts = Object.entries(fields).map(
    ([key, value]) => `--${boundary}\r\ncontent-disposition: form-data; name="${key}"\r\n\r\n${value}\r\n`,
  );
  const quoted = name.replaceAll('"', "%22").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
  parts.push(
    `--${boundary}\r\ncontent-disposition: form-data; name="${field}"; filename="${quoted}"\r\ncontent-type: ${type}\r\n\r\n`,
  );
  const body = Buffer.concat([Buffer.from(parts.join("")), bytes, Buffer.from(`\r\n--${boundary}--\r\n`)]);
  return { body, headers: { "content-type": `multipart/form-data; boundary=${boundary}` } };
}

export const clip = (name: string): Promise<Buffer> => readFile(join(import.meta.dirname, "../media", name));

export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly minItems?: number;
  readonly exclusiveMinimum?: number;
  readonly minLength?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
}
type Content = Readonly<Record<string, { readonly schema?: Schema }>>;
interface Described {
  readonly operationId: string;
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly schema: Schema }[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>;
  readonly tags?: readonly string[];
  readonly "x-auth"?: string;
  readonly "x-rate"?: string;
  readonly "x-scopes"?: "any" | readonly string[];
}
export interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}
export interface Operation extends Described {
  readonly verb: Verb;
  /** With `{name}` where a parameter stands. */
  readonly path: string;
}

/** Every operation the document lists. */
export const operationsOf = ({ paths }: Document): Operation[] =>
  Object.entries(paths).flatMap(([path, verbs]) =>
    Object.entries(verbs).map(([verb, described]) => ({ ...described, verb: verb.toUpperCase() as Verb, path })),
  );

export const isWrite = ({ verb }: Operation): boolean => !["GET", "HEAD", "OPTIONS"].includes(verb);

/** The schema behind a reference. */
export function resolved(document: Document, schema: Schema): Schema {
  const name = schema.$ref?.split("/").at(-1);
  return name === undefined ? schema : resolved(document, document.components.schemas[name] ?? {});
}

/** The JSON body of an operation; undefined where it takes a form alone, or nothing. */
export const bodyOf = ({ requestBody }: Operation): Schema | undefined =>
  requestBody?.content["application/json"]?.schema;
export const takesForm = ({ requestBody }: Operation): boolean =>
  requestBody?.content["multipart/form-data"] !== undefined;

let samples = 0;
/** A value the schema allows, as small as it may be; e-mail addresses are never given twice. */
export function sample(document: Document, schema: Schema, name = ""): unknown {
  const { type, format, const: fixed, enum: choices, anyOf, items, properties } = resolved(document, schema);
  if (fixed !== undefined) return fixed;
  if (choices) return choices[0];
  // The parts of a term depend on its kind, which no schema says.
  if (name === "gate") return { kind: "followers" };
  if (anyOf) return sample(document, anyOf.findLast((one) => one.type !== "null") ?? {}, name);
  if (type === "object")
    return Object.fromEntries(
      Object.entries(properties ?? {}).map(([key, inner]) => [key, sample(document, inner, key)]),
    );
  if (type === "array")
    return items ? Array.from({ length: Math.max(1, schema.minItems ?? 1) }, () => sample(document, items, name)) : [];
  if (type === "boolean") return true;
  if (type === "integer" || type === "number") return Math.max(1, schema.minimum ?? 1);
  const texts: Readonly<Record<string, string>> = {
    email: `someone${(samples += 1)}@example.org`,
    uri: "https://example.org/",
    date: "2001-02-03",
    "date-time": "2001-02-03T04:05:06Z",
  };
  if (name === "token_id" || name === "min") return "1";
  if (name === "profiles") return "480p";
  if (name === "password") return password;
  if (name === "language") return "en";
  if (name === "sha256" || name === "digests") return "0".repeat(64);
  if (name === "p256dh") return `B${"A".repeat(86)}`;
  if (name === "auth") return "A".repeat(22);
  return texts[format ?? ""] ?? (/url|avatar|image|cover/.test(name) ? "/somewhere" : "something");
}
