import type { ServerResponse } from "node:http";
import { answer, type ProtocolRequest, ProtocolServer } from "./protocol-server.ts";

interface Slice {
  readonly metadata: {
    readonly name: string;
    readonly labels: Readonly<Record<string, string>>;
    resourceVersion: string;
  };
  readonly [part: string]: unknown;
}
interface Event {
  readonly version: number;
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly object: Slice;
}

const bookmarkEveryMs = 500;

/**
 * The API of Kubernetes as far as EndpointSlices go: a list, and a watch from a version on, by its published reference.
 * Kubernetes itself is in no Debian package.
 */
export class Kubernetes extends ProtocolServer {
  readonly #namespace: string;
  readonly #token: string;
  readonly #slices = new Map<string, Slice>();
  readonly #watches = new Set<ServerResponse>();
  readonly #bookmarks = setInterval(() => this.#bookmark(), bookmarkEveryMs);
  #events: Event[] = [];
  #version = 100;
  /** How often all slices were asked for. */
  lists = 0;

  constructor(namespace: string, token: string) {
    super((request) => this.#respond(request));
    this.#namespace = namespace;
    this.#token = token;
  }

  /** Writes a slice of a service, as the controller of endpoints does; without endpoints it deletes it. */
  put(service: string, endpoints: readonly object[], ports: readonly object[]): void {
    const name = `kinora-${service}-abcde`;
    const former = this.#slices.get(name);
    this.#version += 1;
    const object: Slice = {
      addressType: "IPv4",
      metadata: {
        name,
        resourceVersion: String(this.#version),
        labels: {
          "kubernetes.io/service-name": `kinora-${service}`,
          "app.kubernetes.io/part-of": "kinora",
          "app.kubernetes.io/component": service,
        },
      },
      endpoints,
      ports,
    };
    const type = endpoints.length === 0 ? "DELETED" : former ? "MODIFIED" : "ADDED";
    if (type === "DELETED") this.#slices.delete(name);
    else this.#slices.set(name, object);
    const event = { version: this.#version, type, object } as const;
    this.#events.push(event);
    for (const watch of this.#watches) send(watch, event);
  }

  /** Forgets the events before now, as etcd's compaction does: a watch from then on is answered by 410. */
  compact(): void {
    this.#events = [];
    for (const watch of this.#watches) watch.end();
    this.#watches.clear();
    this.#version += 10;
  }

  override [Symbol.asyncDispose] = async (): Promise<void> => {
    clearInterval(this.#bookmarks);
    await this.kill();
  };

  #respond({ path, query, headers, response }: ProtocolRequest): void {
    if (headers.authorization !== `Bearer ${this.#token}`) return answer(response, 401, status(401, "Unauthorized"));
    if (path !== `/apis/discovery.k8s.io/v1/namespaces/${this.#namespace}/endpointslices`)
      return answer(response, 403, status(403, "endpointslices.discovery.k8s.io is forbidden"));
    if (query.get("labelSelector") !== "app.kubernetes.io/part-of=kinora")
      return answer(response, 400, status(400, "a selector was expected"));
    if (query.get("watch") !== "1") {
      this.lists += 1;
      const items = [...this.#slices.values()];
      return answer(response, 200, { metadata: { resourceVersion: String(this.#version) }, items });
    }
    const since = Number(query.get("resourceVersion"));
    response.writeHead(200, { "content-type": "application/json" });
    const oldest = this.#events[0]?.version ?? this.#version;
    if (since < oldest - 1 && since < this.#version) {
      response.end(`${JSON.stringify({ type: "ERROR", object: status(410, "too old resource version") })}\n`);
      return;
    }
    response.flushHeaders();
    for (const event of this.#events) if (event.version > since) send(response, event);
    this.#watches.add(response);
    response.once("close", () => this.#watches.delete(response));
  }

  #bookmark(): void {
    const metadata = { resourceVersion: String(this.#version) };
    for (const watch of this.#watches)
      watch.write(`${JSON.stringify({ type: "BOOKMARK", object: { kind: "EndpointSlice", metadata } })}\n`);
  }
}

/** In two pieces, as a network may deliver it. */
function send(response: ServerResponse, { type, object }: Event): void {
  const line = `${JSON.stringify({ type, object })}\n`;
  response.write(line.slice(0, 20));
  response.write(line.slice(20));
}

const status = (code: number, message: string) => ({ kind: "Status", status: "Failure", code, message });
