import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";
import type { Secrets } from "./port.ts";

/** Encrypts texts with the cluster secret, so that a copy of the database alone discloses none. */
export interface Sealing {
  /** @param context the place of the text; elsewhere it cannot be opened */
  readonly seal: (text: string, context: string) => string;
  /** Undefined for a text that was sealed with none of the secrets, or for another place. */
  readonly open: (sealed: string, context: string) => string | undefined;
}

const algorithm = "aes-256-gcm";
const nonceBytes = 12;
const tagBytes = 16;

/**
 * AES-256-GCM under a key of each secret (HKDF-SHA-256), with the context as additional data. A sealed text is base64url
 * of nonce, ciphertext and tag.
 *
 * @param secrets the first one seals, each of them opens
 */
export function createSealing(secrets: Secrets): Sealing {
  const keys = secrets.map((secret) => Buffer.from(hkdfSync("sha256", secret, "", "kinora sealing 1", 32)));
  const [key = Buffer.alloc(0)] = keys;
  return {
    seal(text, context) {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv(algorithm, key, nonce).setAAD(Buffer.from(context));
      return Buffer.concat([nonce, cipher.update(text), cipher.final(), cipher.getAuthTag()]).toString("base64url");
    },
    open(sealed, context) {
      const bytes = Buffer.from(sealed, "base64url");
      return keys.map((candidate) => openWith(candidate, bytes, context)).find((text) => text !== undefined);
    },
  };
}

function openWith(key: Buffer, sealed: Buffer, context: string): string | undefined {
  if (sealed.length < nonceBytes + tagBytes) return undefined;
  const decipher = createDecipheriv(algorithm, key, sealed.subarray(0, nonceBytes), { authTagLength: tagBytes });
  decipher.setAAD(Buffer.from(context)).setAuthTag(sealed.subarray(-tagBytes));
  try {
    const text = [decipher.update(sealed.subarray(nonceBytes, -tagBytes)), decipher.final()];
    return Buffer.concat(text).toString();
  } catch {
    return undefined; // The tag does not fit.
  }
}
