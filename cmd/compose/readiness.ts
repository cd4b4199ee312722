import type { BlobStore } from "../../src/kernel/blob/port.ts";
import type { ServiceHost } from "../../src/kernel/host/host.ts";
import type { Cluster } from "./cluster.ts";
import type { Share } from "./share.ts";

/** By the name of a part, why it cannot be used. */
type Lacks = Record<string, string>;

export interface Readiness {
  /** What the process cannot do its own work without; empty when it is ready. */
  readonly missing: () => Promise<Lacks>;
  /** What it works without, less well. */
  readonly degraded: () => Promise<Lacks>;
  /** Services it calls that no process can be reached for. */
  readonly unreachable: () => Promise<Lacks>;
}

interface Parts {
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

/** A part that says nothing for so long counts as away: a health check waits no longer. */
const answerMs = 2_000;

/**
 * Ready is a process that can do its own work: its database and its store of bytes answer, and at a gateway the service that
 * signs users in. Everything else is degraded, as its absence leaves most of the platform at work.
 */
export function readinessOf({ host, blob, cluster, share, needed, optional, searchIndex }: Parts): Readiness {
  const storage = shared(() => within(blob.ready(), { reason: "the store for files does not answer", canRead: false }));
  const unreachable = shared(() =>
    within(cluster?.missing(needed) ?? Promise.resolve({}), { cluster: "other processes do not answer" }),
  );
  const searches = () => within(searchIndex(), "Elasticsearch does not answer");
  const isVital = (service: string) => share.hasGateway && service === "auth";
  return {
    unreachable,

    async missing() {
      const database = within(host.ready(), { database: "the database does not answer" });
      const [own, stored, others] = await Promise.all([database, storage(), unreachable()]);
      return {
        ...own,
        ...(stored?.canRead === false && { storage: stored.reason }),
        ...Object.fromEntries(Object.entries(others).filter(([service]) => isVital(service))),
      };
    },

    async degraded() {
      const [stored, others, unsearched] = await Promise.all([storage(), unreachable(), searches()]);
      return {
        ...Object.fromEntries(
          Object.entries(optional()).flatMap(([name, reason]) => (reason === undefined ? [] : [[name, reason]])),
        ),
        ...(stored?.canRead && { storage: stored.reason }),
        ...(unsearched !== undefined && { "search index": unsearched }),
        ...Object.fromEntries(Object.entries(others).filter(([service]) => !isVital(service))),
      };
    },
  };
}

/** Runs a check once for all who ask during it: `/ready` asks for what is missing and what is degraded together. */
function shared<T>(check: () => Promise<T>): () => Promise<T> {
  let underWay: Promise<T> | undefined;
  return () => (underWay ??= check().finally(() => (underWay = undefined)));
}

async function within<T>(answer: Promise<T>, otherwise: T): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<T>((resolve) => (timer = setTimeout(resolve, answerMs, otherwise)));
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
