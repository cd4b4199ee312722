import { request } from "node:http";
import type { Instance } from "../instance/instance.ts";
import { rows, settled } from "../instance/tables.ts";
import { keyChain } from "../instance/shared.ts";
import { administrator } from "../instance/template.ts";
import { startTested, testedTopology } from "../instance/tested-topology.ts";
import { type Account, type Answered, type Asked, Platform } from "./platform.ts";

/** As a platform, in the processes of the topology under test. */
class FleetPlatform extends Platform {
  #instance: Instance | undefined;

  override async open(): Promise<void> {
    this.#instance = await startTested({
      KINORA_ADMIN_USERNAME: administrator.username,
      KINORA_ADMIN_PASSWORD: administrator.password,
      KINORA_RATE_LIMIT: "off",
      // The address that films of contract tests are fetched from.
      KINORA_OUTGOING_ALLOW: "127.0.0.2",
      KINORA_CHAINS: keyChain,
    });
  }

  override ask(url: string, { method = "GET", token, body, headers = {} }: Asked = {}): Promise<Answered> {
    const isRaw = typeof body === "string" || Buffer.isBuffer(body);
    const sent = body === undefined ? undefined : isRaw ? Buffer.from(body) : Buffer.from(JSON.stringify(body));
    return new Promise((resolve, reject) => {
      const asking = request(
        this.#at.url,
        {
          method,
          // As it is, also where it is no path of a URL.
          path: url,
          headers: {
            ...(sent && !isRaw && { "content-type": "application/json" }),
            ...(sent && { "content-length": sent.byteLength }),
            ...(token !== undefined && { authorization: `Bearer ${token}` }),
            ...headers,
          },
        },
        (answer) => {
          const chunks: Buffer[] = [];
          answer.on("data", (chunk: Buffer) => chunks.push(chunk));
          answer.on("error", reject);
          answer.on("end", () => {
            const bytes = Buffer.concat(chunks);
            const text = bytes.toString();
            const isJson = answer.headers["content-type"]?.startsWith("application/json") === true && text !== "";
            const parsed = isJson ? (JSON.parse(text) as Record<string, unknown>) : {}; // Every envelope is an object.
            const data = (parsed["data"] ?? {}) as Record<string, unknown>; // An object or null in every envelope.
            resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text, bytes, body: parsed, data });
          });
        },
      );
      asking.on("error", reject);
      asking.end(sent);
    });
  }

  override async listen(): Promise<string> {
    return this.#at.url;
  }

  override async change(service: string, text: string): Promise<void> {
    await rows(this.#at.data, service, text);
  }

  override drain(): Promise<void> {
    return settled(this.#at);
  }

  override async administrator(): Promise<Account> {
    return this.signIn(administrator.username, administrator.password);
  }

  override async [Symbol.asyncDispose](): Promise<void> {
    await this.#instance?.[Symbol.asyncDispose]();
    await super[Symbol.asyncDispose]();
  }

  get #at(): Instance {
    if (!this.#instance) throw new Error("the platform is not open");
    return this.#instance;
  }
}

/** A platform in this process, or in those of the topology under test. `parts` and settings are of the former alone. */
export const testedPlatform = (...parts: ConstructorParameters<typeof Platform>): Platform =>
  testedTopology === undefined ? new Platform(...parts) : new FleetPlatform();
