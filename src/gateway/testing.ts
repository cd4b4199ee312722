import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AddressRules } from "#kernel/clients/address-rules";
import { silentLog } from "#kernel/log/port";
import { embeddedCache } from "#kernel/cache/embedded";
import { DiskBlobStore } from "#kernel/blob/disk/disk";
import { realDisk } from "#kernel/environment/disk";
import { noFailpoints } from "#kernel/environment/failpoint";
import { type FastifyServer, createFastifyServer } from "#kernel/http/fastify/fastify";
import { createPrometheusMetrics } from "#kernel/telemetry/prometheus";
import { TestHost } from "#kernel/host/testing";
import { failureOf } from "./format/envelope.ts";
import { type GatewayParts, gateway } from "./gateway.ts";

/** An answer as a client sees it. */
export interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Record<string, unknown>;
  readonly data: Record<string, unknown>;
}
interface Request {
  readonly method?: "GET" | "POST" | "PUT" | "DELETE" | "PATCH" | "OPTIONS" | "HEAD";
  readonly token?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

interface TestParts extends Partial<GatewayParts> {
  readonly trustedProxies?: readonly string[];
  readonly addressRules?: AddressRules;
}

/** The public port over a host of real services, asked without a socket. */
export class TestGateway implements AsyncDisposable {
  readonly host: TestHost;
  readonly app: Promise<FastifyServer>;
  readonly #folder: Promise<string>;

  /** @param start adds the services before the routes are made. */
  constructor(
    start: (host: TestHost) => Promise<void>,
    { trustedProxies = [], addressRules, ...parts }: TestParts = {},
    settings: Readonly<Record<string, unknown>> = {},
  ) {
    this.#folder = mkdtemp(join(tmpdir(), "kinora-gateway-"));
    const blob = this.#folder.then(
      (folder) => new DiskBlobStore({ folder, disk: realDisk, failpoints: noFailpoints, now: Date.now }),
    );
    // A test is not about the pace of its machine.
    this.host = new TestHost({ settings: { recommend: { personalMsMax: 60_000 }, ...settings } });
    this.app = blob.then(async (store) => {
      await start(this.host);
      const services = await this.host.host();
      const common = { log: silentLog, metrics: createPrometheusMetrics(), ...parts };
      const server = await createFastifyServer({ ...common, failed: failureOf, trustedProxies, addressRules });
      await gateway(server, {
        blob: store,
        cache: embeddedCache(),
        contracts: services.contracts,
        client: (contract) => services.client(contract, "gateway"),
        version: "0.0.0",
        site: { name: "Test", uploadBytesMax: 1_000_000 },
        web: await this.#folder,
        limits: undefined,
        instance: "test",
        hotBytesMax: 1_000_000,
        ready: () => services.ready(),
        ...common,
      });
      return server;
    });
  }

  async ask(path: string, { method = "GET", token, body, headers = {} }: Request = {}): Promise<Answered> {
    const app = await this.app;
    const answer = await app.inject({
      method,
      url: path,
      headers: {
        ...(body !== undefined && { "content-type": "application/json" }),
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...headers,
      },
      ...(body !== undefined && { payload: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const isJson = String(answer.headers["content-type"]).startsWith("application/json") && answer.payload !== "";
    const parsed = isJson ? (JSON.parse(answer.payload) as Record<string, unknown>) : {};
    return {
      status: answer.statusCode,
      headers: answer.headers,
      body: parsed,
      data: (parsed["data"] ?? {}) as Record<string, unknown>, // Every envelope's data is an object here.
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await (await this.app).close();
    await this.host[Symbol.asyncDispose]();
    await rm(await this.#folder, { recursive: true, force: true });
  }
}
