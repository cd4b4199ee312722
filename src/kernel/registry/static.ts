import type { Instance, Registry } from "./port.ts";

/** The registry of a fixed list: `user=127.0.0.1:9001,video=127.0.0.1:9002`; a service may be listed several times. */
export function staticRegistry(list: string): Registry {
  const known = new Map<string, Instance[]>();
  for (const entry of list.split(",").filter(Boolean)) {
    const [, service, host, port] = entry.trim().match(/^([a-z]+)=(?:\[?)([^\]]+?)(?:\]?):(\d{1,5})$/) ?? [];
    if (!service || !host || !port) throw new TypeError(`"${entry}" is not service=host:port`);
    known.set(service, [...(known.get(service) ?? []), { service, host, port: Number(port) }]);
  }
  return { find: (service) => known.get(service) ?? [], services: () => [...known.keys()] };
}
