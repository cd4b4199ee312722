import type { Contract } from "../../contract.ts";
import type { Lock } from "../wire/lock.ts";
import type { Reflect, ReflectionVersion } from "./reflection.ts";
import type { Route } from "./server-call.ts";

const versions = ["v1", "v1alpha"] as const;

/** Server reflection. Its library takes some 6 MB, so it is loaded for the first question. */
export function reflectionRoutes(
  contracts: readonly Contract[],
  lock: Lock,
): readonly (readonly [path: string, route: Route])[] {
  let loading: Promise<Record<ReflectionVersion, Reflect>> | undefined;
  const load = async () => (await import("./reflection.ts")).createReflection(contracts, lock);
  const routeOf = (version: ReflectionVersion): Route => ({
    kind: "duplex",
    patienceMs: Infinity,
    async *handle(messages) {
      loading ??= load();
      yield* (await loading)[version](messages);
    },
  });
  return versions.map((version) => [
    `/grpc.reflection.${version}.ServerReflection/ServerReflectionInfo`,
    routeOf(version),
  ]);
}
