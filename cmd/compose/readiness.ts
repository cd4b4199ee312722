import type { BlobStore } from "../../src/kernel/blob/port.ts";
import type { ServiceHost } from "../../src/kernel/host/host.ts";
import type { Cluster } from "./fleet/cluster.ts";
import type { Share } from "./share.ts";

/** The reason of each part that cannot be used, by its name. */
type Lacks = Record<string, string>;

/** Before it is ready a process starts, and before it closes it drains: it serves on, and gets no new clients. */
export type ProcessState = "starting" | "ready" | "draining";

export interface Readiness {
  /** The reasons for which the process is to get no requests; empty when it is ready. */
  readonly missing: () => Promise<Lacks>;
  /** The lacks without which the process cannot do its own work. */
  readonly vital: () => Promise<Lacks>;
  /** The lacks with which it still works, less well. */
  readonly degradations: () => Promise<Lacks>;
  /** Services it calls that no process can be reached for. */
  readonly unreachable: () => Promise<Lacks>;
}

interface Parts {
  readonly state: () => ProcessState;
  readonly host: Pick<ServiceHost, "ready">;
  readonly blob: Pick<BlobStore, "ready">;
  readonly cluster: Pick<Cluster, "missing"> | undefined;
  readonly share: Pick<Share, "hasGateway">;
  /** Services that are called. */
  readonly needed: readonly string[];
  /** Why optional parts of this process cannot be used. */
  readonly optional: () => Readonly<Record<string, string | undefined>>;
  /** Why its index cannot answer searches. */
  readonly searchIndex: () => Promise<string | undefined>;
}

/** A part that does not answer within this time counts as unavailable. */
const answerMs = 2_000;

/**
 * Ready is a process that can do its own work: its database and its store of bytes answer, and at a gateway the service that
 * signs users in. Everything else is degraded, as its absence leaves most of the platform at work.
 */
export function createReadiness(parts: Parts): Readiness {
  const { state, host, blob, cluster, share, needed, optional, searchIndex } = parts;
  const storage = shareCheck(() =>
    within(blob.ready(), { reason: "the store for files does not answer", canRead: false }),
  );
  const unreachable = shareCheck(() =>
    within(cluster?.missing(needed) ?? Promise.resolve({}), { cluster: "other processes do not answer" }),
  );
  const searches = () => within(searchIndex(), "Elasticsearch does not answer");
  const isVital = (service: string) => share.hasGateway && service === "auth";
  async function vital(): Promise<Lacks> {
    const database = within(host.ready(), { database: "the database does not answer" });
    const [lacks, stored, unreachableServices] = await Promise.all([database, storage(), unreachable()]);
    return {
      ...lacks,
      ...(stored?.canRead === false && { storage: stored.reason }),
      ...Object.fromEntries(Object.entries(unreachableServices).filter(([service]) => isVital(service))),
    };
  }

  return {
    unreachable,
    vital,

    async missing() {
      const now = state();
      return now === "ready" ? vital() : { process: now };
    },

    async degradations() {
      // A load balancer is to learn immediately that it drains.
      if (state() === "draining") return {};
      const [stored, unreachableServices, unsearched] = await Promise.all([storage(), unreachable(), searches()]);
      return {
        ...Object.fromEntries(
          Object.entries(optional()).flatMap(([name, reason]) => (reason === undefined ? [] : [[name, reason]])),
        ),
        ...(stored?.canRead && { storage: stored.reason }),
        ...(unsearched !== undefined && { "search index": unsearched }),
        ...Object.fromEntries(Object.entries(unreachableServices).filter(([service]) => !isVital(service))),
      };
    },
  };
}

/** Runs a check once for all callers during it: `/ready` asks for the missing and the degraded parts together. */
function shareCheck<T>(check: () => Promise<T>): () => Promise<T> {
  let underWay: Promise<T> | undefined;
  return () => (underWay ??= check().finally(() => (underWay = undefined)));
}

async function within<T>(answer: Promise<T>, otherwise: T): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<T>((resolve) => (timer = setTimeout(resolve, answerMs, otherwise)));
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
