import type { LookupAddress } from "node:dns";
import type { Directory } from "./directory.ts";
import { instanceAt } from "./static.ts";

interface Parts {
  /** The address of a service: `{service}.kinora.svc:19090`. */
  readonly pattern: string;
  readonly names: readonly string[];
  /** All addresses of a name, as `dns.promises.lookup` yields them. */
  readonly lookup: (host: string) => Promise<readonly LookupAddress[]>;
}

/** Answers that name no address, so that nobody runs the service; all other errors say nothing about it. */
const absent: ReadonlySet<unknown> = new Set(["ENOTFOUND", "ENODATA"]);

/**
 * The directory of name servers: each address of a service's name is an instance, as behind a headless Service of
 * Kubernetes. Names are looked up every five seconds.
 *
 * @throws TypeError for a pattern that is no address.
 */
export function createDnsDirectory({ pattern, names, lookup }: Parts): Directory {
  const places = names.map((service) => instanceAt(service, pattern.replaceAll("{service}", service)));
  return {
    pollMs: 5_000,

    async follow(listener) {
      const failures = await Promise.all(
        places.map(async ({ service, host, port }) => {
          try {
            const addresses = await lookup(host);
            listener.reportInstances(
              service,
              addresses.map(({ address }) => ({ service, host: address, port })),
            );
          } catch (error) {
            if (!absent.has(codeOf(error)))
              return new Error(`${host}: ${error instanceof Error ? error.message : String(error)}`);
            listener.reportInstances(service, []);
          }
          return undefined;
        }),
      );
      const failure = failures.find((error) => error !== undefined);
      if (failure) throw failure;
      listener.confirmAnswer();
    },
  };
}

const codeOf = (error: unknown): unknown => (error instanceof Error && "code" in error ? error.code : undefined);
