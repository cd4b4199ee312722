import type { Handlers, Host } from "#kernel";
import { testMail } from "#policy/mails/mails";
import type { instance } from "./contract.ts";
import { settingsInForce } from "./properties.ts";
import type { Settings } from "./settings.ts";
import type { Tables } from "./store.ts";

/** Sends a mail at once, so that an administrator reads what the mail server answers. */
export const createMailTest = ({
  db,
  mail,
  nextId,
  settings,
}: Pick<Host<Tables, Settings>, "db" | "mail" | "nextId" | "settings">): Pick<
  Handlers<typeof instance>,
  "testMail"
> => ({
  async testMail({ to }, { language = "en" }) {
    const { name, theme } = await settingsInForce(db, settings);
    const text = testMail({ name, ...theme.light, address: settings.address }, language);
    await mail.send({ ...text, id: `${nextId()}.instance`, to, senderName: name });
    return {};
  },
});
