import { Id, failure, type Tx } from "#kernel";
import { isDeletedUser } from "./copies/deleted-users.ts";

export const BadToken = failure("unauthenticated", "auth.bad_token", "this token is not valid, sign in again");

/**
 * Comes first in a transaction that stores something of a user: their deletion waits until it ends. For services with the
 * table `deleted_users`. @throws BadToken where the account was deleted, whether or not its token is still valid
 */
export async function requireAccount<T>(tx: Tx<T>, userId: Id): Promise<void> {
  if (await isDeletedUser(tx, userId)) throw BadToken({});
}
