import type { Log } from "#kernel";
import type { Settings } from "../settings.ts";
import type { Db } from "../store.ts";
import * as passkeyStore from "./passkey-store.ts";
import { hostOf } from "./relying-party.ts";

interface Parts {
  readonly db: Db;
  readonly log: Pick<Log, "warn">;
  readonly settings: Pick<Settings, "address">;
}

/** Warns of passkeys that ended with another host: an operator may not know what a changed address costs. */
export async function warnOfOtherHosts({ db, log, settings }: Parts): Promise<void> {
  const host = hostOf(settings.address);
  const passkeys = await passkeyStore.countElsewhere(db, host ?? "");
  if (passkeys > 0) log.warn("passkeys of another host open nothing", { passkeys, host });
}
