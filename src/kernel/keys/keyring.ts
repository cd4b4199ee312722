import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import type { Db } from "../db/port.ts";
import type { KernelTables } from "../db/tables.ts";
import type { Log } from "../log/port.ts";
import type { RotatingKey } from "./port.ts";
import type { Sealing } from "./sealing.ts";
import * as store from "./store.ts";

/** The keys of a database are sealed with a secret that this process does not have. */
export class SealedElsewhere extends Error {
  constructor(key: string) {
    super(
      `the key ${key} in the database is sealed with another cluster secret: set KINORA_CLUSTER_SECRET to that of this installation (the file secrets/cluster in the data folder of its first process), or make new keys with npm run keys -- renew, which signs everybody out`,
    );
    this.name = "SealedElsewhere";
  }
}

/** A rotated key begins to sign after every process has read it. */
export const rotationDelayMs = 60_000;
const readEveryMs = rotationDelayMs / 4;

interface Parts {
  readonly db: Db<KernelTables>;
  readonly service: string;
  readonly sealing: Sealing;
  readonly log: Log;
}

interface Value {
  readonly text: string;
  /** On the monotonic clock of this process, so that no clock of a machine decides. */
  readonly startsAt: number;
}

/** The keys of one service: rows of its database, which each process reads again now and then. */
export class Keyring {
  readonly #parts: Parts;
  /** The latest of each key first. */
  #values: ReadonlyMap<string, readonly Value[]> = new Map();
  #timer: NodeJS.Timeout | undefined;

  private constructor(parts: Parts) {
    this.#parts = parts;
  }

  /**
   * The keyring with these keys, which are made at their first use. Processes that start at the same moment get the same.
   * @throws SealedElsewhere
   */
  static async open(parts: Parts, names: readonly string[]): Promise<Keyring> {
    const keyring = new Keyring(parts);
    if (names.length === 0) return keyring;
    await keyring.read();
    const missing = names.filter((name) => !keyring.#values.has(name));
    for (const name of missing) await store.insert(parts.db, newKey(parts, name, 0));
    if (missing.length > 0) await keyring.read();
    const readAgain = () =>
      keyring.read().catch((error: unknown) => parts.log.warn("keys could not be read again", { err: error }));
    keyring.#timer = setInterval(() => void readAgain(), readEveryMs).unref();
    return keyring;
  }

  /** A key that was opened. Its values are read at each use, because they change. */
  key(name: string): RotatingKey {
    const values = () => this.#values.get(name) ?? [];
    assert.ok(values().length > 0, `${this.#parts.service} declares no key ${name}`);
    return {
      get current() {
        return currentOf(values()).text;
      },
      get valid() {
        const current = currentOf(values());
        return [current.text, ...values().flatMap((value) => (value === current ? [] : value.text))];
      },
    };
  }

  /** Reads the rows again. @throws SealedElsewhere */
  async read(): Promise<void> {
    const { db, service, sealing } = this.#parts;
    const at = performance.now();
    const rows = (await store.list(db)).map(({ name, startsAtMs, startsInMs, sealed }) => {
      const text = sealing.open(sealed, placeOf(service, name, startsAtMs));
      if (text === undefined) throw new SealedElsewhere(`${service}.${name}`);
      return { name, text, startsAt: at + startsInMs };
    });
    this.#values = Map.groupBy(rows, ({ name }) => name);
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}

/** The latest value that has begun. */
function currentOf(values: readonly Value[]): Value {
  const now = performance.now();
  const current = values.find(({ startsAt }) => startsAt <= now) ?? values.at(-1);
  assert.ok(current);
  return current;
}

const placeOf = (service: string, name: string, startsAtMs: number): string => `${service}.keys ${name} ${startsAtMs}`;

/** False for a row that was sealed with a secret which this process does not have. */
export const isOpenable = (
  { service, sealing }: Pick<Parts, "service" | "sealing">,
  { name, startsAtMs, sealed }: store.KeyRow,
): boolean => sealing.open(sealed, placeOf(service, name, startsAtMs)) !== undefined;

/** The value of a row, sealed with the first secret. @throws SealedElsewhere */
export function sealAnew(
  { service, sealing }: Pick<Parts, "service" | "sealing">,
  { name, startsAtMs, sealed }: store.KeyRow,
): string {
  const place = placeOf(service, name, startsAtMs);
  const text = sealing.open(sealed, place);
  if (text === undefined) throw new SealedElsewhere(`${service}.${name}`);
  return sealing.seal(text, place);
}

/** The row of a new value, which begins at an instant of the database's clock. */
export const newKey = (
  { service, sealing }: Pick<Parts, "service" | "sealing">,
  name: string,
  startsAtMs: number,
): Omit<store.KeyRow, "startsInMs"> => ({
  name,
  startsAtMs,
  sealed: sealing.seal(randomBytes(32).toString("base64url"), placeOf(service, name, startsAtMs)),
});
