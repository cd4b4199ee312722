import { createHash } from "node:crypto";

/** Tokens of shares are stored hashed. */
export const hashToken = (token: string): string => createHash("sha256").update(token).digest("base64url");
