import type { Session } from "../../src/kernel/db/move/session.ts";
import { MoveRefused } from "../../src/kernel/db/move/target.ts";
import { isOpenable } from "../../src/kernel/keys/keyring.ts";
import type { Sealing } from "../../src/kernel/keys/sealing.ts";
import { schemaOf } from "../../src/kernel/db/tables.ts";
import { serviceNames } from "../services.ts";

/** @throws MoveRefused where the services that a database has are those of another installation */
export async function assertInstallation(target: Session, sealing: Sealing): Promise<void> {
  const { rows: schemas } = await target.query<{ service: string }>(
    "SELECT schemaname AS service FROM pg_tables WHERE tablename = 'keys' AND schemaname = any($1)",
    [serviceNames],
  );
  for (const { service } of schemas) {
    const { rows } = await target.query<{ name: string; startsAtMs: number; sealed: string }>(
      `SELECT name, starts_at_ms AS "startsAtMs", sealed FROM ${schemaOf(service)}.keys`,
    );
    if (rows.some((row) => !isOpenable({ service, sealing }, { ...row, startsInMs: 0 })))
      throw new MoveRefused(
        `the new database has ${service} of another installation, whose cluster secret differs: name a database of this one`,
      );
  }
}
