import type { Language } from "#kernel";
import { firstCharacters } from "#kernel/text";
import { alertTitle } from "./alerts.ts";
import { greeting } from "./layout.ts";

/** Notifications that are displayed as one. */
export interface NotificationItem {
  readonly kind: string;
  /** The senders, the latest first; empty for the instance itself. */
  readonly names: readonly string[];
  readonly senderCount: number;
  /** The title of a publication, or of a decision about the reader's account; the kind of an alert. */
  readonly title: string;
  /** The text of a comment or message. */
  readonly content: string;
}

const excerptMax = 120;

/** All kinds about the reader's account have one text; the site has the details. */
const account = "account";
const texts = {
  en: {
    who: ([first = "Someone"]: readonly string[], otherCount: number) =>
      otherCount === 0 ? first : otherCount === 1 ? `${first} and another person` : `${first} and ${otherCount} others`,
    like: (who: string) => `${who} liked your video`,
    comment: (who: string) => `${who} commented on your video`,
    reply: (who: string) => `${who} replied to you`,
    mention: (who: string) => `${who} mentioned you`,
    comment_like: (who: string) => `${who} liked your comment`,
    follow: (who: string) => `${who} followed you`,
    follow_request: (who: string) => `${who} wants to follow you`,
    published: (who: string, title: string) => `${who} published “${title}”`,
    live: (who: string, title: string) => `${who} is live: “${title}”`,
    message: (who: string) => `${who} sent you a message`,
    [account]: () => "There is news about your account or your content",
    quote: (text: string) => `“${text}”`,
    colon: ": ",
    many: (count: number) => `${count} new notifications`,
    see: "Open",
    seeAll: "See all notifications",
  },
  zh: {
    who: ([first = "有人"]: readonly string[], otherCount: number) =>
      otherCount === 0 ? first : `${first} 等 ${otherCount + 1} 人`,
    like: (who: string) => `${who}赞了你的视频`,
    comment: (who: string) => `${who}评论了你的视频`,
    reply: (who: string) => `${who}回复了你`,
    mention: (who: string) => `${who}提到了你`,
    comment_like: (who: string) => `${who}赞了你的评论`,
    follow: (who: string) => `${who}关注了你`,
    follow_request: (who: string) => `${who}请求关注你`,
    published: (who: string, title: string) => `${who}发布了《${title}》`,
    live: (who: string, title: string) => `${who}正在直播《${title}》`,
    message: (who: string) => `${who}给你发了一条私信`,
    [account]: () => "你的帐号或内容有新的通知",
    quote: (text: string) => `“${text}”`,
    colon: "：",
    many: (count: number) => `${count} 条新通知`,
    see: "查看",
    seeAll: "查看全部通知",
  },
} as const;

/** Beneath each notification mail. */
export const endOfNotifications: Readonly<Record<Language, string>> = {
  en: "Stop these mails",
  zh: "不再接收此类邮件",
};

type NamedKind =
  | "like"
  | "comment"
  | "reply"
  | "mention"
  | "comment_like"
  | "follow"
  | "follow_request"
  | "published"
  | "live"
  | "message";
const named: ReadonlySet<string> = new Set<NamedKind>([
  "like",
  "comment",
  "reply",
  "mention",
  "comment_like",
  "follow",
  "follow_request",
  "published",
  "live",
  "message",
]);
const isNamed = (kind: string): kind is NamedKind => named.has(kind);

/** The title of a notification, and an excerpt of its text. Pure. */
export function notificationText(
  language: Language,
  { kind, names, senderCount, title, content }: NotificationItem,
): { readonly title: string; readonly body: string } {
  const words = texts[language];
  const alert = kind === "alerted" ? alertTitle(language, title) : undefined;
  if (alert !== undefined) return { title: alert, body: "" };
  if (!isNamed(kind)) return { title: words[account](), body: "" };
  const who = words.who(names, Math.max(0, senderCount - 1));
  return { title: words[kind](who, title), body: excerptOf(content) };
}

const excerptOf = (content: string): string => {
  const plain = content.replaceAll(/\s+/g, " ").trim();
  const excerpt = firstCharacters(plain, excerptMax);
  return excerpt === plain ? plain : `${excerpt}…`;
};

interface NotificationsLetter {
  readonly subject: string;
  readonly paragraphs: string[];
  readonly actionLabel: string;
}

/** One mail about all of these, the latest first. Pure. */
export function notificationsLetter(
  language: Language,
  username: string,
  items: readonly NotificationItem[],
): NotificationsLetter {
  const words = texts[language];
  const lines = items.map((item) => notificationText(language, item));
  return {
    subject: lines.length === 1 ? (lines[0]?.title ?? "") : words.many(lines.length),
    paragraphs: [
      greeting[language](username),
      ...lines.map(({ title, body }) => (body === "" ? title : title + words.colon + words.quote(body))),
    ],
    actionLabel: items.length === 1 ? words.see : words.seeAll,
  };
}
