import { failure, KinoraError } from "../errors.ts";

/** A mail of this instance to one address, as text and as HTML. */
export interface Mail {
  /** Names it among all mails: the same in each attempt, so that a repeated one is recognized. */
  readonly id: string;
  readonly to: string;
  /** The name of the sender; the address is configured. */
  readonly senderName: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** For a notification: a POST to this address ends such mails, without a sign-in (RFC 8058). */
  readonly unsubscribeUrl?: string;
}

/** The port of outgoing mail. A mail that `send` accepted is the server's to deliver. */
export interface Mailer {
  /** True if there is a mail server; without one, nothing may depend on a mail. */
  readonly isConfigured: boolean;
  /** @throws MailFailed with the answer of the server */
  send(mail: Mail): Promise<void>;
  close(): Promise<void>;
}

/** The mail server cannot be reached, or did not take the mail. */
export const MailFailed = failure("unavailable", "kernel.mail_failed", "the mail server did not take the mail");

/**
 * {@link MailFailed} with the answer of the server for administrators. It has no addresses and no cause, which would name
 * them: it is logged.
 */
export function mailFailed(answer: string): KinoraError {
  const { kind, code, text } = MailFailed;
  const plain = answer.replaceAll(/[^\s<>"'()]+@[^\s<>"'()]+/g, "…").replaceAll(/\s+/g, " ");
  return new KinoraError({ kind, code, message: `${text}: ${plain.slice(0, 300)}` });
}
