import type { Config } from "../../src/kernel/config/load.ts";
import { noMailer } from "../../src/kernel/mail/none.ts";
import type { Mailer } from "../../src/kernel/mail/port.ts";

/** The mail server that the configuration names. */
export async function createMailer({ mail: { smtpUrl: url, from } }: Config): Promise<Mailer> {
  if (url === undefined || from === undefined) return noMailer;
  const { createSmtpMailer: smtpMailer } = await import("../../src/kernel/mail/smtp.ts");
  return smtpMailer({ url, from });
}
