import { kernelMigrations } from "#kernel/db/tables";
import { schemaFor } from "#kernel/host/service-schema";
import { loadPlugins } from "../../cmd/services.ts";
import type { PartSteps } from "./lint.ts";

/** The steps of the databases at the last release, counted by service and part. */
export interface Released {
  /** The version of package.json at that release. */
  readonly version: string;
  readonly steps: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** Every part of every schema; none of their steps counts as released. */
export async function loadParts(): Promise<PartSteps[]> {
  return (await loadPlugins())
    .map(schemaFor)
    .flatMap(({ service, migrations, copies = [] }) =>
      [
        { part: "kernel", steps: kernelMigrations(service) },
        ...copies.map(({ table, steps }) => ({ part: table, steps })),
        { part: "service", steps: migrations },
      ].map((part) => ({ service, ...part, released: 0 })),
    );
}
