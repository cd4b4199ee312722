import { newCall } from "../../src/kernel/call.ts";
import type { BlobStores } from "../../src/kernel/blob/stores/stores.ts";
import type { ServiceHost } from "../../src/kernel/host/host.ts";
import type { Log } from "../../src/kernel/log/port.ts";
import type { Metrics } from "../../src/kernel/telemetry/port.ts";
import { transfer } from "../../src/services/transfer/contract.ts";

interface DamageParts {
  readonly blob: BlobStores;
  readonly host: ServiceHost;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** Reports what readers of this process find damaged to the service that sets it aside and repairs it, wherever it runs. */
export function reportDamage({ blob, host, log, metrics }: DamageParts): void {
  const damaged = metrics.counter(
    "kinora_blob_objects_damaged_total",
    "objects that a reader found damaged or missing; each once a minute at most",
    ["store"],
  );
  blob.damage.passTo(
    async (reports) => {
      const items = reports.map(({ key: object, store }) => ({ object, store }));
      await host.client(transfer, "storage").reportDamage({ items }, newCall({ caller: "storage" }));
    },
    ({ key, store }) => {
      damaged.add(1, { store });
      log.error("a reader found a stored object damaged or missing", { key, store });
    },
  );
}
