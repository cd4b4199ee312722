import { formatDate } from "#base/format/format.ts";

type Texts = Readonly<Record<string, string>>;
/** Under this key texts have the name of the site, which stands for `{{site}}` in them. */
export const siteKey = "site";
interface Failed {
  readonly code: string;
  readonly message: string;
  /** The end and the reason of a moderator's decision. */
  readonly until?: string | undefined;
  readonly reason?: string | undefined;
}

/**
 * The message of an error for users: the text of its stable code, else the server's own sentence, else a general one;
 * and until when and why, where a moderator decided so.
 */
export function errorText(error: Failed, texts: Texts, language = "en"): string {
  const { until, reason } = error;
  const more = [
    until && texts["error.until"]?.replace("{{date}}", () => formatDate(Date.parse(until), language)),
    reason && texts["error.reason"]?.replace("{{reason}}", () => reason),
  ];
  return [sentenceOf(error, texts), ...more.filter(Boolean)].join(" ");
}

function sentenceOf(error: { code: string; message: string }, texts: Texts): string {
  const text = texts[`error.${error.code}`];
  if (text !== undefined) return text.replaceAll("{{site}}", () => texts[siteKey] ?? "Kinora");
  const sentence = error.message.trim();
  if (sentence === "") return texts["error.title"] ?? "";
  const first = sentence.charAt(0).toUpperCase() + sentence.slice(1);
  return /[.!?。！？]$/.test(first) ? first : `${first}.`;
}
