import { userRegistered } from "#events/auth";
import type { Emit, Id, Role, Tx } from "#kernel";
import type { Tables } from "../store.ts";

interface NewUser {
  readonly userId: Id;
  readonly username: string;
  readonly nickname: string | null;
  readonly email: string | null;
  readonly phone: string | null;
  readonly role: Role;
}

/** Publishes a new active account. */
export const publishRegistered = (
  emit: Emit,
  tx: Tx<Tables>,
  { userId, username, nickname, email, phone, role }: NewUser,
): Promise<void> =>
  emit(tx, userRegistered, userId, {
    userId,
    username,
    role,
    ...(nickname !== null && { nickname }),
    ...(email !== null && { email }),
    ...(phone !== null && { phone }),
  });
