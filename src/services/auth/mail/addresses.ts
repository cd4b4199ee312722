import { type Cache, callerOf, type Handlers, type Host } from "#kernel";
import { emailKey } from "#kernel/text";
import * as accountStore from "../account-store.ts";
import { recordAct } from "../audit.ts";
import { type auth, BadVerification, EmailMissing, MailOff, TooManyAttempts } from "../contract.ts";
import * as store from "../store.ts";
import type { Tables } from "../store.ts";
import { hashSecret } from "../tokens.ts";
import type { AccountMails } from "./account-mails.ts";
import * as mailStore from "./mail-store.ts";

/** Mails that one can have sent to an account or an address in an hour. */
const mailsPerHour = 5;
const hourMs = 3_600_000;

/** E-mail addresses of accounts: proven by a link, and a way to a new password. */
export function createEmailAddresses(
  host: Pick<Host<Tables>, "db" | "emit" | "now" | "cache">,
  mails: AccountMails,
): Pick<
  Handlers<typeof auth>,
  "email" | "verifyEmail" | "sendVerification" | "forgotPassword" | "mailRecipients" | "sendLetters"
> {
  const { db, now, cache } = host;

  return {
    async email(_, call) {
      const account = await mailStore.recipient(db, callerOf(call));
      return { email: account?.email ?? "", isVerified: account?.verifiedAtMs != null };
    },

    async sendVerification(_, call) {
      const userId = callerOf(call);
      if (!mails.isOn) throw MailOff({});
      const account = await mailStore.recipient(db, userId);
      if (!account?.email) throw EmailMissing({});
      if (account.verifiedAtMs !== null) return {};
      await countMail(cache, String(userId));
      await db.tx((tx) => mails.verify(tx, userId));
      return {};
    },

    async verifyEmail({ token }, call) {
      await db.tx(async (tx) => {
        const link = await mailStore.takeVerification(tx, hashSecret(token));
        if (!link || link.expiresAtMs <= now()) throw BadVerification({});
        await store.lockEmail(tx, link.emailKey);
        if (!(await mailStore.setVerified(tx, link.userId, link.emailKey, now()))) throw BadVerification({});
        // A holder before may be another person, who only knew the address: what they opened does not stay open.
        const holders = await mailStore.otherHolders(tx, link.userId, link.emailKey);
        for (const holder of call.userId === link.userId ? holders : [link.userId, ...holders])
          await accountStore.endSessions(tx, holder, now(), { tokensToo: true });
        await recordAct(host, tx, link.userId, "email.verified", { actorId: link.userId });
      });
      return {};
    },

    async mailRecipients({ userIds }, call) {
      const rows = await mailStore.recipients(db.read(call), userIds);
      return {
        items: rows.map(({ verifiedAtMs, language, ...row }) => ({
          ...row,
          language: language ?? "en",
          getsMails: mails.isOn && verifiedAtMs !== null,
        })),
      };
    },

    async sendLetters({ letters }) {
      await db.tx(async (tx) => {
        for (const letter of letters) await mails.notifications(tx, letter);
      });
      return {};
    },

    // Nothing here depends on whether an account has the address: not the answer, its time, or the limit.
    async forgotPassword({ email }) {
      if (!mails.isOn) throw MailOff({});
      await countMail(cache, hashSecret(emailKey(email)));
      await db.tx((tx) => mails.reset(tx, email));
      return {};
    },
  };
}

/** @throws TooManyAttempts */
async function countMail(cache: Cache, of: string): Promise<void> {
  const { value, leftMs } = await cache.add(`auth:mails:${of}`, 1, hourMs);
  if (value > mailsPerHour) throw TooManyAttempts({ retryAfterMs: Math.ceil(leftMs) });
}
