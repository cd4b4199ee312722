import { readFile } from "node:fs/promises";
import { z } from "zod";
import type { Directory, Listener } from "./directory.ts";
import { parseAnswer, EngineServers } from "../outgoing/engine-servers.ts";
import type { Instance } from "./port.ts";

interface Parts {
  /** The address of the API. */
  readonly url: string;
  /** A file with a token, read for each question, as Kubernetes replaces it. */
  readonly tokenFile: string;
  /** A file with the certificate of the API's authority. */
  readonly authorityFile: string;
  readonly namespace: string;
  readonly names: readonly string[];
}

const selector = "app.kubernetes.io/part-of=kinora";
const serviceLabel = "app.kubernetes.io/component";
const portName = "rpc";

/**
 * The directory of Kubernetes: EndpointSlices of Services with the labels `app.kubernetes.io/part-of: kinora` and
 * `app.kubernetes.io/component: <service>`, which Kubernetes copies to their slices, and a port `rpc`. Pods are registered by
 * Kubernetes itself. It is asked by plain HTTP: the official client brings dozens of packages for two questions.
 */
export function createKubernetesDirectory({ url, tokenFile, authorityFile, namespace, names }: Parts): Directory {
  const servers = new EngineServers([url], {
    headers: async () => ({ authorization: `Bearer ${(await readFile(tokenFile, "utf8")).trim()}` }),
    authorities: async () => (url.startsWith("https:") ? readFile(authorityFile, "utf8") : undefined),
  });
  const path = `/apis/discovery.k8s.io/v1/namespaces/${encodeURIComponent(namespace)}/endpointslices`;
  const query = (more: Record<string, string>) =>
    `${path}?${new URLSearchParams({ labelSelector: selector, ...more }).toString()}`;

  return {
    async follow(listener, signal) {
      const list = await servers.read(SliceList, { method: "GET", path: query({}), signal });
      const slices = new Map(list.items.map((slice) => [slice.metadata.name, slice]));
      report(listener, names, slices);
      listener.confirmAnswer();
      const watch = { watch: "1", resourceVersion: list.metadata.resourceVersion, allowWatchBookmarks: "true" };
      for await (const line of servers.lines({ method: "GET", path: query(watch), signal })) {
        const event = parseAnswer(WatchEvent, line);
        if (event.type === "ERROR") throw new Error(`the watch ended: ${event.object.message ?? "an error"}`);
        if (event.type === "BOOKMARK") continue;
        const slice = parseAnswer(Slice, JSON.stringify(event.object));
        const before = slices.get(slice.metadata.name);
        if (event.type === "DELETED") slices.delete(slice.metadata.name);
        else slices.set(slice.metadata.name, slice);
        report(listener, [...new Set([serviceOf(slice), ...(before ? [serviceOf(before)] : [])])], slices);
      }
      throw new Error("the watch ended");
    },

    async probe(signal) {
      await servers.ask({ method: "GET", path: query({ limit: "1" }), signal });
    },
  };
}

type Slices = ReadonlyMap<string, z.output<typeof Slice>>;

function report(listener: Listener, services: readonly string[], slices: Slices): void {
  for (const service of services) {
    const ofService = [...slices.values()].filter((slice) => serviceOf(slice) === service);
    const endpoints = ofService.flatMap(endpointsIn);
    const ready = endpoints.filter(({ isReady }) => isReady);
    // Processes that start together wait for each other before they are ready.
    const usable = ready.length > 0 ? ready : endpoints;
    const byHost = new Map(usable.map(({ instance }) => [instance.host, instance]));
    listener.reportInstances(service, [...byHost.values()]);
  }
}

/** The addresses of a slice that do not end; one that moves between slices is in both for a moment. */
function endpointsIn(slice: z.output<typeof Slice>): { readonly instance: Instance; readonly isReady: boolean }[] {
  const port = slice.ports?.find(({ name }) => name === portName)?.port;
  if (port === undefined || port === null) return [];
  const service = serviceOf(slice);
  return (slice.endpoints ?? [])
    .filter(({ conditions }) => conditions?.terminating !== true)
    .flatMap(({ addresses, conditions, zone }) =>
      addresses.map((host) => ({
        instance: { service, host, port, ...(zone && { metadata: { zone } }) },
        isReady: conditions?.ready ?? true,
      })),
    );
}

const serviceOf = ({ metadata: { labels } }: z.output<typeof Slice>): string => labels?.[serviceLabel] ?? "";

const Slice = z.object({
  metadata: z.object({ name: z.string(), labels: z.record(z.string(), z.string()).optional() }),
  endpoints: z
    .array(
      z.object({
        addresses: z.array(z.string()),
        conditions: z.object({ ready: z.boolean().nullish(), terminating: z.boolean().nullish() }).nullish(),
        zone: z.string().nullish(),
      }),
    )
    .nullish(),
  ports: z.array(z.object({ name: z.string().nullish(), port: z.int().nullish() })).nullish(),
});
const SliceList = z.object({ metadata: z.object({ resourceVersion: z.string() }), items: z.array(Slice) });
const WatchEvent = z.object({
  type: z.enum(["ADDED", "MODIFIED", "DELETED", "BOOKMARK", "ERROR"]),
  object: z.looseObject({ message: z.string().optional() }),
});
