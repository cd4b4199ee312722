import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import type { Directory } from "./directory.ts";
import { type Credentials, createTokens, EngineServers } from "../outgoing/engine-servers.ts";
import { nameIn, registeredNames } from "./names.ts";
import { usualWeight, type Instance, type Registration } from "./port.ts";

interface Parts {
  /** `http://host:8848`, with or without the path `/nacos`. */
  readonly urls: readonly string[];
  /** `user:password`, where it asks for one. */
  readonly token: string | undefined;
  /** The id of a namespace; the public one without. */
  readonly namespace: string | undefined;
  readonly names: readonly string[];
  /** Further names to register under, such as `{service}-service`. */
  readonly registerAs: readonly string[];
}

const beatEveryMs = 5_000;
const group = "DEFAULT_GROUP";
/** The code of a beat for an instance that Nacos does not have. */
const unknownInstance = 20_404;

/**
 * The directory in Nacos 1 and 2, by its open API (`/v1/ns`): an ephemeral instance of `kinora-<name>` for each service of a
 * process, kept by a beat every 5 s. Lists are polled, as Nacos pushes changes over UDP or its own protocol alone.
 */
export function createNacosDirectory({ urls, token, namespace, names, registerAs }: Parts): Directory {
  const bases = urls.map(withContextPath);
  const servers = new EngineServers(bases, token === undefined ? {} : createNacosLogin(bases, token));
  const place = namespace === undefined ? {} : { namespaceId: namespace };

  return {
    pollMs: 3_000,

    async follow(listener, signal) {
      const all = await Promise.all(
        names.map(async (service) => {
          const query = new URLSearchParams({ ...place, serviceName: nameIn(service), healthyOnly: "true" });
          const path = `/v1/ns/instance/list?${query.toString()}`;
          const { hosts } = await servers.read(ListAnswer, { method: "GET", path, signal });
          return [service, hosts.filter(({ enabled }) => enabled).map((host) => instanceOf(service, host))] as const;
        }),
      );
      for (const [service, instances] of all) listener.reportInstances(service, instances);
      listener.confirmAnswer();
    },

    async register(registration, confirm, signal) {
      const entries = entriesOf(registration, registerAs);
      for (const { serviceName, ip, port, weight, metadata } of entries) {
        const query = new URLSearchParams({
          ...place,
          serviceName,
          ip,
          port: String(port),
          weight: String(weight),
          metadata: JSON.stringify(metadata),
          ephemeral: "true",
        });
        await servers.ask({ method: "POST", path: `/v1/ns/instance?${query.toString()}`, signal });
      }
      confirm();
      for (;;) {
        await sleep(beatEveryMs, undefined, { signal, ref: false });
        for (const entry of entries) {
          const beat = { ...entry, serviceName: `${group}@@${entry.serviceName}`, cluster: "DEFAULT", scheduled: true };
          const query = new URLSearchParams({
            ...place,
            serviceName: entry.serviceName,
            ip: entry.ip,
            port: String(entry.port),
            beat: JSON.stringify(beat),
          });
          const path = `/v1/ns/instance/beat?${query.toString()}`;
          const { code } = await servers.read(BeatAnswer, { method: "PUT", path, signal });
          if (code === unknownInstance) throw new Error("the registration is lost");
        }
      }
    },

    async withdraw(registration, signal) {
      await Promise.all(
        entriesOf(registration, registerAs).map(({ serviceName, ip, port }) => {
          const query = new URLSearchParams({ ...place, serviceName, ip, port: String(port), ephemeral: "true" });
          return servers.ask({ method: "DELETE", path: `/v1/ns/instance?${query.toString()}`, signal });
        }),
      );
    },
  };
}

const entriesOf = ({ services, host, port, weight, version, metadata }: Registration, registerAs: readonly string[]) =>
  services
    .flatMap((service) => registeredNames(service, registerAs))
    .map((serviceName) => ({
      serviceName,
      ip: host,
      port,
      // Nacos counts from one, and up to 10,000.
      weight: weight / usualWeight,
      metadata: { ...metadata, version },
      ephemeral: true,
    }));

function instanceOf(service: string, { ip, port, weight, metadata }: z.output<typeof Host>): Instance {
  const { version, ...ownMetadata } = metadata ?? {};
  const share = { weight: weight * usualWeight, metadata: ownMetadata };
  return { service, host: ip, port, ...share, ...(version !== undefined && { version }) };
}

const Host = z.object({
  ip: z.string().min(1),
  port: z.int().min(1).max(65_535),
  weight: z.number().min(0).default(1),
  enabled: z.boolean().default(true),
  metadata: z.record(z.string(), z.string()).nullish(),
});
const ListAnswer = z.object({ hosts: z.array(Host) });
const BeatAnswer = z.object({ code: z.number().optional() });
const LoginAnswer = z.object({ accessToken: z.string(), tokenTtl: z.number().default(300) });

/** A user of Nacos: an access token for the password. */
export function createNacosLogin(bases: readonly string[], user: string): Credentials {
  const servers = new EngineServers(bases);
  const [username = "", ...password] = user.split(":");
  return createTokens(async () => {
    const query = new URLSearchParams({ username, password: password.join(":") });
    const { signal } = new AbortController();
    const answer = await servers.read(LoginAnswer, {
      method: "POST",
      path: `/v1/auth/login?${query.toString()}`,
      signal,
    });
    return { headers: { authorization: `Bearer ${answer.accessToken}` }, msMax: answer.tokenTtl * 900 };
  });
}

/** The URL with the path below which Nacos answers. */
export const withContextPath = (url: string): string =>
  new URL(url).pathname === "/" ? new URL("/nacos", url).href : url;
