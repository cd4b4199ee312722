import { userRoleChanged } from "#events/auth";
import type { Host, Id, Role, Tx } from "#kernel";
import * as accountStore from "../account-store.ts";
import { recordAct } from "../audit.ts";
import type { Tables } from "../store.ts";
import * as linkStore from "../providers/link-store.ts";

/** Roles of accounts that a provider decides. The last administrator stays one. */
export interface ProviderRoles {
  /** Sets the role of an account to what the claim says; null takes back the one that the provider gave. */
  readonly apply: (tx: Tx<Tables>, link: linkStore.LinkRow, role: Role | null) => Promise<void>;
}

export const createProviderRoles = (host: Pick<Host<Tables>, "emit" | "now">): ProviderRoles => ({
  async apply(tx, link, role) {
    const { userId, grantedRole } = link;
    const account = await accountStore.lockAccount(tx, userId);
    if (!account) return;
    if (role !== grantedRole) await linkStore.setGrantedRole(tx, link, role);
    // A role that an administrator gave since is not the provider's to take.
    const next = role ?? (grantedRole === account.role ? "user" : account.role);
    if (next === account.role) return;
    if (account.role === "admin" && !(await accountStore.hasOtherAdmin(tx, userId))) return;
    await changeRole(host, tx, userId, { from: account.role, to: next });
  },
});

async function changeRole(
  host: Pick<Host<Tables>, "emit" | "now">,
  tx: Tx<Tables>,
  userId: Id,
  { from, to }: { readonly from: Role; readonly to: Role },
): Promise<void> {
  await accountStore.setRole(tx, userId, to);
  await host.emit(tx, userRoleChanged, userId, { userId, role: to, atMs: host.now() });
  await recordAct(host, tx, userId, "role.changed", { detail: `${from} → ${to}, by the provider` });
}
