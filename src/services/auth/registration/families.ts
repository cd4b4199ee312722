import { BadRegistration, type Family } from "../contract.ts";
import { isName, nameKey } from "../names.ts";

interface Rule {
  readonly isName: (name: string) => boolean;
  /** Characters, at both ends included. */
  readonly password: readonly [min: number, max: number];
}

/** The rules for new names and passwords in each compatible API. Any account can sign in to all of them. */
const rules: Readonly<Record<Family, Rule>> = {
  resumable: { isName: (name) => /^[A-Za-z0-9_]{3,20}$/.test(name), password: [6, 32] },
  cloudfiles: { isName: (name) => isName(name) && length(name) <= 50, password: [5, 50] },
  douyin: { isName: (name) => isPrintable(name) && length(name) <= 32, password: [5, 32] },
};

const length = (text: string): number => [...text].length;
/** Joiners are part of many letters and pictures; other invisible characters only make two names look like one. */
const unprintable = /[\p{Cc}\p{Co}\p{Cn}\p{Cs}\p{Zl}\p{Zp}]|(?![\u200c\u200d])\p{Cf}/u;
const isPrintable = (name: string): boolean => nameKey(name) !== "" && !unprintable.test(name);

/** The name as it is stored; unchanged where only plain letters are allowed. */
const normalizeName = (family: Family, name: string): string =>
  family === "resumable" ? name : name.trim().normalize("NFC");

/** The name to store for a registration through a compatible API. @throws BadRegistration naming the field */
export function nameFor(family: Family, username: string, password: string): string {
  const rule = rules[family];
  const name = normalizeName(family, username);
  if (!rule.isName(name)) throw BadRegistration({ field: "username" });
  const [min, max] = rule.password;
  if (length(password) < min || length(password) > max) throw BadRegistration({ field: "password" });
  return name;
}
