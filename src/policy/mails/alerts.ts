import type { Language } from "#kernel";
import { greeting, mailOf, type MailText, type Sender } from "./layout.ts";

/** An act on an account, in the mail to its owner; the address has a mail of its own. */
const kinds = [
  "new_device",
  "factor_changed",
  "email_changed",
  "token_made",
  "wallet_linked",
  "recovery_used",
  "passkey_copied",
  "reset",
] as const;
type Kind = (typeof kinds)[number];

const texts = {
  en: {
    new_device: {
      subject: "New sign-in to your account",
      body: "Your account was signed in to from a device that has not been seen before.",
    },
    factor_changed: {
      subject: "The sign-in of your account was changed",
      body: "The password or another way to sign in to your account was changed.",
    },
    email_changed: {
      subject: "The e-mail address of your account was changed",
      body: "Your account has another e-mail address.",
    },
    token_made: {
      subject: "New access token for your account",
      body: "An access token was made, by which a program can use your account.",
    },
    wallet_linked: { subject: "New wallet of your account", body: "A wallet was linked to your account." },
    recovery_used: {
      subject: "A recovery code of your account was used",
      body: "Your account was signed in to with a recovery code.",
    },
    passkey_copied: {
      subject: "A passkey of your account was refused",
      body: "A passkey counted fewer uses than before: it may have been copied. It was refused. Remove it and add a new one.",
    },
    reset: {
      subject: "The password of your account was reset",
      body: "The password of your account was set anew with a link. All devices are signed out.",
    },
    named: (name: string) => `Name: ${name}`,
    device: (agent: string) => `Device: ${agent}`,
    when: (time: string) => `Time: ${time}`,
    action: "See your sessions",
    note: "If this was not you, end the session there and change your password.",
  },
  zh: {
    new_device: { subject: "你的帐号有新的登录", body: "你的帐号在一台新设备上登录了。" },
    factor_changed: { subject: "你帐号的登录方式已更改", body: "你帐号的密码或其他登录方式已更改。" },
    email_changed: { subject: "你帐号的邮箱地址已更改", body: "你的帐号已换用其他邮箱。" },
    token_made: { subject: "你的帐号有新的访问令牌", body: "新建了一个访问令牌，程序可以凭它使用你的帐号。" },
    wallet_linked: { subject: "你的帐号绑定了新钱包", body: "一个钱包已绑定到你的帐号。" },
    recovery_used: { subject: "你帐号的恢复码已被使用", body: "有人用恢复码登录了你的帐号。" },
    passkey_copied: {
      subject: "你帐号的一个通行密钥已被拒绝",
      body: "一个通行密钥的使用次数比之前少，可能已被复制，因此已被拒绝。请删除它并添加新的通行密钥。",
    },
    reset: { subject: "你帐号的密码已重设", body: "你帐号的密码已通过链接重设，所有设备都已退出登录。" },
    named: (name: string) => `名称：${name}`,
    device: (agent: string) => `设备：${agent}`,
    when: (time: string) => `时间：${time}`,
    action: "查看登录的设备",
    note: "如果不是你本人的操作，请结束该会话并修改密码。",
  },
} as const;

interface To {
  readonly language: Language;
  readonly username: string;
}
interface Act {
  readonly kind: Kind;
  readonly agent: string;
  readonly name: string;
  readonly atMs: number;
}

/** The one line about an act; undefined for a kind without one. Pure. */
export function alertTitle(language: Language, kind: string): string | undefined {
  const mailedKind = kinds.find((candidate) => candidate === kind);
  return mailedKind && texts[language][mailedKind].subject;
}

/** Notifies the owner of an account of an act on it. It names no place: addresses of clients are not stored. Pure. */
export function alertMail(sender: Sender, { language, username }: To, { kind, agent, name, atMs }: Act): MailText {
  const words = texts[language];
  const { subject, body } = words[kind];
  const time = `${new Date(atMs).toISOString().slice(0, 16).replace("T", " ")} UTC`;
  return mailOf(sender, {
    language,
    subject: `${subject} · ${sender.name}`,
    paragraphs: [
      greeting[language](username),
      body,
      ...(name === "" ? [] : [words.named(name)]),
      ...(agent === "" ? [] : [words.device(agent)]),
      words.when(time),
    ],
    action: { label: words.action, url: `${sender.address}/settings/security` },
    notes: [words.note],
  });
}
