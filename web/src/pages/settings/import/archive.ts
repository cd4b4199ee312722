import { readZip, type ZipEntry } from "./zip.ts";

/** The format that an export names, and the latest version of it that is read here. */
const format = "kinora-account";
const versionMax = 1;
/** A longer list of an account is no list of an export. */
const jsonBytesMax = 64 * 1_024 * 1_024;

export type ArchiveFault = "foreign" | "newer" | "damaged";

export class BadArchive extends Error {
  readonly fault: ArchiveFault;
  constructor(fault: ArchiveFault) {
    super(fault);
    this.fault = fault;
  }
}

export type Fields = Readonly<Record<string, unknown>>;

/** The export of an account: its lists as they were written. Nothing of it is believed before it is looked at. */
export interface AccountArchive {
  readonly username: string;
  readonly site: string;
  readonly madeAt: string;
  readonly files: ReadonlyMap<string, ZipEntry>;
  /** The object of a file such as `profile.json`; empty where there is none. */
  object(name: string): Promise<Fields>;
  /** The rows of a file such as `videos.json`; none where there is no such file. */
  rows(name: string): Promise<readonly Fields[]>;
}

/** @throws BadZip, BadArchive */
export async function openArchive(file: Blob): Promise<AccountArchive> {
  const files = await readZip(file);
  const parse = async (name: string): Promise<unknown> => {
    const entry = files.get(name);
    if (!entry) return undefined;
    if (entry.sizeBytes > jsonBytesMax) throw new BadArchive("damaged");
    const text = await (await entry.open()).text();
    try {
      return JSON.parse(text);
    } catch {
      throw new BadArchive("damaged");
    }
  };
  const manifest = await parse("export.json");
  if (!isFields(manifest) || manifest["format"] !== format) throw new BadArchive("foreign");
  const version = manifest["version"];
  if (typeof version !== "number" || !Number.isInteger(version) || version < 1) throw new BadArchive("foreign");
  if (version > versionMax) throw new BadArchive("newer");
  return {
    username: textOf(manifest["username"], 50),
    site: textOf(manifest["site"], 300),
    madeAt: textOf(manifest["made_at"], 40),
    files,
    async object(name) {
      const value = (await parse(name)) ?? {};
      if (!isFields(value)) throw new BadArchive("damaged");
      return value;
    },
    async rows(name) {
      const value = (await parse(name)) ?? [];
      if (!Array.isArray(value) || !value.every(isFields)) throw new BadArchive("damaged");
      return value;
    },
  };
}

export const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A text of at most so many characters; empty for anything else. Pure. */
export const textOf = (value: unknown, max: number): string => (typeof value === "string" ? value.slice(0, max) : "");

/** The fields of these names that are of a type. Pure. */
export const pick = <Name extends string, Type extends "string" | "boolean" | "number">(
  fields: Fields,
  names: readonly Name[],
  type: Type,
): Partial<Record<Name, Type extends "string" ? string : Type extends "boolean" ? boolean : number>> =>
  Object.fromEntries(names.flatMap((name) => (typeof fields[name] === type ? [[name, fields[name]]] : []))) as Partial<
    Record<Name, Type extends "string" ? string : Type extends "boolean" ? boolean : number>
  >; // By the filter.
