const charactersMax = 255;

/**
 * A file's name as it is kept: data for people, never a path (security S4.1). Folders, control characters and those that
 * turn the direction of text are gone; at most 255 UTF-16 units, cut between characters. `file` where nothing is left.
 */
export function cleanName(name: string): string {
  const last = name.toWellFormed().normalize("NFC").split(/[/\\]/).at(-1) ?? "";
  const visible = last.replaceAll(/[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}\ufffd]/gu, "").trim();
  const shortened = visible.length <= charactersMax ? visible : whole(visible.slice(0, 2 * charactersMax));
  return /^\.*$/.test(shortened) ? "file" : shortened.trim();
}

/** As many whole characters as fit. */
function whole(text: string): string {
  let shortened = "";
  for (const { segment } of new Intl.Segmenter("und").segment(text)) {
    if (shortened.length + segment.length > charactersMax) break;
    shortened += segment;
  }
  return shortened;
}
