import type { Mail, Mailer } from "./port.ts";
import { mailFailed } from "./port.ts";

/** A mail server of a test: it keeps what it took, and refuses while `answer` is set. */
export class TestMailer implements Mailer {
  readonly isConfigured = true;
  readonly mails: Mail[] = [];
  answer: string | undefined;

  async send(mail: Mail): Promise<void> {
    if (this.answer !== undefined) throw mailFailed(this.answer);
    this.mails.push(mail);
  }
  async close(): Promise<void> {}

  /** The token of the link in the last mail to this address. */
  tokenTo(address: string): string {
    return this.mails.findLast(({ to }) => to === address)?.text.match(/#([\w-]{32})\n/)?.[1] ?? "";
  }
}
