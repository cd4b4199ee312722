import { type Mailer, mailFailed } from "./port.ts";

/** The mailer of an instance without a mail server. */
export const noMailer: Mailer = {
  isConfigured: false,
  send: async () => {
    throw mailFailed("there is none: KINORA_SMTP_URL is not set");
  },
  close: async () => undefined,
};
