import { asFailure, Failure, readEnvelope } from "#base/api/request/failure.ts";

/** Ends the notification mails of the user whose token this is; the row that mail programs ask as well (RFC 8058). */
export async function endMails(token: string): Promise<void> {
  const url = `/api/v1/notifications/end-mails?token=${encodeURIComponent(token)}`;
  const answer = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: "{}",
  }).catch(() => {
    throw new Failure(0, navigator.onLine ? "network.unreachable" : "network.offline", "");
  });
  readEnvelope(answer.status, await answer.text());
}

/** The link is not one of this instance. */
export const isInvalidLink = (error: unknown): boolean => asFailure(error).status === 404;
