import { createHash, createHmac } from "node:crypto";
import type { Handlers, Host } from "#kernel";
import type { RotatingKey } from "#kernel/keys/port";
import type { z } from "zod";
import { type auth, WorkNeeded } from "../contract.ts";
import type { Tables } from "../store.ts";
import { isSame } from "../tokens.ts";
import type { Work } from "./contract.ts";

/** A puzzle is good for so long, and once. */
export const puzzleLifeMs = 10 * 60_000;

/** Proof of work of a sign-up, where administrators ask for it. */
export interface WorkCheck {
  /** @throws WorkNeeded with a new puzzle, also for a solution that was used */
  readonly check: (work: z.output<typeof Work> | undefined, bits: number) => Promise<void>;
  readonly handlers: Pick<Handlers<typeof auth>, "work">;
}

export function createWork(
  { cache, now, random }: Pick<Host<Tables>, "cache" | "now" | "random">,
  key: RotatingKey,
  rules: () => Promise<{ readonly workBits: number }>,
): WorkCheck {
  function newPuzzle(bits: number) {
    const expiresAtMs = now() + puzzleLifeMs;
    const text = `${expiresAtMs}.${bits}.${random(16).toString("base64url")}`;
    return { puzzle: `${text}.${signatureOf(text, key.current)}`, bits, expiresAtMs };
  }

  async function isDone({ puzzle, nonce }: z.output<typeof Work>, bitsMin: number): Promise<boolean> {
    const end = puzzle.lastIndexOf(".");
    const [text, signature] = [puzzle.slice(0, end), puzzle.slice(end + 1)];
    const [expiresAtMs = 0, bits = 0] = text.split(".").map(Number);
    if (!key.valid.some((secret) => isSame(signature, signatureOf(text, secret)))) return false;
    if (expiresAtMs <= now() || bits < bitsMin || !beginsWithZeros(`${puzzle}:${nonce}`, bits)) return false;
    const { value } = await cache.add(`auth:work:${text}`, 1, puzzleLifeMs);
    return value === 1;
  }

  return {
    async check(work, bits) {
      if (bits > 0 && (work === undefined || !(await isDone(work, bits))))
        throw WorkNeeded({ shown: { puzzle: newPuzzle(bits).puzzle, bits } });
    },
    handlers: {
      async work() {
        const { workBits } = await rules();
        return workBits === 0 ? { puzzle: null } : newPuzzle(workBits);
      },
    },
  };
}

const signatureOf = (text: string, secret: string): string =>
  createHmac("sha256", secret).update(`work ${text}`).digest("base64url");

/** True if the SHA-256 of the text begins with so many zero bits. Pure. */
export const beginsWithZeros = (text: string, bits: number): boolean =>
  createHash("sha256").update(text).digest().readUInt32BE() < 2 ** (32 - bits);
