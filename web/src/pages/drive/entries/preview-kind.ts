type Kind = "folder" | "video" | "audio" | "image" | "other";

/** Pictures the server lets a browser show. */
const picture = /^image\/(?:jpeg|png|webp|avif|gif)$/;
const textual = /^text\/|^application\/(?:json|xml|javascript|x-sh|toml|yaml)$/;
/** Names of what people read and write as text; what is in them decides how it looks, not what it may do. */
const textName =
  /\.(?:txt|md|markdown|csv|tsv|json|jsonl|xml|html?|css|m?[jt]sx?|py|rb|go|rs|java|kt|c|h|cc|cpp|hpp|cs|php|sh|bash|zsh|ps1|sql|ya?ml|toml|ini|conf|cfg|env|log|srt|vtt|ass|svg|tex|diff|patch)$/i;

/** How an entry can be looked at here; `null` where it can only be downloaded. Pure. */
export function previewOf({ kind, mime, name }: { kind: Kind; mime: string; name: string }) {
  // A GIF that moves is a video to the server, and a picture to a browser.
  if (kind !== "folder" && picture.test(mime)) return "image";
  if (kind === "video" || kind === "audio") return kind;
  if (kind !== "folder" && (textual.test(mime) || textName.test(name))) return "text";
  return null;
}
