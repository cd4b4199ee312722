import type { LookupAddress } from "node:dns";
import { within } from "../deadline.ts";
import type { Log } from "../log/port.ts";
import { Loop } from "../process/loop.ts";
import type { Instance, Registry } from "./port.ts";
import { instanceAt } from "./static.ts";

interface Parts {
  /** The address of a service: `{service}.kinora.svc:19090`. */
  readonly pattern: string;
  readonly services: readonly string[];
  /** The name of a service in the pattern, where it is another. */
  readonly nameOf: (service: string) => string;
  /** All addresses of a name, as `dns.promises.lookup` yields them. */
  readonly lookup: (host: string) => Promise<readonly LookupAddress[]>;
  readonly log: Log;
}

const lookEveryMs = 5_000;
const firstMsMax = 5_000;
/** Answers that name no address, so that nobody runs the service; all other errors say nothing about it. */
const absent: ReadonlySet<unknown> = new Set(["ENOTFOUND", "ENODATA"]);

/**
 * The registry of name servers: each address of a service's name is an instance, as behind a headless Service of
 * Kubernetes. Names are looked up every five seconds.
 *
 * @throws TypeError for a pattern that is no address.
 */
export function createDnsRegistry({ pattern, services, nameOf, lookup, log }: Parts): Registry {
  const placeOf = (service: string) => instanceAt(service, pattern.replaceAll("{service}", nameOf(service)));
  const places = new Map(services.map((service) => [service, placeOf(service)]));
  const instancesOf = new Map<string, readonly Instance[]>();
  let reason: string | undefined;

  async function look({ service, host, port }: Instance): Promise<string | undefined> {
    try {
      const addresses = await lookup(host);
      instancesOf.set(
        service,
        addresses.map(({ address }) => ({ service, host: address, port })),
      );
    } catch (error) {
      if (!absent.has(codeOf(error))) return `${host}: ${error instanceof Error ? error.message : String(error)}`;
      instancesOf.set(service, []);
    }
    return undefined;
  }

  async function lookAll(): Promise<number> {
    const failures = (await Promise.all([...places.values()].map(look))).filter((failure) => failure !== undefined);
    const [failure] = failures;
    if (failure !== undefined && reason === undefined) log.warn("names of services cannot be looked up", { failure });
    if (failure === undefined && reason !== undefined) log.info("names of services are looked up again");
    reason = failure;
    return lookEveryMs;
  }
  const loop = new Loop(lookAll, (error) => log.warn("names of services cannot be looked up", { err: error }));

  return {
    find: (service) => instancesOf.get(service) ?? [],
    services: () => services,
    // A name server that does not answer delays the start, and does not prevent it.
    start: () => within(firstMsMax, loop.idle()).catch(() => undefined),
    away: () => reason,
    close: () => loop.stop(),
  };
}

const codeOf = (error: unknown): unknown => (error instanceof Error && "code" in error ? error.code : undefined);
