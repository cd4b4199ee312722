import { parse } from "yaml";
import { z } from "zod";
import { base64, createEtcdLogin, endOf, plain } from "../registry/etcd.ts";
import { createNacosLogin, withContextPath } from "../registry/nacos.ts";
import { EngineServers, Refused } from "../outgoing/engine-servers.ts";
import type { RemotePlace } from "../config/remote-place.ts";

/** Settings by section and name, as in `kinora.yml`. */
export type Tree = { [name: string]: unknown };

/** Reads all settings of a place. @throws Error where it cannot be asked, or answers no settings */
export type RemoteReader = (signal: AbortSignal) => Promise<Tree>;

/** A reader of a place. A place without settings is an empty tree: the defaults hold. */
export function createRemoteReader(place: RemotePlace): RemoteReader {
  if (place.engine === "etcd") return createEtcdReader(place);
  if (place.engine === "consul") return createConsulReader(place);
  return createNacosReader(place);
}

/** Keys `/<prefix>/<section>.<name>`, each with the text that the environment would have. */
function createEtcdReader({ url, token, path }: RemotePlace): RemoteReader {
  const servers = new EngineServers([url], token === undefined ? {} : createEtcdLogin([url], token));
  const prefix = `/${path}/`;
  const body = { key: base64(prefix), range_end: base64(endOf(prefix)) };
  return async (signal) => {
    const { kvs } = await servers.read(EtcdAnswer, { method: "POST", path: "/v3/kv/range", body, signal });
    return treeOf(kvs.map(({ key, value = "" }) => [plain(key).slice(prefix.length), plain(value)]));
  };
}

/** Keys `<prefix>/<section>.<name>`, as in etcd. */
function createConsulReader({ url, token, path }: RemotePlace): RemoteReader {
  const headers = async () => (token === undefined ? {} : { "x-consul-token": token });
  const servers = new EngineServers([url], { headers });
  const prefix = `${path}/`;
  return async (signal) => {
    const question = { method: "GET", path: `/v1/kv/${encodeURI(prefix)}?recurse=true`, signal } as const;
    const pairs = await servers.read(ConsulAnswer, question).catch(unlessAbsent([]));
    const keys = pairs.filter(({ Key }) => !Key.endsWith("/"));
    return treeOf(keys.map(({ Key, Value }) => [Key.slice(prefix.length), plain(Value ?? "")]));
  };
}

/** A YAML document of the form of `kinora.yml`. */
function createNacosReader({ url, token, path, namespace, group }: RemotePlace): RemoteReader {
  const bases = [withContextPath(url)];
  const servers = new EngineServers(bases, token === undefined ? {} : createNacosLogin(bases, token));
  const query = new URLSearchParams({ dataId: path, group, ...(namespace !== undefined && { tenant: namespace }) });
  return async (signal) => {
    const question = { method: "GET", path: `/v1/cs/configs?${query.toString()}`, signal } as const;
    const { text } = await servers.ask(question).catch(unlessAbsent({ text: "" }));
    const document = Mapping.safeParse(parse(text) ?? {});
    if (!document.success) throw new Error("it answered no map of settings");
    return document.data;
  };
}

/** The place holds nothing yet. */
const unlessAbsent =
  <T>(otherwise: T) =>
  (error: unknown): T => {
    if (error instanceof Refused && error.status === 404) return otherwise;
    throw error;
  };

/** `limits.ratePerAddress` or `limits/ratePerAddress` is the setting of that name in that section. */
function treeOf(pairs: readonly (readonly [string, string])[]): Tree {
  const tree: Tree = {};
  for (const [key, value] of pairs) {
    const names = key.split(/[./]/);
    let node = tree;
    for (const name of names.slice(0, -1)) {
      const inner = Mapping.safeParse(node[name] ?? {});
      // A setting that is also a section: the configuration refuses it by name.
      node[name] = inner.success ? inner.data : {};
      node = node[name] as Tree; // As it was just written.
    }
    const last = names.at(-1);
    if (last !== undefined && last !== "") node[last] = value;
  }
  return tree;
}

const Mapping = z.record(z.string(), z.unknown());
const EtcdAnswer = z.object({
  kvs: z.array(z.object({ key: z.string(), value: z.string().optional() })).default([]),
});
const ConsulAnswer = z.array(z.object({ Key: z.string(), Value: z.string().nullish() }));
