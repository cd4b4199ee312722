import { type Id, type PageInput, pageOf, type Reader, type Tx } from "#kernel";
import { type Generated, sql, type Updateable } from "kysely";
import type { z } from "zod";
import type { StartPage } from "./contract.ts";

/** The tables as `migrations.ts` leaves them. */
export interface Tables {
  /** At most one row: without it, everything is as configured. */
  "instance.settings": {
    id: Generated<boolean>;
    /** Null where the configuration decides. */
    name: Generated<string | null>;
    description: Generated<string>;
    rules: Generated<string>;
    contact: Generated<string>;
    /** Null for the default one. */
    accent: Generated<string | null>;
    languages: Generated<string[] | null>;
    start_page: Generated<z.output<typeof StartPage>>;
    /** Names the bytes of the icon; null where none was uploaded. */
    icon_version: Generated<string | null>;
  };
  "instance.icons": { name: string; bytes: Uint8Array };
  /** At most one row: the last backup. */
  "instance.backups": { id: Generated<boolean>; at_ms: number; verified_at_ms: Generated<number | null> };
  "instance.changes": { id: Id; actor_id: Id; fields: string[]; created_at_ms: number };
}
export type Db = Reader<Tables>;
export type Changes = Omit<Updateable<Tables["instance.settings"]>, "id">;

export const settings = (db: Db) =>
  db
    .selectFrom("instance.settings as settings")
    .select([
      "name",
      "description",
      "rules",
      "contact",
      "accent",
      "languages",
      "start_page as startPage",
      "icon_version as iconVersion",
    ])
    .executeTakeFirst();

/** The version of PostgreSQL. */
export async function serverVersion(db: Db): Promise<string> {
  const { rows } = await sql<{
    version: string;
  }>`SELECT split_part(current_setting('server_version'), ' ', 1) AS version`.execute(db);
  return rows[0]?.version ?? "";
}

export const change = (tx: Tx<Tables>, changes: Changes) =>
  tx
    .insertInto("instance.settings")
    .values({ id: true, ...changes })
    .onConflict((c) => c.column("id").doUpdateSet({ id: true, ...changes }))
    .execute();

/** Replaces the files of the icon; none where it is removed. */
export async function setIcons(tx: Tx<Tables>, icons: readonly Tables["instance.icons"][]): Promise<void> {
  await tx.deleteFrom("instance.icons").execute();
  if (icons.length > 0) await tx.insertInto("instance.icons").values(icons).execute();
}

export const icon = (db: Db, name: string) =>
  db.selectFrom("instance.icons as icons").select("bytes").where("name", "=", name).executeTakeFirst();

export const recordChange = (tx: Tx<Tables>, row: Tables["instance.changes"]) =>
  tx.insertInto("instance.changes").values(row).execute();

export const changes = (db: Db, page: PageInput) =>
  pageOf(
    db,
    db
      .selectFrom("instance.changes as changes")
      .select(["id", "actor_id as actorId", "fields", "created_at_ms as createdAtMs"]),
    { id: "id" },
    page,
  );

/** The last backup that was recorded. */
export const lastBackup = (db: Db) =>
  db
    .selectFrom("instance.backups as backups")
    .select(["at_ms as atMs", "verified_at_ms as verifiedAtMs"])
    .executeTakeFirst();

/** Records a backup; an older one than the last changes nothing. */
export const recordBackup = (tx: Tx<Tables>, at_ms: number) =>
  tx
    .insertInto("instance.backups")
    .values({ at_ms })
    .onConflict((c) =>
      c.column("id").doUpdateSet({ at_ms, verified_at_ms: null }).where(sql<boolean>`backups.at_ms < ${at_ms}`),
    )
    .execute();
