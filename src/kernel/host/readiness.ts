import type { RunningService } from "./running-service.ts";

/** Why a service cannot work right now; undefined when all is well. */
export async function whyNotReady({ started, db }: RunningService): Promise<string | undefined> {
  const reason = await (started.ready?.() ?? Promise.resolve(undefined)).catch((error: unknown) => String(error));
  if (reason !== undefined) return reason;
  return db
    .selectFrom("migrations")
    .select("step")
    .limit(1)
    .execute()
    .then(
      () => undefined,
      () => "the database cannot be reached",
    );
}
