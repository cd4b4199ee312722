import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import type { Log } from "../log/port.ts";
import type { Directory, Listener } from "./directory.ts";
import { type Credentials, createTokens, parseAnswer, EngineServers } from "../outgoing/engine-servers.ts";
import { addressOf, type Instance, type Registration } from "./port.ts";

interface Parts {
  /** `http:` or `https:` URLs of the members of one cluster. */
  readonly urls: readonly string[];
  /** `user:password`, where the cluster has users. */
  readonly token: string | undefined;
  /** The names under which processes register: services without companions, and the gateway. */
  readonly names: readonly string[];
  /** Further prefixes to register under, in the form of Kitex: `<prefix>/<service>/<address>`. */
  readonly registerAs: readonly string[];
  readonly log: Log;
}

export const etcdPrefix = "/kinora/services/";
const leaseSeconds = 10;
const keepEveryMs = 3_000;

/**
 * The directory in etcd 3.4 or newer, over its JSON gateway (`/v3/*`): a key `/kinora/services/<service>/<address>` for each
 * service of a process, bound to a lease of ten seconds. Numbers are strings there, keys and values base64.
 */
export function createEtcdDirectory({ urls, token, names, registerAs, log }: Parts): Directory {
  const servers = new EngineServers(urls, token === undefined ? {} : createEtcdLogin(urls, token));
  /** The lease that holds the keys of this process. */
  let lease: string | undefined;
  const range = { key: base64(etcdPrefix), range_end: base64(endOf(etcdPrefix)) };

  async function list(signal: AbortSignal): Promise<{ readonly instances: Instances; readonly revision: number }> {
    const { header, kvs } = await servers.read(RangeAnswer, {
      method: "POST",
      path: "/v3/kv/range",
      body: range,
      signal,
    });
    const instances: Instances = new Map();
    for (const { key, value } of kvs) put(instances, key, value, log);
    return { instances, revision: header.revision };
  }

  return {
    async follow(listener, signal) {
      const { instances, revision } = await list(signal);
      report(listener, names, instances);
      listener.confirmAnswer();
      const create_request = { ...range, start_revision: String(revision + 1) };
      for await (const line of servers.lines({ method: "POST", path: "/v3/watch", body: { create_request }, signal })) {
        const { events, canceled, cancel_reason } = parseAnswer(WatchLine, line).result;
        if (canceled) throw new Error(`the watch ended: ${cancel_reason ?? "its place is compacted"}`);
        const changed = new Set<string>();
        for (const { type, kv } of events) {
          if (type === "DELETE") instances.delete(plain(kv.key));
          else put(instances, kv.key, kv.value, log);
          changed.add(serviceOf(plain(kv.key)));
        }
        report(listener, [...changed], instances);
      }
      throw new Error("the watch ended");
    },

    async probe(signal) {
      await servers.ask({ method: "POST", path: "/v3/kv/range", body: { ...range, count_only: true }, signal });
    },

    async register(registration, confirm, signal) {
      const grant = { method: "POST", path: "/v3/lease/grant", body: { TTL: leaseSeconds }, signal } as const;
      const { ID } = await servers.read(LeaseAnswer, grant);
      const success = keysOf(registration, registerAs).map(([key, value]) => ({
        request_put: { key: base64(key), value: base64(JSON.stringify(value)), lease: ID },
      }));
      await servers.ask({ method: "POST", path: "/v3/kv/txn", body: { success }, signal });
      lease = ID;
      confirm();
      for (;;) {
        await sleep(keepEveryMs, undefined, { signal, ref: false });
        const keep = { method: "POST", path: "/v3/lease/keepalive", body: { ID }, signal } as const;
        const { result } = await servers.read(KeepAnswer, keep);
        if (!(Number(result.TTL) > 0)) throw new Error("the lease is lost");
      }
    },

    async withdraw(_registration, signal) {
      if (lease !== undefined)
        await servers.ask({ method: "POST", path: "/v3/lease/revoke", body: { ID: lease }, signal });
      lease = undefined;
    },
  };
}

/** Each key of etcd with the instance that its value describes. */
type Instances = Map<string, Instance>;

function report(listener: Listener, services: readonly string[], instances: Instances): void {
  for (const service of services) {
    const ofService = [...instances].filter(([key]) => serviceOf(key) === service);
    listener.reportInstances(
      service,
      ofService.map(([, instance]) => instance),
    );
  }
}

function put(instances: Instances, keyText: string, valueText: string | undefined, log: Log): void {
  const key = plain(keyText);
  try {
    const { host, port, weight, version, metadata } = parseAnswer(StoredInstance, plain(valueText ?? ""));
    instances.set(key, {
      service: serviceOf(key),
      host,
      port,
      weight,
      metadata,
      ...(version !== undefined && { version }),
    });
  } catch (error) {
    log.warn("a key of the registry describes no instance", { key, err: error });
    instances.delete(key);
  }
}

/** Every key of a process, with its value. */
function keysOf(registration: Registration, registerAs: readonly string[]): [string, object][] {
  const { services, host, port, weight, version, metadata } = registration;
  const address = addressOf(registration);
  return services.flatMap((service): [string, object][] => [
    [
      `${etcdPrefix}${service}/${address}`,
      { id: address, name: service, host, port, weight, version, metadata } satisfies z.input<typeof StoredInstance>,
    ],
    // The form that the etcd registry of Kitex reads (kitex-contrib/registry-etcd).
    ...registerAs.map((prefix): [string, object] => [
      `${prefix.replace(/\/$/, "")}/${service}/${address}`,
      { network: "tcp", address, weight, tags: { version } },
    ]),
  ]);
}

const StoredInstance = z.object({
  id: z.string().optional(),
  name: z.string().optional(),
  host: z.string().min(1),
  port: z.int().min(1).max(65_535),
  weight: z.number().min(0).default(100),
  version: z.string().optional(),
  metadata: z.record(z.string(), z.string()).default({}),
});

const Int64 = z.union([z.string(), z.number()]);
const Pair = z.object({ key: z.string(), value: z.string().optional() });
const RangeAnswer = z.object({
  header: z.object({ revision: Int64.transform(Number) }),
  kvs: z.array(Pair).default([]),
});
const WatchLine = z.object({
  result: z.object({
    canceled: z.boolean().default(false),
    cancel_reason: z.string().optional(),
    events: z.array(z.object({ type: z.string().default("PUT"), kv: Pair })).default([]),
  }),
});
const LeaseAnswer = z.object({ ID: z.string() });
/** Without a number the lease does not exist. */
const KeepAnswer = z.object({ result: z.object({ TTL: Int64.default(0) }) });
const LoginAnswer = z.object({ token: z.string() });

/** A user of etcd: a token for the password, which etcd forgets when it starts again. */
export function createEtcdLogin(urls: readonly string[], user: string): Credentials {
  const servers = new EngineServers(urls);
  const [name, ...password] = user.split(":");
  return createTokens(async () => {
    const body = { name, password: password.join(":") };
    const { signal } = new AbortController();
    const { token } = await servers.read(LoginAnswer, { method: "POST", path: "/v3/auth/authenticate", body, signal });
    return { headers: { authorization: token }, msMax: tokenMs };
  });
}
/** Less than the five minutes after which etcd forgets a token that is not used. */
const tokenMs = 240_000;

const serviceOf = (key: string): string => key.slice(etcdPrefix.length).split("/")[0] ?? "";
export const base64 = (content: string): string => Buffer.from(content).toString("base64");
export const plain = (content: string): string => Buffer.from(content, "base64").toString();
/** The first key beyond all that begin with a prefix. */
export const endOf = (prefix: string): string =>
  prefix.slice(0, -1) + String.fromCharCode(prefix.charCodeAt(prefix.length - 1) + 1);
