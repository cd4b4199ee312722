import type { Tx } from "#kernel";
import type { z } from "zod";
import type { Registration, RegistrationRules } from "./contract.ts";
import type { Db, Tables } from "./store.ts";
import type { RegistrationChanges } from "./registration/contract.ts";

type Rules = z.output<typeof RegistrationRules>;
/** The rules as administrators set them; the mode is null where the configuration decides. */
export type StoredRules = Omit<Rules, "registration"> & {
  readonly registration: z.output<typeof Registration> | null;
};

const columns = [
  "registration",
  "sign_up_email as email",
  "users_invite as usersInvite",
  "work_bits as workBits",
  "domains_allowed as domainsAllowed",
  "domains_denied as domainsDenied",
] as const;
const untouched: StoredRules = {
  registration: null,
  email: "optional",
  usersInvite: false,
  workBits: 0,
  domainsAllowed: [],
  domainsDenied: [],
};

export const rules = async (db: Db): Promise<StoredRules> =>
  (await db.selectFrom("auth.instance").select(columns).executeTakeFirst()) ?? untouched;

/** Sets the rules that are given; the others stay. */
export const setRules = (
  tx: Tx<Tables>,
  { registration, email, usersInvite, workBits, domainsAllowed, domainsDenied }: RegistrationChanges,
): Promise<StoredRules> =>
  tx
    .updateTable("auth.instance")
    .set({
      ...(registration !== undefined && { registration }),
      ...(email !== undefined && { sign_up_email: email }),
      ...(usersInvite !== undefined && { users_invite: usersInvite }),
      ...(workBits !== undefined && { work_bits: workBits }),
      ...(domainsAllowed !== undefined && { domains_allowed: domainsAllowed }),
      ...(domainsDenied !== undefined && { domains_denied: domainsDenied }),
      id: true,
    })
    .returning(columns)
    .executeTakeFirstOrThrow();
