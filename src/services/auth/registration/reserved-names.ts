import { nameKey } from "../names.ts";

/** Names that pass for the operator, staff or the program itself, in the languages of the interface. */
const reservedWords = [
  "abuse admin admins administration administrator adm helpdesk hostmaster kinora moderation moderator moderators mods",
  "noreply nobody official postmaster root security staff support sysadmin sysop superuser system webmaster",
  "管理员 管理員 官方 客服 版主 系统 系統 站长 站長",
].flatMap((line) => line.split(" "));

const separators = /[\p{P}\p{S}\p{Zs}_]/gu;
/** The lookalikes of letters in most fonts, besides the letters that {@link nameKey} folds (Unicode UTS #39). */
const lookalikes: readonly (readonly [RegExp, string])[] = [
  [/@/g, "a"],
  [/\$/g, "s"],
  [separators, ""],
  [/rn/g, "m"],
  [/vv/g, "w"],
  [/3/g, "e"],
  [/4/g, "a"],
  [/5/g, "s"],
  [/7/g, "t"],
];

/**
 * Equal for names that a reader takes for one another: as {@link nameKey}, and without separators and accents. Coarser
 * than the key that makes names unique, so it is compared with few names alone. Pure.
 */
export function impersonationKey(name: string): string {
  const plain = name.normalize("NFKD").replaceAll(/\p{M}/gu, "");
  return lookalikes.reduce((text, [look, letter]) => text.replaceAll(look, letter), nameKey(plain));
}

const reservedKeys = new Set(reservedWords.map(impersonationKey));

/** True if a name is reserved, or only a sequence of reserved words, such as `kinora-support`. Pure. */
export function isReservedName(name: string): boolean {
  const key = impersonationKey(name);
  // True at each length for which the beginning consists of reserved words.
  const isMade = [true];
  for (let end = 1; end <= key.length; end++)
    isMade[end] = isMade.some((isSo, from) => isSo && from < end && reservedKeys.has(key.slice(from, end)));
  return key !== "" && isMade[key.length] === true;
}

/** True if a reader would take a name for one of these. Pure. */
export const isTakenFor = (name: string, otherNames: readonly string[]): boolean => {
  const key = impersonationKey(name);
  return key !== "" && otherNames.some((otherName) => impersonationKey(otherName) === key);
};
