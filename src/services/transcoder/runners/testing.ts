import { createHash } from "node:crypto";
import { silentLog } from "#kernel/log/port";
import { embeddedCache } from "#kernel/cache/embedded";
import { createFastifyServer, type FastifyServer } from "#kernel/http/fastify/fastify";
import { callOf } from "#kernel/host/testing";
import { failureOf } from "#gateway/format/envelope";
import { gateway } from "#gateway/gateway";
import { transcoder } from "../contract.ts";
import { MediaFixture } from "../testing.ts";
import { runnerProtocol } from "./contract.ts";

export interface RunnerAnswer {
  readonly status: number;
  /** The stable code of a refusal; empty otherwise. */
  readonly error: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly bytes: Buffer;
}
/** A job as the home lends it. */
export interface Lent {
  readonly id: number;
  readonly kind: string;
  readonly fence: number;
  readonly facts: { readonly source?: { readonly key: string } };
  readonly task: { readonly taskId: number; readonly mediaId: number };
}

/** A platform that transcodes nothing itself, and its public port. */
export class RunnerFixture extends MediaFixture {
  #app: FastifyServer | undefined;

  constructor() {
    super({ transcoder: { workers: 0, version: "test" } });
  }

  override async open(): Promise<void> {
    await super.open();
    const services = await this.host.host();
    const common = { log: silentLog, metrics: this.metrics };
    this.#app = await createFastifyServer({ ...common, failed: failureOf, trustedProxies: [] });
    await gateway(this.#app, {
      ...common,
      blob: this.blob,
      cache: embeddedCache(),
      contracts: services.contracts,
      client: (contract) => services.client(contract, "gateway"),
      version: "0.0.0",
      site: { name: "Test", uploadBytesMax: 1_000_000 },
      web: this.folder,
      limits: undefined,
      instance: "test",
      hotBytesMax: 1_000_000,
      ready: () => services.ready(),
    });
  }

  get administration() {
    return this.host.client(transcoder);
  }

  /** A registration token. */
  async registrationToken(): Promise<string> {
    const { token } = await this.administration.addRunnerRegistration({ label: "test" }, administrator);
    return token;
  }

  async register(token: string, protocol = runnerProtocol): Promise<RunnerAnswer> {
    const body = { registration_token: token, name: "cellar", version: "test", protocol };
    return this.ask("POST", "/runners", { body });
  }

  /** The token of a new runner. */
  async runner(): Promise<string> {
    const { data } = await this.register(await this.registrationToken());
    return String(data["runner_token"]);
  }

  async requestJob(runnerToken: string, kinds: readonly string[] = ["first"]): Promise<Lent | undefined> {
    const { data } = await this.post(runnerToken, "/jobs", { kinds, version: "test", protocol: runnerProtocol });
    const job = data["job"] as (Record<"id" | "fence", number> & Record<"kind" | "task" | "facts", string>) | null; // By contract.
    if (!job) return undefined;
    const { id, fence, kind, task, facts } = job;
    return { id, fence, kind, task: JSON.parse(task), facts: JSON.parse(facts) };
  }

  post(runnerToken: string, path: string, body: object): Promise<RunnerAnswer> {
    return this.ask("POST", `/runners${path}`, { body: { runner_token: runnerToken, ...body } });
  }

  report(runnerToken: string, { id, fence }: Pick<Lent, "id" | "fence">, results: object): Promise<RunnerAnswer> {
    const none = { number: 1, is_last: false, events: [], tasks: [] };
    return this.post(runnerToken, `/jobs/${id}/results`, { fence, ...none, ...results });
  }

  read(
    runnerToken: string,
    { id, fence }: Pick<Lent, "id" | "fence">,
    key: string,
    range?: string,
  ): Promise<RunnerAnswer> {
    const path = `/runners/jobs/${id}/file?fence=${fence}&key=${encodeURIComponent(key)}`;
    return this.ask("GET", path, { headers: { "x-kinora-runner": runnerToken, ...(range && { range }) } });
  }

  put(
    runnerToken: string,
    { id, fence }: Pick<Lent, "id" | "fence">,
    bytes: Buffer,
    sha256 = hashOf(bytes),
  ): Promise<RunnerAnswer> {
    const headers = { "x-kinora-runner": runnerToken, "content-type": "application/octet-stream" };
    return this.ask("PUT", `/runners/jobs/${id}/outputs/${sha256}?fence=${fence}`, { headers, bytes });
  }

  async ask(
    method: "GET" | "POST" | "PUT",
    path: string,
    { body, bytes, headers }: { body?: object; bytes?: Buffer; headers?: Record<string, string> },
  ): Promise<RunnerAnswer> {
    const answer = await this.#app?.inject({
      method,
      url: `/api/v1${path}`,
      headers: { ...(body && { "content-type": "application/json" }), ...headers },
      ...(body && { payload: JSON.stringify(body) }),
      ...(bytes && { payload: bytes }),
    });
    if (!answer) throw new Error("the fixture is not open");
    const isJson = String(answer.headers["content-type"]).startsWith("application/json");
    const { error = "", data } = isJson ? JSON.parse(answer.payload) : {};
    return { status: answer.statusCode, error, data: data ?? {}, bytes: answer.rawPayload };
  }

  override async [Symbol.asyncDispose](): Promise<void> {
    await this.#app?.close();
    await super[Symbol.asyncDispose]();
  }
}

export const administrator = callOf(1, { role: "admin" });
export const hashOf = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");
