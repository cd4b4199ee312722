import type { Handlers } from "#kernel";
import type { BlobStores } from "#kernel/blob/stores/stores";
import type { transfer } from "./contract.ts";
import { damagedObjects, quarantinedCount } from "./damaged.ts";
import type { Owners } from "./owners.ts";
import type { TransferHost } from "./settings.ts";

interface Parts {
  readonly stores: BlobStores;
  readonly owners: Owners;
}

/** The stores, whether they can be used, and the damaged objects in them. */
export function createStoreStatus(
  { settings, gauge }: Pick<TransferHost, "settings" | "gauge">,
  { stores, owners }: Parts,
): Pick<Handlers<typeof transfer>, "stores" | "damaged"> {
  gauge("objects_quarantined", "objects that are set aside as damaged", ["store"], () =>
    Promise.all(stores.names.map(async (name) => [await quarantinedCount(stores, name), { store: name }] as const)),
  );

  async function statusOf(name: string) {
    const reason = (await stores.only(name).ready())?.reason ?? null;
    return {
      name,
      isDefault: name === stores.names[0],
      isReady: reason === null,
      reason,
      isLongTerm: name === settings.after,
    };
  }

  return {
    stores: async () => ({ items: await Promise.all(stores.names.map(statusOf)) }),
    damaged: async () => ({ items: await damagedObjects(stores, owners) }),
  };
}
