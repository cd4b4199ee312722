import { setTimeout as wait } from "node:timers/promises";
import { fileTransferred, objectDamaged } from "#events/transfer";
import { audited, plugin, joinHandlers } from "#kernel";
import { asStores, type BlobStores } from "#kernel/blob/stores/stores";
import { ConfigError } from "#kernel/config-error";
import { media } from "#services/media/contract";
import { upload } from "#services/upload/contract";
import { transfer } from "./contract.ts";
import { createDailyTransfers } from "./daily-transfers.ts";
import { createLifecycle } from "./lifecycle.ts";
import { migrations } from "./migrations.ts";
import { Owners } from "./owners.ts";
import { TransferQueue } from "./queue.ts";
import { createScrubs } from "./scrub.ts";
import { Settings, type TransferHost } from "./settings.ts";
import { createSpaceRelease } from "./space-release.ts";
import { deleteEndedBefore } from "./space-release-store.ts";
import * as store from "./store.ts";
import { createStoreStatus } from "./store-status.ts";
import { createTransfers } from "./transfers.ts";
import type { Clock } from "./worker/pace.ts";
import { createTransferWorker } from "./worker/worker.ts";

const historyMs = 400 * 24 * 3_600_000;

/** The service on this clock. */
export const transferOn = (clock: Clock) =>
  plugin({
    contract: transfer,
    needs: [upload, media],
    migrations,
    events: [fileTransferred, objectDamaged, audited],
    settings: Settings,
    start(host: TransferHost) {
      const { db, settings, now, client, call } = host;
      const stores = storesOf(host);
      const owners = new Owners({ upload: client(upload), media: client(media), call });
      const queue = new TransferQueue(host);
      const release = createSpaceRelease(host, { stores, owners });
      const daily = createDailyTransfers(host, { stores, queue });
      const beginDueScrubs = createScrubs({ host, stores, clock, enqueue: (tx, id) => queue.add(tx, id, "scrub") });

      return {
        handlers: joinHandlers(
          createTransfers(host, { stores, queue }),
          createLifecycle(host, queue),
          createStoreStatus(host, { stores, owners }),
          daily.handlers,
          release.handlers,
        ),

        subscriptions: daily.subscriptions,

        jobs: [...queue.jobKinds(createTransferWorker({ host, stores, owners, clock })), release.job],

        schedules: [
          {
            name: "transfer.scrub",
            pattern: settings.scrubPattern,
            run: async () => void (await beginDueScrubs()),
          },
          {
            name: "transfer.history",
            pattern: "17 4 * * *",
            run: () =>
              db.tx(async (tx) => {
                await store.deleteEndedBefore(tx, now() - historyMs);
                await deleteEndedBefore(tx, now() - historyMs);
              }),
          },
        ],

        async *verify() {
          yield* (await store.contradictions(db)).map(({ id, what }) => `transfer ${id} ${what}`);
        },
      };
    },
  });

export const transferPlugin = transferOn({
  elapsedMs: () => performance.now(),
  wait: (ms, signal) => wait(ms, undefined, { signal }),
});

/** @throws ConfigError where the long-term store is none of the stores. */
function storesOf({ blob, settings: { after } }: Pick<TransferHost, "blob" | "settings">): BlobStores {
  const stores = asStores(blob);
  if (after !== undefined && !stores.names.includes(after))
    throw new ConfigError([{ where: "KINORA_TRANSFER_AFTER", says: `there is no store ${after}` }]);
  return stores;
}
