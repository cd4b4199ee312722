import type { Reader, Tx } from "#kernel";
import type { Format } from "./contract.ts";
import type { Tables } from "./store.ts";

type Name = Pick<Format, "kind" | "name">;

export const formatsOff = (db: Reader<Tables>): Promise<Name[]> =>
  db.selectFrom("media.disabled_formats").select(["kind", "name"]).orderBy("kind").orderBy("name").execute();

export const switchOff = (tx: Tx<Tables>, { kind, name }: Name, since_ms: number) =>
  tx
    .insertInto("media.disabled_formats")
    .values({ kind, name, since_ms })
    .onConflict((c) => c.doNothing())
    .execute();

export const switchOn = (tx: Tx<Tables>, { kind, name }: Name) =>
  tx
    .deleteFrom("media.disabled_formats")
    .where((e) => e.and({ kind, name }))
    .execute();
