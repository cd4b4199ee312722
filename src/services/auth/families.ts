import { BadRegistration, type Family } from "./contract.ts";
import { isName, nameKey } from "./names.ts";

interface Rule {
  readonly isName: (name: string) => boolean;
  /** Characters, at both ends included. */
  readonly password: readonly [min: number, max: number];
}

/** What each compatible API lets people be called at registration there; everywhere else they sign in as what they are. */
const rules: Readonly<Record<Family, Rule>> = {
  resumable: { isName: (name) => /^[A-Za-z0-9_]{3,20}$/.test(name), password: [6, 32] },
  cloudfiles: { isName: (name) => isName(name) && length(name) <= 50, password: [5, 50] },
  douyin: { isName: (name) => isPrintable(name) && length(name) <= 32, password: [5, 32] },
};

const length = (text: string): number => [...text].length;
/** Joiners are part of many letters and pictures; other invisible characters only make two names look like one. */
const unprintable = /[\p{Cc}\p{Co}\p{Cn}\p{Cs}\p{Zl}\p{Zp}]|(?![\u200c\u200d])\p{Cf}/u;
const isPrintable = (name: string): boolean => nameKey(name) !== "" && !unprintable.test(name);

/** A name as it is kept: as it was sent where only plain letters are allowed. */
const kept = (family: Family, name: string): string => (family === "resumable" ? name : name.trim().normalize("NFC"));

/** The name to keep for a registration through one of the compatible APIs. @throws BadRegistration naming the field. */
export function registered(family: Family, username: string, password: string): string {
  const rule = rules[family];
  const name = kept(family, username);
  if (!rule.isName(name)) throw BadRegistration({ field: "username" });
  const [min, max] = rule.password;
  if (length(password) < min || length(password) > max) throw BadRegistration({ field: "password" });
  return name;
}
