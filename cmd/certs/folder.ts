import { randomBytes, X509Certificate } from "node:crypto";
import { mkdir, open, readdir, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import type { KeyPair } from "../../src/kernel/certificates/authority.ts";

/** One certificate of the folder. */
export interface Issued {
  readonly name: string;
  readonly certificate: X509Certificate;
}

/**
 * The files of an authority: `ca.pem` and `ca-key.pem`, and for each certificate a folder with its name that can be copied
 * to its machine: `cert.pem`, `key.pem` and `ca.pem`. Keys are readable for their owner alone.
 */
export class AuthorityFolder {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  /** Undefined before `init`. */
  async authority(): Promise<KeyPair | undefined> {
    const cert = await textOf(join(this.#path, "ca.pem"));
    const key = await textOf(join(this.#path, "ca-key.pem"));
    return cert === undefined || key === undefined ? undefined : { cert, key };
  }

  async hasAuthority(): Promise<boolean> {
    return (await textOf(join(this.#path, "ca.pem"))) !== undefined;
  }

  async writeAuthority({ cert, key }: KeyPair): Promise<void> {
    await mkdir(this.#path, { recursive: true, mode: 0o700 });
    await replace(join(this.#path, "ca-key.pem"), key, 0o600);
    await replace(join(this.#path, "ca.pem"), cert, 0o644);
  }

  async certificate(name: string): Promise<X509Certificate | undefined> {
    const cert = await textOf(join(this.#path, name, "cert.pem"));
    return cert === undefined ? undefined : new X509Certificate(cert);
  }

  /** All certificates, by name. */
  async certificates(): Promise<Issued[]> {
    const entries = await readdir(this.#path, { withFileTypes: true }).catch(() => []);
    const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
    const issued: Issued[] = [];
    for (const name of names.toSorted()) {
      const certificate = await this.certificate(name);
      if (certificate) issued.push({ name, certificate });
    }
    return issued;
  }

  async write(name: string, { cert, key }: KeyPair, authority: string): Promise<void> {
    const folder = join(this.#path, name);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await replace(join(folder, "key.pem"), key, 0o600);
    await replace(join(folder, "cert.pem"), cert, 0o644);
    await replace(join(folder, "ca.pem"), authority, 0o644);
  }
}

/** Whole or not at all: a running process reads its files every few seconds. */
async function replace(path: string, text: string, mode: number): Promise<void> {
  const draft = `${path}.${randomBytes(4).toString("hex")}`;
  {
    await using file = await open(draft, "wx", mode);
    await file.writeFile(text);
    await file.sync();
  }
  await rename(draft, path);
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}
