import { availableParallelism } from "node:os";
import { hash, verify } from "@node-rs/argon2";
import { commonPasswords } from "./common-passwords.ts";

/** OWASP's second choice for argon2id: 19 MiB, two passes, one lane (security S3.1). */
const cost = { algorithm: 2, memoryCost: 19 * 1024, timeCost: 2, parallelism: 1 } as const;
const lengthMin = 8;

/** True if the web form and changes of passwords refuse the password. */
export function isWeak(password: string, username: string): boolean {
  const folded = password.normalize("NFKC").toLowerCase();
  if ([...folded].length < lengthMin || commonPasswords.has(folded)) return true;
  if (new Set(folded).size <= 2 || isSequence(folded)) return true;
  return folded.includes(username.normalize("NFKC").toLowerCase());
}

/** Consecutive characters, such as 12345678 or hgfedcba. */
function isSequence(text: string): boolean {
  const codes = [...text].map((letter) => letter.codePointAt(0) ?? 0);
  const steps = new Set(codes.slice(1).map((code, i) => code - (codes[i] ?? 0)));
  return steps.size === 1 && (steps.has(1) || steps.has(-1));
}

/** Runs as many hashes concurrently as there are cores: more would only take memory. */
class Semaphore {
  #free = Math.max(2, availableParallelism());
  readonly #waiting: (() => void)[] = [];

  async run<R>(work: () => Promise<R>): Promise<R> {
    if (this.#free === 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#free -= 1;
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free += 1;
    }
  }
}
const hashing = new Semaphore();

export const hashPassword = (password: string): Promise<string> =>
  hashing.run(() => hash(password.normalize("NFC"), cost));

let dummyHash: Promise<string> | undefined;

/**
 * True if the password has this hash. Without a hash it returns false after the same time, so that timing does not
 * reveal which names exist.
 */
export async function isPassword(password: string, hashed: string | null | undefined): Promise<boolean> {
  dummyHash ??= hashPassword("a password nobody has");
  const against = hashed ?? (await dummyHash);
  const matches = await hashing.run(() => verify(against, password.normalize("NFC")));
  return matches && hashed !== undefined && hashed !== null;
}
