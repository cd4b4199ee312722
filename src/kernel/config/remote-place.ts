/** The place of settings for all processes: a prefix of keys, or a document. */
export interface RemotePlace {
  readonly engine: "etcd" | "consul" | "nacos";
  /** The address of the server. */
  readonly url: string;
  /** `user:password`, or a token of Consul. */
  readonly token: string | undefined;
  /** The prefix of the keys, or the id of the document, without slashes at its ends. */
  readonly path: string;
  /** Nacos' namespace and group. */
  readonly namespace: string | undefined;
  readonly group: string;
}

const ports = { etcd: 2_379, consul: 8_500, nacos: 8_848 } as const;

/**
 * Reads `etcd://user:password@host:2379/kinora/config`, `consul://:token@host:8500/kinora/config` or
 * `nacos://user:password@host:8848/kinora.yml?namespace=staging&group=VIDEO`. `?tls=on` asks over HTTPS.
 * @throws TypeError for another form
 */
export function remotePlaceOf(text: string): RemotePlace {
  const address = URL.parse(text);
  const engine = address?.protocol.slice(0, -1);
  const path = address?.pathname.replaceAll(/^\/+|\/+$/g, "");
  if (!address || !path || address.hostname === "" || (engine !== "etcd" && engine !== "consul" && engine !== "nacos"))
    throw new TypeError(
      "must be etcd://, consul:// or nacos:// with a host and a path, such as `etcd://10.0.0.2:2379/kinora/config`",
    );
  const { username, password, hostname, port, searchParams } = address;
  const scheme = searchParams.get("tls") === "on" ? "https" : "http";
  const user = [username, password].map(decodeURIComponent);
  const token = engine === "consul" ? user.join("") : user.join(":");
  return {
    engine,
    url: `${scheme}://${hostname}:${port === "" ? ports[engine] : port}`,
    token: username === "" && password === "" ? undefined : token,
    path,
    namespace: searchParams.get("namespace") ?? undefined,
    group: searchParams.get("group") ?? "DEFAULT_GROUP",
  };
}
