import type { Language } from "#kernel";
import { greeting, mailOf, type MailText, type Sender } from "./layout.ts";

const texts = {
  en: {
    notYou: "If you did not ask for this, ignore this mail: nothing changes.",
    verification: {
      subject: (name: string) => `Confirm your e-mail address for ${name}`,
      body: (name: string) => `Confirm this address for your account on ${name}. You can then also sign in with it.`,
      action: "Confirm address",
      note: "The link works once, for two days.",
    },
    reset: {
      subject: (name: string) => `Reset your password for ${name}`,
      body: (name: string) =>
        `You can set a new password for your account on ${name}. All devices are signed out then.`,
      action: "Set a new password",
      note: "The link works once, for an hour.",
    },
    addressChanged: {
      subject: (name: string) => `Your e-mail address for ${name} was changed`,
      body: (name: string) => `Your account on ${name} has another e-mail address now. Mails no longer go to this one.`,
      note: "If this was not you, change your password immediately and write to the administrators.",
      undo: "This was not me",
      undoNote:
        "If this was not you, the link restores this address and signs all devices out. It works once, for seven days.",
    },
    heldReset: {
      subject: (name: string) => `Your password for ${name} cannot be reset yet`,
      body: (name: string, day: string) =>
        `Somebody asked for a new password for your account on ${name}. Its e-mail address was changed lately, so a new password can be set by mail from ${day} on. Until then the earlier address can undo the change.`,
    },
    rejection: {
      subject: (name: string) => `Your application to ${name}`,
      body: (name: string) => `The moderators of ${name} did not approve your account. They write:`,
    },
    addressTaken: {
      subject: (name: string) => `You have an account on ${name}`,
      body: (name: string) =>
        `Somebody wants to sign up on ${name} with this address. It belongs to your account, so the new one is not confirmed and is removed.`,
    },
    test: {
      subject: (name: string) => `Test mail from ${name}`,
      body: (name: string) => `${name} can send mails. An administrator sent this one to test it.`,
    },
  },
  zh: {
    notYou: "如果这不是你本人的操作，请忽略此邮件，一切保持不变。",
    verification: {
      subject: (name: string) => `确认你在 ${name} 的邮箱地址`,
      body: (name: string) => `请确认这是你在 ${name} 的帐号邮箱。确认后也可以用它登录。`,
      action: "确认邮箱",
      note: "链接两天内有效，只能使用一次。",
    },
    reset: {
      subject: (name: string) => `重设你在 ${name} 的密码`,
      body: (name: string) => `你可以为 ${name} 的帐号设置新密码。设置后，所有设备都会退出登录。`,
      action: "设置新密码",
      note: "链接一小时内有效，只能使用一次。",
    },
    addressChanged: {
      subject: (name: string) => `你在 ${name} 的邮箱地址已更改`,
      body: (name: string) => `你在 ${name} 的帐号已换用其他邮箱，邮件不再发送到这个地址。`,
      note: "如果不是你本人更改的，请立即修改密码，并联系管理员。",
      undo: "不是我本人",
      undoNote: "如果不是你本人更改的，点击链接即可恢复此邮箱，所有设备都会退出登录。链接七天内有效，只能使用一次。",
    },
    heldReset: {
      subject: (name: string) => `暂时无法重设你在 ${name} 的密码`,
      body: (name: string, day: string) =>
        `有人请求为你在 ${name} 的帐号设置新密码。该帐号最近更换过邮箱，因此 ${day} 起才能通过邮件重设密码；在此之前，原邮箱可以撤销更换。`,
    },
    rejection: {
      subject: (name: string) => `你加入 ${name} 的申请`,
      body: (name: string) => `${name} 的版主没有批准你的帐号，并留言：`,
    },
    addressTaken: {
      subject: (name: string) => `你在 ${name} 已有帐号`,
      body: (name: string) => `有人想用此邮箱注册 ${name}。它已属于你的帐号，因此新帐号无法确认，将被移除。`,
    },
    test: {
      subject: (name: string) => `来自 ${name} 的测试邮件`,
      body: (name: string) => `${name} 可以发送邮件。这封邮件是管理员发送的测试。`,
    },
  },
} as const;

interface To {
  readonly language: Language;
  readonly username: string;
}

/** Asks the owner of an address whether an account is theirs. Pure. */
export function verificationMail(sender: Sender, { language, username }: To, token: string): MailText {
  const { notYou, verification } = texts[language];
  return mailOf(sender, {
    language,
    subject: verification.subject(sender.name),
    paragraphs: [greeting[language](username), verification.body(sender.name)],
    action: { label: verification.action, url: `${sender.address}/verify-email#${token}` },
    notes: [verification.note, notYou],
  });
}

/** The link by which an account gets a new password. Pure. */
export function resetMail(sender: Sender, { language, username }: To, token: string): MailText {
  const { notYou, reset } = texts[language];
  return mailOf(sender, {
    language,
    subject: reset.subject(sender.name),
    paragraphs: [greeting[language](username), reset.body(sender.name)],
    action: { label: reset.action, url: `${sender.address}/reset#${token}` },
    notes: [reset.note, notYou],
  });
}

/** The notice to an address that an account had before, with the token that restores it where it can be. Pure. */
export function addressChangedMail(sender: Sender, { language, username }: To, undoToken?: string): MailText {
  const { addressChanged } = texts[language];
  const { undo: label, undoNote, note } = addressChanged;
  return mailOf(sender, {
    language,
    subject: addressChanged.subject(sender.name),
    paragraphs: [greeting[language](username), addressChanged.body(sender.name)],
    ...(undoToken !== undefined && { action: { label, url: `${sender.address}/undo-email#${undoToken}` } }),
    notes: [undoToken === undefined ? note : undoNote],
  });
}

/** Says from which day on an account can get a new password by mail, after its address was changed. Pure. */
export function heldResetMail(sender: Sender, { language, username }: To, untilMs: number): MailText {
  const { heldReset, notYou } = texts[language];
  const day = new Date(untilMs).toISOString().slice(0, 10);
  return mailOf(sender, {
    language,
    subject: heldReset.subject(sender.name),
    paragraphs: [greeting[language](username), heldReset.body(sender.name, day)],
    notes: [notYou],
  });
}

/** The answer of the moderators to an application. Pure. */
export function rejectionMail(sender: Sender, { language, username }: To, message: string): MailText {
  const { rejection } = texts[language];
  return mailOf(sender, {
    language,
    subject: rejection.subject(sender.name),
    paragraphs: [greeting[language](username), rejection.body(sender.name), message],
    notes: [],
  });
}

/** Says to the owner of an address that another account was made with it. Pure. */
export function addressTakenMail(sender: Sender, { language, username }: To): MailText {
  const { addressTaken, notYou } = texts[language];
  return mailOf(sender, {
    language,
    subject: addressTaken.subject(sender.name),
    paragraphs: [greeting[language](username), addressTaken.body(sender.name)],
    notes: [notYou],
  });
}

/** A test mail, which an administrator sends to check delivery. Pure. */
export function testMail(sender: Sender, language: Language): MailText {
  const { test } = texts[language];
  return mailOf(sender, {
    language,
    subject: test.subject(sender.name),
    paragraphs: [test.body(sender.name)],
    notes: [],
  });
}
