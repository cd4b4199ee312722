import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import type { Directory } from "./directory.ts";
import { parseAnswer, EngineServers } from "../outgoing/engine-servers.ts";
import { nameIn, registeredNames } from "./names.ts";
import { addressOf, type Instance, type Registration, usualWeight } from "./port.ts";

interface Parts {
  /** The agent of this machine, or any. */
  readonly urls: readonly string[];
  /** A token of its access control. */
  readonly token: string | undefined;
  readonly names: readonly string[];
  /** Further names to register under, such as `{service}-service`. */
  readonly registerAs: readonly string[];
}

const waitSeconds = 55;
const lookEveryMs = 10_000;

/**
 * The directory in Consul: a service `kinora-<name>` for each service of a process, checked by its agent every 10 s at the
 * process' `/ready`. Changes are followed by blocking queries for instances that pass their checks.
 */
export function createConsulDirectory({ urls, token, names, registerAs }: Parts): Directory {
  const headers = async () => (token === undefined ? {} : { "x-consul-token": token });
  const servers = new EngineServers(urls, { headers });

  /** Reports one service, and again after each change. */
  async function followOne(service: string, report: (instances: readonly Instance[]) => void, signal: AbortSignal) {
    let index = 0;
    for (;;) {
      const query = new URLSearchParams({ passing: "1", index: String(index), wait: `${waitSeconds}s` });
      const { text, headers } = await servers.ask({
        method: "GET",
        path: `/v1/health/service/${nameIn(service)}?${query.toString()}`,
        // An agent adds up to a sixteenth, so that not all questions end together.
        msMax: Math.ceil(waitSeconds * (1 + 1 / 16) + 5) * 1_000,
        signal,
      });
      report(parseAnswer(HealthAnswer, text).map((entry) => instanceIn(service, entry)));
      const next = Number(headers["x-consul-index"]);
      if (!(next > 0)) throw new Error("it answered without an index");
      // An index that goes back means that the servers were restored: everything is new.
      if (next < index) index = 0;
      else index = next;
    }
  }

  return {
    async follow(listener, signal) {
      const unseen = new Set(names);
      await Promise.race(
        names.map((service) =>
          followOne(
            service,
            (instances) => {
              listener.reportInstances(service, instances);
              unseen.delete(service);
              if (unseen.size === 0) listener.confirmAnswer();
            },
            signal,
          ),
        ),
      );
    },

    async probe(signal) {
      await servers.ask({ method: "GET", path: "/v1/status/leader", signal });
    },

    async register(registration, confirm, signal) {
      const entries = entriesOf(registration, registerAs);
      for (const body of entries)
        await servers.ask({
          method: "PUT",
          path: "/v1/agent/service/register?replace-existing-checks=true",
          body,
          signal,
        });
      confirm();
      for (;;) {
        await sleep(lookEveryMs, undefined, { signal, ref: false });
        for (const { ID } of entries)
          await servers.ask({ method: "GET", path: `/v1/agent/service/${encodeURIComponent(ID)}`, signal });
      }
    },

    async withdraw(registration, signal) {
      await Promise.all(
        entriesOf(registration, registerAs).map(({ ID }) =>
          servers.ask({ method: "PUT", path: `/v1/agent/service/deregister/${encodeURIComponent(ID)}`, signal }),
        ),
      );
    },
  };
}

/** The body of each registration (Consul's agent API, *Register Service*). */
function entriesOf(registration: Registration, registerAs: readonly string[]) {
  const { services, host, port, weight, version, metadata, healthUrl } = registration;
  const names = services.flatMap((service) => registeredNames(service, registerAs));
  return names.map((Name) => ({
    ID: `${Name}@${addressOf(registration)}`,
    Name,
    Address: host,
    Port: port,
    Tags: ["kinora", `version=${version}`],
    Meta: { ...metadata, version },
    // Consul takes no weight of zero.
    Weights: { Passing: Math.max(1, weight), Warning: 1 },
    Check: {
      HTTP: healthUrl,
      Interval: "10s",
      Timeout: "5s",
      TLSSkipVerify: true,
      // It registers when it is ready; the first check follows within ten seconds.
      Status: "passing",
      DeregisterCriticalServiceAfter: "1m",
    },
  }));
}

function instanceIn(service: string, { Node, Service }: z.output<typeof HealthAnswer>[number]): Instance {
  const { version, ...metadata } = Service.Meta ?? {};
  const host = Service.Address === "" ? Node.Address : Service.Address;
  const weight = Service.Weights?.Passing ?? usualWeight;
  return { service, host, port: Service.Port, weight, metadata, ...(version !== undefined && { version }) };
}

const HealthAnswer = z.array(
  z.object({
    Node: z.object({ Address: z.string() }),
    Service: z.object({
      Address: z.string(),
      Port: z.int().min(1).max(65_535),
      Meta: z.record(z.string(), z.string()).nullish(),
      Weights: z.object({ Passing: z.number() }).nullish(),
    }),
  }),
);
