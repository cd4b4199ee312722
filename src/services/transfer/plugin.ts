import { setTimeout as wait } from "node:timers/promises";
import { type Host, type Id, job, on, plugin, type Tx, type Reader } from "#kernel";
import { asStores, type BlobStores } from "#kernel/blob/stores";
import { ConfigError } from "#kernel/config-error";
import { media } from "#services/media/contract";
import { fileUploaded, upload } from "#services/upload/contract";
import {
  fileTransferred,
  type Transfer,
  TransferNotFound,
  TransferOver,
  transfer,
  TwoStores,
  UnknownStore,
} from "./contract.ts";
import { asideCount, damagedNow } from "./damaged.ts";
import { migrations } from "./migrations.ts";
import { type Reason, reasons } from "./move.ts";
import { Owners } from "./owners.ts";
import type { Clock } from "./pace.ts";
import { scrubbing } from "./scrub.ts";
import { Settings, type TransferHost } from "./settings.ts";
import { shown } from "./presenter.ts";
import * as store from "./store.ts";
import { working } from "./worker.ts";

const dayMs = 24 * 3_600_000;
const historyMs = 400 * dayMs;
const failuresShown = 100;
/** What the system does by itself for days keeps nobody waiting: it is a queue of its own. */
const kinds = ["transfer", "scrub"] as const;
const isOver = (status: Transfer["status"]): boolean => ["done", "failed", "cancelled"].includes(status);

/** The service on this clock. */
export const transferOn = (clock: Clock) =>
  plugin({
    contract: transfer,
    needs: [upload, media],
    migrations,
    events: [fileTransferred],
    settings: Settings,
    start(host: TransferHost) {
      const { db, jobs, settings, nextId, now, client, call } = host;
      const stores = storesOf(host);
      const owners = new Owners({ upload: client(upload), media: client(media), call: () => call() });
      const work = working({ host, stores, owners, clock });

      function assertStore(name: string): void {
        if (!stores.names.includes(name)) throw UnknownStore({ name });
      }

      async function found(id: Id, reader: Reader<store.Tables> = db): Promise<store.Row> {
        const row = await store.transfer(reader, id);
        if (!row) throw TransferNotFound({});
        return row;
      }

      const enqueue = (tx: Tx<store.Tables>, id: Id, kind: (typeof kinds)[number] = "transfer") =>
        jobs.add(tx, kind, { payload: { id }, uniqueKey: String(id) });
      const scrub = scrubbing({ host, stores, clock, enqueue: (tx, id) => enqueue(tx, id, "scrub") });
      host.measured("objects_quarantined", "objects that are set aside as damaged", ["store"], () =>
        Promise.all(stores.names.map(async (name) => [await asideCount(stores, name), { store: name }] as const)),
      );

      /** Whoever works on it notices with the next beat of its lease, and can note nothing more from now on. */
      async function halt(id: Id): Promise<void> {
        for (const kind of kinds) {
          const latest = await jobs.find(kind, String(id));
          if (latest) await jobs.cancel(latest.id);
        }
      }

      /** Puts one object among what is to be moved today. */
      async function ask(
        tx: Tx<store.Tables>,
        object: { key: string; sizeBytes: number },
        from: string | null,
        to: string,
      ) {
        const day = Math.floor(now() / dayMs);
        const { id, status } = await store.ofDay(tx, { id: nextId(), from, to, day, nowMs: now() });
        // The job before its transfer, as whoever works on it locks them: neither waits for the other in a circle.
        if (status !== "paused") await enqueue(tx, id);
        await store.reopen(tx, id);
        await store.retryFailed(tx, id, object.key);
        await store.plan(tx, id, [object]);
      }

      return {
        handlers: {
          async start({ from, to, kind, ...which }, { userId }) {
            const isTwo = kind === "move" || kind === "copy";
            if (isTwo !== (to !== undefined) || from === to) throw TwoStores({});
            assertStore(from);
            if (to !== undefined) assertStore(to);
            const id = nextId();
            return db.answer(async (tx) => {
              await store.insert(tx, {
                id,
                kind,
                from_store: from,
                to_store: to ?? null,
                space: which.space ?? null,
                user_id: which.userId ?? null,
                older_than_ms: which.olderThanMs ?? null,
                larger_than_bytes: which.largerThanBytes ?? null,
                bytes_per_second: which.bytesPerSecond ?? null,
                day: null,
                status: "queued",
                requested_by: userId ?? null,
                created_at_ms: now(),
              });
              await enqueue(tx, id);
              return shown(await found(id, tx));
            });
          },

          async list(page) {
            const { items, ...rest } = await store.list(db, page);
            return { items: items.map(shown), ...rest };
          },

          async get({ id }) {
            const failures = await store.failures(db, id, failuresShown);
            return {
              ...shown(await found(id)),
              // Only reasons of that list are ever noted with an object that failed.
              failures: failures.map(({ key: object, sizeBytes, reason }) => {
                return { object, sizeBytes, error: reason, message: reasons[reason as Reason] };
              }),
            };
          },

          damaged: async () => ({ items: await damagedNow(stores, owners) }),

          async stores() {
            const [first] = stores.names;
            const look = async (name: string) => {
              const reason = (await stores.only(name).ready()) ?? null;
              return {
                name,
                isDefault: name === first,
                isReady: reason === null,
                reason,
                isLongTerm: name === settings.after,
              };
            };
            return { items: await Promise.all(stores.names.map(look)) };
          },

          async pause({ id }) {
            await db.tx(async (tx) => {
              const row = await store.lock(tx, id);
              if (!row) throw TransferNotFound({});
              if (isOver(row.status)) throw TransferOver({});
              await store.setStatus(tx, id, "paused");
            });
            await halt(id);
            return shown(await found(id));
          },

          async resume({ id }) {
            const { status } = await found(id);
            if (status !== "queued" && status !== "running") {
              await halt(id);
              await db.tx(async (tx) => {
                const row = await store.lock(tx, id);
                if (!row) throw TransferNotFound({});
                const isLeft = row.status === "done" && row.objectsFailed > 0;
                if (row.status !== "paused" && row.status !== "failed" && !isLeft) throw TransferOver({});
                await store.retryFailed(tx, id);
                await store.setStatus(tx, id, "queued");
                await enqueue(tx, id, row.scrubNo === null ? "transfer" : "scrub");
              });
            }
            return shown(await found(id));
          },

          async cancel({ id }) {
            await db.tx(async (tx) => {
              const row = await store.lock(tx, id);
              if (!row) throw TransferNotFound({});
              if (row.status === "cancelled") return;
              if (isOver(row.status)) throw TransferOver({});
              await store.setStatus(tx, id, "cancelled", { endedAtMs: now() });
              await store.forgetRest(tx, id);
            });
            await halt(id);
            return shown(await found(id));
          },

          async request({ hash, from, to }, asked) {
            if (from === to) throw TwoStores({});
            for (const name of [from, to]) if (name !== undefined) assertStore(name);
            const { key } = await client(upload).content({ hash }, asked);
            if (key === null) return { isKnown: false };
            const object = await host.blob.open(key);
            await object?.close();
            if (!object) return { isKnown: false };
            await db.tx((tx) => ask(tx, { key, sizeBytes: object.sizeBytes }, from ?? null, to));
            return { isKnown: true };
          },
        },

        subscriptions: [
          on(fileUploaded, async (tx: Tx<store.Tables>, { location, sizeBytes }) => {
            if (settings.after !== undefined) await ask(tx, { key: location, sizeBytes }, null, settings.after);
          }),
        ],

        jobs: kinds.map((kind) =>
          job<{ id: Id }>({
            kind,
            concurrency: 2,
            // A process that was killed counts as a try; what goes wrong with stores and objects does not.
            attemptsMax: 50,
            leaseMs: 30_000,
            run: work,
            async died(tx, { payload: { id } }, error) {
              // The tables of this very service.
              await store.setStatus(tx as Tx<store.Tables>, id, "failed", { reason: error.message, endedAtMs: now() });
            },
          }),
        ),

        schedules: [
          {
            name: "transfer.scrub",
            pattern: settings.scrubPattern,
            async run() {
              await scrub();
            },
          },
          {
            name: "transfer.history",
            pattern: "17 4 * * *",
            async run() {
              await db.tx((tx) => store.forget(tx, now() - historyMs));
            },
          },
        ],

        async *verify() {
          yield* (await store.contradictions(db)).map(({ id, what }) => `transfer ${id} ${what}`);
        },
      };
    },
  });

export const transferPlugin = transferOn({
  elapsed: () => performance.now(),
  wait: (ms, signal) => wait(ms, undefined, { signal }),
});

function storesOf({
  blob,
  settings: { after },
}: Pick<Host<unknown, TransferHost["settings"]>, "blob" | "settings">): BlobStores {
  const stores = asStores(blob);
  if (after !== undefined && !stores.names.includes(after))
    throw new ConfigError([{ where: "KINORA_TRANSFER_AFTER", says: `there is no store ${after}` }]);
  return stores;
}
