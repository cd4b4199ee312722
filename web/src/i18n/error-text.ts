/** What an error says to a person: the text of its stable code, else the server's own sentence, else a general one. */
export function errorText(error: { code: string; message: string }, texts: Readonly<Record<string, string>>): string {
  const known = texts[`error.${error.code}`];
  if (known !== undefined) return known;
  const sentence = error.message.trim();
  if (sentence === "") return texts["error.title"] ?? "";
  const first = sentence.charAt(0).toUpperCase() + sentence.slice(1);
  return /[.!?。！？]$/.test(first) ? first : `${first}.`;
}
