import type { Handlers, Host } from "#kernel";
import type { auth } from "./contract.ts";
import { forgetSalt, saltOf } from "./salt-store.ts";
import type { Tables } from "./store.ts";

const dayMs = 24 * 3_600_000;

/** The daily salt that gateways hash client addresses with. */
export function createSourceSalt({ db, now, random }: Pick<Host<Tables>, "db" | "now" | "random">) {
  const handlers: Pick<Handlers<typeof auth>, "sourceSalt"> = {
    async sourceSalt() {
      const nowMs = now();
      const fresh = random(16).toString("base64url");
      const { day, salt } = await db.tx((tx) => saltOf(tx, Math.floor(nowMs / dayMs), fresh));
      return { salt, endsInMs: (day + 1) * dayMs - nowMs };
    },
  };
  return {
    handlers,
    schedules: [
      {
        name: "auth.salt",
        pattern: "0 0 * * *",
        run: async () => void (await db.tx((tx) => forgetSalt(tx, Math.floor(now() / dayMs)))),
      },
    ],
  };
}
