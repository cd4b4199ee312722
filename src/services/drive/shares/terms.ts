import type { z } from "zod";
import type { drive } from "../contract.ts";
import type { Tables } from "../store.ts";
import { hashPassword } from "./passwords.ts";

/** The latest a share may expire. */
const lifeMsMax = 100 * 365 * 86_400_000;

/** The terms of a share as a request names them: an empty value or 0 removes one, undefined leaves it. */
type Terms = Omit<z.output<(typeof drive)["methods"]["updateShare"]["input"]>, "id">;
type Columns = Partial<Pick<Tables["drive.shares"], "password_hash" | "expires_at_ms" | "downloads_max">>;
/** The columns that each term changes; an unmapped term does not compile. */
type ColumnsOfTerms = { readonly [T in keyof Required<Terms>]: Columns | undefined };

/** The columns of a share without terms. */
export const noTerms = { password_hash: null, expires_at_ms: null, downloads_max: null };

/** The columns that these terms change. */
export async function columnsOf({ password, expiresInMs, downloadsMax }: Terms, nowMs: number): Promise<Columns> {
  const mapped: ColumnsOfTerms = {
    password:
      password === undefined ? undefined : { password_hash: password === "" ? null : await hashPassword(password) },
    expiresInMs:
      expiresInMs === undefined
        ? undefined
        : { expires_at_ms: expiresInMs === 0 ? null : nowMs + Math.min(expiresInMs, lifeMsMax) },
    downloadsMax: downloadsMax === undefined ? undefined : { downloads_max: downloadsMax === 0 ? null : downloadsMax },
  };
  return Object.assign({}, ...Object.values(mapped));
}
