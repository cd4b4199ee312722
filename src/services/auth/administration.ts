import { audited, type Call, type Host, type Id, type PageInput, type Role, type Tx } from "#kernel";
import type { z } from "zod";
import * as accountStore from "./account-store.ts";
import {
  AccountNotFound,
  AdmittedAlready,
  type auth,
  LastAdmin,
  type Registration,
  userRoleChanged,
} from "./contract.ts";
import { tellRegistered } from "./registration.ts";
import { removeAccounts } from "./own-account.ts";
import { noteReset } from "./password-reset.ts";
import type { Tables } from "./store.ts";
import { userDataHolders } from "./user-data.ts";

type Accounts = z.output<(typeof auth)["methods"]["accounts"]["input"]>;

/** What those do who run the instance. */
export function administering({
  db,
  emit,
  now,
  random,
  services,
}: Pick<Host<Tables>, "db" | "emit" | "now" | "random" | "services">) {
  const note = (tx: Tx<Tables>, { userId: actorId }: Call, act: string, id: Id, detail?: string) =>
    emit(tx, audited, id, {
      act,
      subject: { kind: "user", id },
      atMs: now(),
      ...(detail !== undefined && { detail }),
      ...(actorId !== undefined && { actorId }),
    });

  /** @throws AccountNotFound; LastAdmin where it is an administrator that is to go and there is no other. */
  async function held(tx: Tx<Tables>, id: Id, leaves: boolean) {
    const account = await accountStore.lockAccount(tx, id);
    if (!account) throw AccountNotFound({});
    if (leaves && account.role === "admin" && !(await accountStore.hasOtherAdmin(tx, id))) throw LastAdmin({});
    return account;
  }

  return {
    accounts: ({ q, state, role, ...page }: Accounts) => accountStore.accounts(db, { q, state, role }, page),

    async setRole({ id, role }: { id: Id; role: Role }, asked: Call) {
      await db.tx(async (tx) => {
        const before = await held(tx, id, role !== "admin");
        if (before.role === role) return;
        await accountStore.setRole(tx, id, role);
        await emit(tx, userRoleChanged, id, { userId: id, role, atMs: now() });
        await note(tx, asked, "role.changed", id, `${before.role} → ${role}`);
      });
      return {};
    },

    async admit({ id }: { id: Id }, asked: Call) {
      await db.tx(async (tx) => {
        const account = await held(tx, id, false);
        if (account.state !== "pending") return;
        await accountStore.setState(tx, id, "active");
        await tellRegistered(emit, tx, account);
        await note(tx, asked, "user.admitted", id);
      });
      return {};
    },

    async reject({ id }: { id: Id }, asked: Call) {
      await db.tx(async (tx) => {
        const account = await held(tx, id, false);
        // Whoever was let in once never waits again.
        if (account.state !== "pending") throw AdmittedAlready({});
        await removeAccounts({ emit, now }, tx, [id], asked.userId);
        await note(tx, asked, "user.rejected", id);
      });
      return {};
    },

    async resetLink({ id }: { id: Id }, asked: Call) {
      const token = random(24).toString("base64url");
      return db.answer(async (tx) => {
        await held(tx, id, false);
        await note(tx, asked, "password.link_made", id);
        return { token, expiresAtMs: await noteReset(tx, id, token, now()) };
      });
    },

    async removeAccount({ id }: { id: Id }, asked: Call) {
      await db.tx(async (tx) => {
        await held(tx, id, true);
        await removeAccounts({ emit, now }, tx, [id], asked.userId);
      });
      return {};
    },

    async deletions(page: PageInput) {
      const { items, receipts, ...rest } = await accountStore.deletions(db, page);
      return {
        ...rest,
        items: items.map((one) => {
          const own = receipts.filter(({ userId }) => userId === one.userId);
          return {
            ...one,
            receipts: own.map(({ service, atMs }) => ({ service, atMs })),
            // What had ended before a service kept anything of people waits for no receipt of that one.
            missing:
              one.endedAtMs === null
                ? userDataHolders(services()).filter((service) => !own.some((receipt) => receipt.service === service))
                : [],
          };
        }),
      };
    },

    async setRegistration({ registration }: { registration: z.output<typeof Registration> }, asked: Call) {
      await db.tx(async (tx) => {
        await accountStore.setRegistration(tx, registration);
        if (asked.userId !== undefined) await note(tx, asked, "registration.changed", asked.userId, registration);
      });
      return { registration };
    },
  };
}
