import type { OpenSession, SecurityAlert } from "#base/api/types.ts";

/** The open session of another device that the alert is about; undefined where it has ended. Pure. */
export const sessionOfAlert = (
  { session_id }: Pick<SecurityAlert, "session_id">,
  sessions: readonly OpenSession[],
): string | undefined => sessions.find(({ id, is_current }) => id === session_id && !is_current)?.id;

/** `mira@post.example` as `m•••@post.example`. Pure. */
export function maskAddress(address: string): string {
  const at = address.lastIndexOf("@");
  return `${address.slice(0, 1)}•••${at < 0 ? "" : address.slice(at)}`;
}
