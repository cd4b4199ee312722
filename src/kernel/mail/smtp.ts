import { createTransport } from "nodemailer";
import { type Mailer, mailFailed } from "./port.ts";

/** A server that is slower is asked again later. */
const [connectMs, answerMs] = [10_000, 20_000];

const oneAddress = /^[^\s,;:<>"()]+@[^\s,;:<>"()]+$/;

interface SmtpParts {
  /** `smtp:` (with STARTTLS where the server offers it) or `smtps:`, with user and password. */
  readonly url: string;
  /** The address that mails come from, and the name that they have instead of their own. */
  readonly from: { readonly name?: string; readonly address: string };
  readonly now?: () => number;
}

/** Sends mails over SMTP (RFC 5321), a connection for each. */
export function createSmtpMailer({ url, from, now = Date.now }: SmtpParts): Mailer {
  const transport = createTransport({
    url,
    connectionTimeout: connectMs,
    greetingTimeout: connectMs,
    socketTimeout: answerMs,
    // A text of a mail never names a file or an address to include.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const domain = from.address.slice(from.address.lastIndexOf("@") + 1);
  return {
    isConfigured: true,
    async send({ id, to, senderName, subject, text, html, unsubscribeUrl }) {
      // A list or a group would reach others.
      if (!oneAddress.test(to)) throw mailFailed("this is no address");
      try {
        await transport.sendMail({
          from: { name: from.name ?? senderName, address: from.address },
          to: { name: "", address: to },
          envelope: { from: from.address, to: [to] },
          subject,
          text,
          html,
          messageId: `<${id}@${domain}>`,
          date: new Date(now()),
          headers: {
            // RFC 3834 §5: no holiday notes in return.
            "Auto-Submitted": "auto-generated",
            ...(unsubscribeUrl !== undefined && {
              "List-Unsubscribe": `<${unsubscribeUrl}>`,
              "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            }),
          },
        });
      } catch (error) {
        throw mailFailed(error instanceof Error ? error.message : String(error));
      }
    },
    close: async () => transport.close(),
  };
}
