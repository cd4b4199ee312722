import type { Instance, Registry } from "./port.ts";

/**
 * The registry of a fixed list: `host:port` of each process that runs a service, IPv6 addresses in brackets.
 * @throws TypeError for what is no address.
 */
export function createStaticRegistry(addresses: Readonly<Partial<Record<string, readonly string[]>>>): Registry {
  const instancesOf = new Map<string, readonly Instance[]>(
    Object.entries(addresses).map(([service, listed = []]) => [
      service,
      listed.map((address) => instanceAt(service, address)),
    ]),
  );
  return {
    find: (service) => instancesOf.get(service) ?? [],
    services: () => [...instancesOf.keys()],
    start: async () => undefined,
    register: () => undefined,
    withdraw: async () => undefined,
    away: () => undefined,
    close: async () => undefined,
  };
}

/** @throws TypeError for what is no address. */
export function instanceAt(service: string, address: string): Instance {
  const [, inBrackets, plain, port] = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(address) ?? [];
  const host = inBrackets ?? plain;
  if (host === undefined || Number(port) > 65_535) throw new TypeError(`"${address}" is not host:port`);
  return { service, host, port: Number(port) };
}
