import { withinSession } from "./request/client.ts";
import { exchange } from "./request/exchange.ts";
import { readEnvelope } from "./request/failure.ts";
import type { Media } from "./types.ts";

/**
 * Sends a file that goes with a message, as {@link uploadPicture} does: the server detects a film or a sound by its
 * content.
 */
export async function uploadAttachment(file: File): Promise<Media> {
  const { status, text } = await withinSession(() => {
    const form = new FormData();
    if (file.type.startsWith("image/")) form.append("purpose", "picture");
    form.append("file", file);
    return exchange("POST", "/api/v1/media/upload", { body: form });
  });
  // The shape is the contract's, as in `ask`.
  return readEnvelope(status, text) as Media;
}

/** Sends a small picture as a form and resolves to what the server made of it. Everything larger is sent by `sending.ts`. */
export async function uploadPicture(file: File, purpose: "cover" | "avatar" | "background"): Promise<Media> {
  const send = () => {
    const form = new FormData();
    form.append("purpose", purpose);
    form.append("file", file);
    return exchange("POST", "/api/v1/media/upload", { body: form });
  };
  const { status, text } = await withinSession(send);
  // The shape is the contract's, as in `ask`.
  return readEnvelope(status, text) as Media;
}
