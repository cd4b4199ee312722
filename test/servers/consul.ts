import { z } from "zod";
import { answer, type ProtocolRequest, ProtocolServer } from "./protocol-server.ts";

const Registered = z.object({
  ID: z.string().min(1),
  Name: z.string().min(1),
  Address: z.string(),
  Port: z.int(),
  Tags: z.array(z.string()),
  Meta: z.record(z.string(), z.string()),
  Weights: z.strictObject({ Passing: z.int().min(1), Warning: z.int().min(1) }),
  Check: z.strictObject({
    HTTP: z.url(),
    Interval: z.literal("10s"),
    Timeout: z.literal("5s"),
    TLSSkipVerify: z.boolean(),
    Status: z.enum(["passing", "critical"]),
    DeregisterCriticalServiceAfter: z.string(),
  }),
});
type Service = z.output<typeof Registered> & { isPassing: boolean };

/** A second of a check's interval; checks are made five times as often as they say, so that tests need not wait. */
const secondMs = 200;

/**
 * An agent of Consul, by its published HTTP API: registration with HTTP checks, and blocking queries with
 * `X-Consul-Index`. Consul itself is in no Debian package.
 */
export class Consul extends ProtocolServer {
  readonly #services = new Map<string, Service>();
  readonly #waiting = new Set<() => void>();
  readonly #token: string | undefined;
  readonly #checks = setInterval(() => void this.#check(), 10 * secondMs);
  #index = 10;
  /** Keys and their values. */
  readonly values = new Map<string, string>();

  constructor(token?: string) {
    super((request) => this.#respond(request));
    this.#token = token;
  }

  async wipe(): Promise<void> {
    this.#services.clear();
    this.#index = 5;
  }

  override [Symbol.asyncDispose] = async (): Promise<void> => {
    clearInterval(this.#checks);
    for (const wake of this.#waiting) wake();
    await this.kill();
  };

  async #respond({ method, path, query, headers, body, response }: ProtocolRequest): Promise<void> {
    if (this.#token !== undefined && headers["x-consul-token"] !== this.#token)
      return answer(response, 403, "Permission denied: token with AccessorID 'anonymous' lacks permission");
    if (method === "GET" && path === "/v1/status/leader") return answer(response, 200, '"127.0.0.1:8300"');
    const [, prefix] = /^\/v1\/kv\/(.+)$/.exec(path) ?? [];
    if (method === "GET" && prefix !== undefined) {
      const pairs = [...this.values].filter(([key]) => key.startsWith(prefix));
      if (pairs.length === 0) return answer(response, 404, "");
      const entries = pairs.map(([Key, value]) => ({ Key, Value: Buffer.from(value).toString("base64"), Flags: 0 }));
      return answer(response, 200, entries, { "x-consul-index": String(this.#index) });
    }
    const [, health] = /^\/v1\/health\/service\/([^/]+)$/.exec(path) ?? [];
    if (method === "GET" && health !== undefined) {
      await this.#block(Number(query.get("index") ?? 0), query.get("wait") ?? "5m");
      const passing = [...this.#services.values()].filter(({ Name, isPassing }) => Name === health && isPassing);
      const entries = passing.map((Service) => ({ Node: { Address: "127.0.0.1" }, Service, Checks: [] }));
      return answer(response, 200, entries, { "x-consul-index": String(this.#index) });
    }
    if (method === "PUT" && path === "/v1/agent/service/register") {
      const service = Registered.safeParse(body);
      if (!service.success) return answer(response, 400, z.prettifyError(service.error));
      this.#services.set(service.data.ID, { ...service.data, isPassing: service.data.Check.Status === "passing" });
      this.#change();
      return answer(response, 200, "");
    }
    const [, left] = /^\/v1\/agent\/service\/deregister\/(.+)$/.exec(path) ?? [];
    if (method === "PUT" && left !== undefined) {
      if (!this.#services.delete(left)) return answer(response, 404, `Unknown service ID "${left}"`);
      this.#change();
      return answer(response, 200, "");
    }
    const [, id] = /^\/v1\/agent\/service\/(.+)$/.exec(path) ?? [];
    const service = this.#services.get(id ?? "");
    if (method === "GET" && service) return answer(response, 200, service);
    return answer(response, 404, `unknown service ID: ${id}`);
  }

  /** Until the index is another one than the client has, or the time is over. */
  async #block(index: number, wait: string): Promise<void> {
    if (index !== this.#index || index === 0) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.add(resolve);
    const timer = setTimeout(resolve, Number.parseInt(wait, 10) * secondMs);
    await promise;
    clearTimeout(timer);
    this.#waiting.delete(resolve);
  }

  #change(): void {
    this.#index += 1;
    for (const wake of this.#waiting) wake();
  }

  async #check(): Promise<void> {
    for (const service of this.#services.values()) {
      const health = await fetch(service.Check.HTTP).catch(() => undefined);
      const isPassing = health?.ok === true;
      if (isPassing === service.isPassing) continue;
      service.isPassing = isPassing;
      this.#change();
    }
  }
}
