export type Strength = "none" | "short" | "weak" | "fair" | "strong";

const common = /^(?:password|passw0rd|qwerty|azerty|letmein|welcome|iloveyou|admin|abc|123)/i;

/**
 * A rough word about a password, while it is typed; the server decides. Length counts most, variety a little;
 * repetitions, runs, the user's own name and what everybody takes count against it. Pure.
 */
export function passwordStrength(password: string, username: string): Strength {
  const length = Array.from(password).length;
  if (length === 0) return "none";
  if (length < 8) return "short";
  const name = username.trim().toLowerCase();
  const isNamed = name.length >= 3 && password.toLowerCase().includes(name);
  const distinct = new Set(password.toLowerCase()).size;
  if (isNamed || distinct < 5 || (common.test(password) && length < 14) || isRun(password)) return "weak";
  const kinds = [/\p{Ll}/u, /\p{Lu}/u, /\p{N}/u, /[^\p{L}\p{N}]/u].filter((kind) => kind.test(password)).length;
  const score = length + kinds * 2 + Math.min(distinct, 12) / 2;
  return score >= 22 ? "strong" : score >= 16 ? "fair" : "weak";
}

/** `12345678`, `abcdefgh`, `87654321`. */
function isRun(password: string): boolean {
  const codes = Array.from(password).map((letter) => letter.codePointAt(0) ?? 0);
  const steps = codes.slice(1).map((code, index) => code - (codes[index] ?? 0));
  return steps.every((step) => step === 1) || steps.every((step) => step === -1);
}
