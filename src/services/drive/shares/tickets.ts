import { createHmac } from "node:crypto";
import { Id, isSignedWith, type RotatingKey } from "#kernel";
import { z } from "zod";

const Visit = { share: Id, generation: z.int(), visit: z.string().max(40) };
/** The claims of a ticket: they name the owner of the tree, and nothing a client could choose. */
const Claims = z.discriminatedUnion("kind", [
  /** The bytes of one file, as they were when the ticket was made. */
  z.object({ kind: z.literal("file"), owner: Id, entry: Id, sha256: z.string(), untilMs: z.int() }),
  /** A visit to a share. */
  z.object({ kind: z.literal("visit"), owner: Id, untilMs: z.int(), ...Visit }),
  /** An archive of the owner, or of a visit. */
  z.object({ kind: z.literal("zip"), owner: Id, zip: Id, untilMs: z.int(), visit: z.object(Visit).optional() }),
]);
export type Claims = z.output<typeof Claims>;
export type Visited = Extract<Claims, { kind: "visit" }>;

/** Signs and reads tickets: `<claims>.<HMAC-SHA-256 of them>`, both base64url. */
export interface Tickets {
  readonly write: (claims: Claims) => string;
  /** Undefined where the signature is wrong or the ticket has expired. */
  readonly read: (ticket: string) => Claims | undefined;
}

export function createTickets(key: RotatingKey, now: () => number): Tickets {
  return {
    write(claims: Claims): string {
      const text = Buffer.from(JSON.stringify(claims)).toString("base64url");
      return `${text}.${signature(key.current, text)}`;
    },
    read(ticket: string): Claims | undefined {
      const [text = "", mac = "", ...more] = ticket.split(".");
      if (more.length > 0 || !isSignedWith(key, mac, (value) => signature(value, text))) return undefined;
      const claims = Claims.parse(JSON.parse(Buffer.from(text, "base64url").toString()));
      return claims.untilMs > now() ? claims : undefined;
    },
  };
}

const signature = (secret: string, text: string): string =>
  createHmac("sha256", `drive tickets ${secret}`).update(text).digest("base64url");
