import type { Config } from "./load.ts";

type ServerConfig = Pick<Config["server"], "publicUrl" | "tlsCert" | "host" | "port">;

/** The address that users visit, without a slash at its end. It never comes from a request, which would choose it. */
export const publicAddressOf = (server: ServerConfig, port = server.port): string =>
  server.publicUrl?.replace(/\/$/, "") ?? ownAddressOf(server, port);

/**
 * The address of this machine's own port. Browsers refuse passkeys where an address has a number for its host, and a name
 * is the same for all interfaces.
 */
export function ownAddressOf({ tlsCert, host }: Pick<ServerConfig, "tlsCert" | "host">, port: number): string {
  const isLocal = ["127.0.0.1", "::1", "0.0.0.0", "::"].includes(host);
  const name = isLocal ? "localhost" : host.includes(":") ? `[${host}]` : host;
  return `${tlsCert === undefined ? "http" : "https"}://${name}:${port}`;
}
