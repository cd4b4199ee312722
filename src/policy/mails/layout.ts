import type { Language } from "#kernel";
import { escapeXml } from "#kernel/text";

/** The instance that sends a mail. */
export interface Sender {
  readonly name: string;
  /** The colour of buttons, and of the text on them. */
  readonly accent: string;
  readonly ink: string;
  /** Without a slash at its end. */
  readonly address: string;
}

/** A mail as text and as HTML. */
export interface MailText {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

export interface Letter {
  readonly language: Language;
  readonly subject: string;
  readonly paragraphs: readonly string[];
  readonly action?: { readonly label: string; readonly url: string };
  /** Below the button. */
  readonly notes: readonly string[];
  /** The last line: how to end such mails. */
  readonly end?: { readonly label: string; readonly url: string };
}

/** The first line of a letter. */
export const greeting: Readonly<Record<Language, (username: string) => string>> = {
  en: (username) => `Hello ${username},`,
  zh: (username) => `${username}，你好：`,
};

const paragraph = (text: string, style: string): string => `<p style="margin:0 0 16px;${style}">${escapeXml(text)}</p>`;

/** The mail of a letter. Everything in it is text: nothing that a user chose becomes markup. Pure. */
export function mailOf({ name, accent, ink, address }: Sender, letter: Letter): MailText {
  const { language, paragraphs, action, notes, end } = letter;
  // A line break would begin another header.
  const subject = letter.subject.replaceAll(/\s+/g, " ");
  const text = [...paragraphs, ...(action ? [action.url] : []), ...notes, `${name}\n${address}`].join("\n\n");
  const ending = end ? `\n${end.label}: ${end.url}\n` : "";
  const button =
    action &&
    `<p style="margin:24px 0"><a href="${escapeXml(action.url)}" style="display:inline-block;padding:12px 20px;border-radius:8px;background:${escapeXml(accent)};color:${escapeXml(ink)};text-decoration:none;font-weight:600">${escapeXml(action.label)}</a></p>`;
  const html = `<!doctype html>
<html lang="${language}">
<head><meta charset="utf-8"><title>${escapeXml(subject)}</title></head>
<body style="margin:0;padding:24px;background:#ffffff;color:#1b1614;font-family:system-ui,sans-serif;font-size:16px;line-height:1.5">
<div style="max-width:480px;margin:0 auto">
${[
  ...paragraphs.map((sentence) => paragraph(sentence, "")),
  ...(button ? [button] : []),
  ...notes.map((note) => paragraph(note, "font-size:14px;color:#5c534f")),
].join("\n")}
<p style="margin:32px 0 0;font-size:14px;color:#5c534f"><a href="${escapeXml(address)}" style="color:#5c534f">${escapeXml(name)}</a>${end ? ` · <a href="${escapeXml(end.url)}" style="color:#5c534f">${escapeXml(end.label)}</a>` : ""}</p>
</div>
</body>
</html>
`;
  return { subject, text: `${text}\n${ending}`, html };
}
