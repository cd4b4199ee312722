import { z } from "zod";
import { answer, type ProtocolRequest, ProtocolServer } from "./protocol-server.ts";

const Beat = z.object({
  ip: z.string(),
  port: z.int(),
  serviceName: z.string().startsWith("DEFAULT_GROUP@@"),
  cluster: z.literal("DEFAULT"),
  weight: z.number(),
  ephemeral: z.literal(true),
  metadata: z.record(z.string(), z.string()),
});

interface Host {
  readonly ip: string;
  readonly port: number;
  readonly weight: number;
  enabled: boolean;
  readonly metadata: unknown;
  beatAtMs: number;
}

/** Nacos waits 15 s for a beat; here 7 s, so that tests need not wait. */
const beatMsMax = 7_000;

/** The naming server of Nacos 2, by its published open API (`/nacos/v1/ns`). Nacos itself is in no Debian package. */
export class Nacos extends ProtocolServer {
  /** Hosts by namespace and service, and then by address. */
  readonly #services = new Map<string, Map<string, Host>>();
  /** Documents by `namespace/group/id`. */
  readonly documents = new Map<string, string>();
  readonly #user: { readonly username: string; readonly password: string } | undefined;

  constructor(user?: { readonly username: string; readonly password: string }) {
    super((request) => this.#respond(request));
    this.#user = user;
  }

  async wipe(): Promise<void> {
    this.#services.clear();
  }

  #respond({ method, path, query, headers, response }: ProtocolRequest): void {
    if (method === "POST" && path === "/nacos/v1/auth/login") {
      const isRight = query.get("username") === this.#user?.username && query.get("password") === this.#user?.password;
      if (!isRight) return answer(response, 403, "unknown user!");
      return answer(response, 200, { accessToken: "token", tokenTtl: 18_000, globalAdmin: false });
    }
    if (this.#user && headers.authorization !== "Bearer token")
      return answer(response, 403, { status: 403, message: "user not found!" });
    if (method === "GET" && path === "/nacos/v1/cs/configs") {
      const document = this.documents.get([query.get("tenant"), query.get("group"), query.get("dataId")].join("/"));
      return document === undefined ? answer(response, 404, "config data not exist") : answer(response, 200, document);
    }
    const serviceName = query.get("serviceName") ?? "";
    const service = `${query.get("namespaceId") ?? "public"}/${serviceName}`;
    const hosts = this.#services.get(service) ?? new Map<string, Host>();
    this.#services.set(service, hosts);
    const address = `${query.get("ip")}#${query.get("port")}`;
    if (serviceName === "") return answer(response, 400, "Param 'serviceName' is required.");
    switch (`${method} ${path}`) {
      case "GET /nacos/v1/ns/instance/list":
        return answer(response, 200, {
          name: `DEFAULT_GROUP@@${serviceName}`,
          hosts: [...hosts.values()].filter(isHealthy).map((host) => ({ ...host, healthy: true, ephemeral: true })),
        });
      case "POST /nacos/v1/ns/instance": {
        const metadata: unknown = JSON.parse(query.get("metadata") ?? "{}");
        const [ip, port, weight] = [query.get("ip") ?? "", Number(query.get("port")), Number(query.get("weight") ?? 1)];
        hosts.set(address, { ip, port, weight, enabled: true, metadata, beatAtMs: performance.now() });
        return answer(response, 200, "ok");
      }
      case "PUT /nacos/v1/ns/instance/beat": {
        const beat = Beat.safeParse(JSON.parse(query.get("beat") ?? "null"));
        if (!beat.success) return answer(response, 400, z.prettifyError(beat.error));
        const host = hosts.get(address);
        if (host) host.beatAtMs = performance.now();
        return answer(response, 200, {
          clientBeatInterval: 5_000,
          code: host ? 10_200 : 20_404,
          lightBeatEnabled: true,
        });
      }
      case "DELETE /nacos/v1/ns/instance":
        hosts.delete(address);
        return answer(response, 200, "ok");
      default:
        return answer(response, 404, "not found");
    }
  }
}

const isHealthy = ({ beatAtMs }: Host): boolean => performance.now() - beatAtMs < beatMsMax;
