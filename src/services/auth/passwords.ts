import { availableParallelism } from "node:os";
import { hash, verify } from "@node-rs/argon2";
import { commonPasswords } from "./common-passwords.ts";

/** OWASP's second choice for argon2id: 19 MiB, two passes, one lane (security S3.1). */
const cost = { algorithm: 2, memoryCost: 19 * 1024, timeCost: 2, parallelism: 1 } as const;
const lengthMin = 8;

/** What the web form and every change of password ask for beyond a minimum. */
export function isWeak(password: string, username: string): boolean {
  const folded = password.normalize("NFKC").toLowerCase();
  if ([...folded].length < lengthMin || commonPasswords.has(folded)) return true;
  if (new Set(folded).size <= 2 || isRow(folded)) return true;
  return folded.includes(username.normalize("NFKC").toLowerCase());
}

/** Neighbours all the way, such as 12345678 or hgfedcba. */
function isRow(text: string): boolean {
  const codes = [...text].map((letter) => letter.codePointAt(0) ?? 0);
  const steps = new Set(codes.slice(1).map((code, i) => code - (codes[i] ?? 0)));
  return steps.size === 1 && (steps.has(1) || steps.has(-1));
}

/** As many at once as there are cores: more would only take memory and make everybody wait longer. */
class Gate {
  #free = Math.max(2, availableParallelism());
  readonly #waiting: (() => void)[] = [];

  async through<R>(work: () => Promise<R>): Promise<R> {
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
const gate = new Gate();

export const hashPassword = (password: string): Promise<string> =>
  gate.through(() => hash(password.normalize("NFC"), cost));

let nobody: Promise<string> | undefined;

/** Whether the password is the one of this hash. Without a hash it takes as long and says no, so that names cannot be told apart by time. */
export async function isPassword(password: string, hashed: string | undefined): Promise<boolean> {
  nobody ??= hashPassword("a password nobody has");
  const against = hashed ?? (await nobody);
  const isRight = await gate.through(() => verify(against, password.normalize("NFC")));
  return isRight && hashed !== undefined;
}
