import { z } from "zod";

/** The description of a setting for operators, beside its schema. */
export interface About {
  readonly env: `KINORA_${string}`;
  readonly flag?: `--${string}`;
  /** One sentence, for the help and the documentation. */
  readonly meaning: string;
  /** The default in words, where the value does not say it. */
  readonly otherwise?: string;
  /** Never shown, and also read from the file that `<env>_FILE` names. */
  readonly secret?: true;
  /** Relative to the working directory, absolute once loaded; a program may also be a bare name, looked up on PATH. */
  readonly path?: "file" | "program";
  /** A change in the remote configuration is applied by running processes. */
  readonly reload?: true;
  /** Rows that the documentation writes as one, under this name. */
  readonly row?: string;
}

const abouts = z.registry<About>();

/** A schema that can be set from the file, the environment and, with `flag`, the command line. */
export function setting<T extends z.ZodType>(schema: T, about: About): T {
  abouts.add(schema, about);
  return schema;
}

/** One setting, found by walking a schema. */
export interface Setting extends About {
  /** Its keys in the file and in the loaded configuration, such as `["server", "port"]`. */
  readonly keys: readonly string[];
  readonly schema: z.ZodType;
}

/** Every setting below a schema, in its order. A leaf that says nothing about itself is a mistake of ours. */
export function settingsIn(schema: z.ZodType, at: readonly string[] = []): Setting[] {
  const about = abouts.get(schema);
  if (about !== undefined) return [{ ...about, keys: at, schema }];
  const inner = schema instanceof z.ZodPrefault ? schema.unwrap() : schema;
  if (!(inner instanceof z.ZodObject)) throw new TypeError(`the setting ${at.join(".")} has no description`);
  const shape = Object.entries<z.ZodType>(inner.shape);
  return shape.flatMap(([key, part]) => settingsIn(part, [...at, key]));
}
