import { schemaFor } from "./service-schema.ts";
import type { Bus } from "../bus/port.ts";
import type { Client, Contract } from "../contract.ts";
import { releaseClaims } from "../db/idempotency/idempotency-store.ts";
import type { Db, Left } from "../db/port.ts";
import type { KernelTables } from "../db/tables.ts";
import { IdSource } from "../ids/nodes/id-source.ts";
import { Keyring } from "../keys/keyring.ts";
import type { Log } from "../log/port.ts";
import { createLeasedLocks } from "../lock/leased.ts";
import type { Locks } from "../lock/port.ts";
import type { HostParts } from "./parts.ts";
import type { Plugin } from "./plugin.ts";

/** The host's parts for one service, besides the parts of the process. */
export interface Surroundings {
  readonly bus: Bus;
  /** To be called after each commit of the service that left something. */
  readonly committed: (left: Left) => void;
  readonly client: <C extends Contract>(contract: C) => Client<C>;
  readonly services: () => readonly Contract[];
}

/** A service whose database is open and migrated, before its plugin starts. */
export interface OpenedService {
  readonly name: string;
  readonly plugin: Plugin;
  readonly parts: HostParts;
  readonly surroundings: Surroundings;
  readonly db: Db<KernelTables>;
  readonly ids: IdSource;
  readonly locks: Locks;
  readonly keyring: Keyring;
  readonly log: Log;
}

export async function openService(
  plugin: Plugin,
  parts: HostParts,
  surroundings: Surroundings,
): Promise<OpenedService> {
  const { name } = plugin.contract;
  const db = (await parts.open(schemaFor(plugin), surroundings.committed)) as unknown as Db<KernelTables>; // Every database has the kernel's tables.
  await releaseClaims(db, parts.instance);
  const lostNumbers = parts.metrics.counter("kinora_id_numbers_lost_total", "node numbers that another process took", [
    "service",
  ]);
  const log = parts.log.with({ service: name });
  const ids = await IdSource.open({
    db,
    service: name,
    holder: parts.instance,
    now: parts.environment.now,
    log,
    lost: () => lostNumbers.add(1, { service: name }),
  });
  const locks = createLeasedLocks(db, { owner: parts.instance });
  const keyring = await Keyring.open({ db, service: name, sealing: parts.sealing, log }, plugin.keys ?? []);
  return { name, plugin, parts, surroundings, db, ids, locks, keyring, log };
}
