import { createHash, timingSafeEqual } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { Log } from "../log/port.ts";
import { ConfigError } from "../config-error.ts";
import { strongSecret } from "./values.ts";

/** The file is read again after this time, when a token is compared. */
const readEveryMs = 5_000;

/** A token in a file, which may change while the process runs. A file that is wrong leaves the token before valid. */
export class TokenFile {
  readonly #path: string;
  readonly #log: Log;
  #digest: Buffer;
  #readAtMs = performance.now();
  #fault: string | undefined;

  private constructor(path: string, log: Log, token: string) {
    this.#path = path;
    this.#log = log;
    this.#digest = digestOf(token);
  }

  /** @throws ConfigError where the file holds no strong token */
  static async open(setting: string, path: string, log: Log): Promise<TokenFile> {
    const token = await readToken(path);
    if ("fault" in token) throw new ConfigError([{ where: setting, says: token.fault }]);
    return new TokenFile(path, log, token.text);
  }

  /** True if this is the token, in constant time. */
  async matches(text: string): Promise<boolean> {
    if (performance.now() - this.#readAtMs >= readEveryMs) await this.read();
    return timingSafeEqual(digestOf(text), this.#digest);
  }

  /** Reads the file again. */
  async read(): Promise<void> {
    this.#readAtMs = performance.now();
    const token = await readToken(this.#path);
    if ("text" in token) this.#digest = digestOf(token.text);
    else if (token.fault !== this.#fault)
      this.#log.error("a token cannot be read again: the one before stays valid", {
        file: this.#path,
        reason: token.fault,
      });
    this.#fault = "fault" in token ? token.fault : undefined;
  }
}

async function readToken(path: string): Promise<{ readonly text: string } | { readonly fault: string }> {
  const text = await readFile(path, "utf8").catch(() => undefined);
  if (text === undefined) return { fault: `the file ${path} cannot be read` };
  const { success, error } = strongSecret.safeParse(text.trim());
  return success ? { text: text.trim() } : { fault: `the token in ${path} ${error.issues[0]?.message}` };
}

const digestOf = (text: string): Buffer => createHash("sha256").update(text).digest();
