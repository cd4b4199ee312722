import { type Call, type Host, type Id, KinoraError } from "#kernel";
import { auth } from "#services/auth/contract";
import { profileOf } from "./accounts.ts";
import { UserNotFound } from "./contract.ts";
import * as store from "./store.ts";

/** Profiles of accounts. A new account may be read before the event of its registration arrives: its profile is made then. */
export interface Profiles {
  /** @throws UserNotFound */
  readonly byId: (id: Id, call: Call) => Promise<store.ProfileRow>;
  /**
   * The rows that `read` returns for these ids, after missing profiles were created; ids without a user are left out.
   */
  readonly all: <T extends { readonly id: Id }>(
    ids: readonly Id[],
    read: (ids: readonly Id[]) => Promise<T[]>,
    call: Call,
  ) => Promise<T[]>;
}

export function createProfiles({
  db,
  now,
  client,
  call: newCall,
}: Pick<Host<store.Tables>, "db" | "now" | "client" | "call">): Profiles {
  async function byId(id: Id, call: Call): Promise<store.ProfileRow> {
    const stored = await store.byId(db.read(call), id);
    if (stored) return stored;
    const { traceId, signal } = call;
    const account = await client(auth).account({ userId: id }, newCall({ traceId, signal }));
    const profile = profileOf(id, account, now());
    if (profile) await db.tx((tx) => store.insert(tx, profile));
    const inserted = await store.byId(db, id);
    if (!inserted) throw UserNotFound({});
    return inserted;
  }

  async function all<T extends { readonly id: Id }>(
    ids: readonly Id[],
    read: (ids: readonly Id[]) => Promise<T[]>,
    call: Call,
  ): Promise<T[]> {
    const rows = await read(ids);
    const missing = rows.length === ids.length ? [] : ids.filter((id) => !rows.some((row) => row.id === id));
    if (missing.length === 0) return rows;
    await Promise.all(missing.map((id) => byId(id, call).catch(ignoreUserNotFound)));
    return [...rows, ...(await read(missing))];
  }

  return { byId, all };
}

function ignoreUserNotFound(error: unknown): void {
  if (!(error instanceof KinoraError) || error.code !== UserNotFound.code) throw error;
}
