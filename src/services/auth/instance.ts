import { demoRequested } from "#events/auth";
import type { Handlers, Host, Tx } from "#kernel";
import { removeAccounts } from "./deletion/account-deletion.ts";
import { recordAct } from "./audit.ts";
import { type auth, BadLink, WeakPassword } from "./contract.ts";
import { isWeak } from "./passwords/passwords.ts";
import type { NewAccounts } from "./registration/new-accounts.ts";
import type { NewSessions } from "./sessions/sessions.ts";
import * as store from "./store.ts";
import { isSame } from "./tokens.ts";

interface Parts extends Pick<NewSessions, "open"> {
  readonly accounts: NewAccounts;
  readonly firstRunToken: () => string;
}

/** The first run of an instance, and its demo content. */
export function createInstance(
  host: Pick<Host<store.Tables>, "db" | "emit" | "now" | "nextId">,
  { accounts, open, firstRunToken }: Parts,
): Pick<Handlers<typeof auth>, "claim" | "instance" | "addDemo" | "removeDemo" | "firstRunLink" | "requestDemo"> {
  const { db, emit, now, nextId } = host;

  async function publishDemoRequest(tx: Tx<store.Tables>): Promise<void> {
    await store.setDemoRequested(tx, now());
    const requestId = nextId();
    await emit(tx, demoRequested, requestId, { requestId });
  }

  async function requestDemo(): Promise<Record<string, never>> {
    await db.tx(async (tx) => {
      const { demoWantedAtMs } = await store.lockInstance(tx);
      if (demoWantedAtMs === null) await publishDemoRequest(tx);
    });
    return {};
  }

  return {
    async claim({ token, username, password, demo }, call) {
      if (!isSame(token, firstRunToken())) throw BadLink({});
      if (isWeak(password, username)) throw WeakPassword({});
      const row = await accounts.namedRowOf({ username, password, role: "admin" });
      return db.tx(async (tx) => {
        const { claimedAtMs } = await store.lockInstance(tx);
        if (claimedAtMs !== null || (await store.hasAdmin(tx))) throw BadLink({});
        const userId = await accounts.insert(tx, row);
        await store.setClaimed(tx, now());
        await recordAct(host, tx, userId, "role.changed", { detail: "user → admin" });
        if (demo) await publishDemoRequest(tx);
        return open(tx, { userId, role: row.role, methods: ["link"] }, call);
      });
    },

    async instance() {
      const [hasAdmin, demo, { registration, email, usersInvite }] = await Promise.all([
        store.hasAdmin(db),
        store.hasDemo(db),
        accounts.rules(),
      ]);
      return { firstRun: !hasAdmin, registration, demo, email, usersInvite };
    },

    async removeDemo() {
      const users = await store.demoUsers(db);
      await db.tx((tx) =>
        removeAccounts(
          host,
          tx,
          users.map(({ userId }) => userId),
        ),
      );
      return {};
    },

    firstRunLink: async () => ((await store.hasAdmin(db)) ? {} : { token: firstRunToken() }),

    addDemo: requestDemo,
    requestDemo,
  };
}
