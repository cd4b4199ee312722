import { Resolver } from "node:dns/promises";

/** Every address of a name, none where there is no such name. @throws where nobody could say. */
export type Resolve = (name: string, signal: AbortSignal) => Promise<readonly string[]>;

const patience = { timeout: 2_000, tries: 2 };
const nobody = new Set(["ENOTFOUND", "ENODATA", "EBADNAME"]);

/**
 * Asks name servers, those of this machine by default. Not getaddrinfo: it holds one of the few threads that also read
 * and write files, and names of strangers may be slow on purpose.
 */
export const createResolver =
  (servers?: readonly string[]): Resolve =>
  async (name, signal) => {
    const resolver = new Resolver(patience);
    if (servers) resolver.setServers(servers);
    const stop = () => resolver.cancel();
    signal.addEventListener("abort", stop, { once: true });
    try {
      const lookups = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)]);
      const resolved = lookups.flatMap((lookup) => (lookup.status === "fulfilled" ? lookup.value : []));
      const failed = lookups.find((lookup) => lookup.status === "rejected" && !nobody.has(codeOf(lookup.reason)));
      if (resolved.length === 0 && failed?.status === "rejected") throw failed.reason;
      return resolved;
    } finally {
      signal.removeEventListener("abort", stop);
    }
  };

const codeOf = (error: unknown): string =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
