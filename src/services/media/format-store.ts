import type { Reader, Tx } from "#kernel";
import type { Format } from "./contract.ts";
import type { Tables } from "./store.ts";

type Name = Pick<Format, "kind" | "name">;

export const formatsOff = (db: Reader<Tables>): Promise<Name[]> =>
  db.selectFrom("media.formats_off").select(["kind", "name"]).orderBy("kind").orderBy("name").execute();

export const switchOff = (tx: Tx<Tables>, { kind, name }: Name, since_ms: number) =>
  tx
    .insertInto("media.formats_off")
    .values({ kind, name, since_ms })
    .onConflict((c) => c.doNothing())
    .execute();

export const switchOn = (tx: Tx<Tables>, { kind, name }: Name) =>
  tx
    .deleteFrom("media.formats_off")
    .where((e) => e.and({ kind, name }))
    .execute();
