import type { OpenSession, SecurityAlert } from "#base/api/types.ts";

/** A session and the alert about it begin in one transaction; their clocks are one. */
const apartMsMax = 2_000;

/** The open session of another device that the alert is about; undefined where it has ended. Pure. */
export function sessionOfAlert(
  { kind, agent, at }: Pick<SecurityAlert, "kind" | "agent" | "at">,
  sessions: readonly OpenSession[],
): string | undefined {
  if (kind !== "new_device") return undefined;
  return sessions.find(
    (session) =>
      !session.is_current &&
      session.is_new_device &&
      session.agent === agent &&
      Math.abs(Date.parse(session.created_at) - Date.parse(at)) <= apartMsMax,
  )?.id;
}

/** `mira@post.example` as `m•••@post.example`. Pure. */
export function maskAddress(address: string): string {
  const at = address.lastIndexOf("@");
  return `${address.slice(0, 1)}•••${at < 0 ? "" : address.slice(at)}`;
}
