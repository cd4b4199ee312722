import type { Contract } from "../../contract.ts";
import { type Field, type Message, type Shapes, shapesOf } from "./shape.ts";

/** A field's number and type, such as `3 repeated string`. Numbers are given once and never again. */
type Entry = string;
interface LockedMessage {
  readonly fields: Readonly<Record<string, Entry>>;
  /** Fields that were removed; their numbers stay taken. */
  readonly removed?: Readonly<Record<string, Entry>>;
}
export interface LockedContract {
  readonly methods: Readonly<Record<string, string>>;
  readonly messages: Readonly<Record<string, LockedMessage>>;
}
/** Every contract's numbers, by {@link lockNameOf}: `kinora.video.v1`. */
export type Lock = Readonly<Record<string, LockedContract>>;

type Called = Pick<Contract, "name" | "version" | "proto">;
export const packageOf = ({ name, version, proto }: Called): string =>
  `${proto?.package ?? `kinora.${name}`}.v${version}`;
/** A contract's name in the lock: its package, and its service where several share one. */
export const lockNameOf = ({ name, version, proto }: Called): string =>
  proto ? `${proto.package}.${proto.service}.v${version}` : packageOf({ name, version });

/** The changes that would break callers of the contract as it was, a sentence each. */
export class BreakingChange extends Error {
  constructor(problems: readonly string[]) {
    super(
      `a contract breaks those who use it:\n${problems.map((problem) => `  - ${problem}\n`).join("")}Keep it as it was beside the new one, or raise the contract's version.`,
    );
    this.name = "BreakingChange";
  }
}

/**
 * The lock with numbers for whatever is new in these contracts.
 * @throws BreakingChange when a method, a type or a number is not what it was.
 */
export function extendLock(lock: Lock, contracts: readonly Contract[]): Lock {
  const problems: string[] = [];
  const current = contracts.map((contract) => {
    const name = lockNameOf(contract);
    return [name, extendedContract(name, lock[name], contract, problems)] as const;
  });
  for (const name of Object.keys(lock)) {
    const stem = name.replace(/\d+$/, "");
    const version = (of: string) => Number(of.slice(stem.length));
    const isServed = current.some(([other]) => other.startsWith(stem) && version(other) >= version(name));
    if (!isServed) problems.push(`${name} is gone`);
  }
  if (problems.length > 0) throw new BreakingChange(problems);
  return sortByName({ ...lock, ...Object.fromEntries(current) });
}

function extendedContract(
  name: string,
  locked: LockedContract | undefined,
  contract: Contract,
  problems: string[],
): LockedContract {
  const shapes = shapesOf(contract);
  const methods = Object.fromEntries(
    Object.entries(contract.methods).map(([method, { kind }]) => [method, kind === "stream" ? "stream" : "unary"]),
  );
  for (const [method, kind] of Object.entries(locked?.methods ?? {})) {
    if (methods[method] === undefined) problems.push(`${name}: the method ${method} is gone`);
    else if (methods[method] !== kind)
      problems.push(`${name}: the method ${method} was ${kind} and is ${methods[method]}`);
  }
  const messages = Object.fromEntries(
    shapes.messages.map((message) => [
      message.name,
      extendedMessage(name, locked?.messages[message.name], message, problems),
    ]),
  );
  // A message nobody uses any more keeps its numbers, for the day its name is used again.
  const removedMessages = Object.entries(locked?.messages ?? {})
    .filter(([message]) => messages[message] === undefined)
    .map(([message, { fields, removed }]) => [message, { fields: {}, removed: { ...fields, ...removed } }] as const);
  return { methods, messages: sortByName({ ...messages, ...Object.fromEntries(removedMessages) }) };
}

function extendedMessage(
  where: string,
  locked: LockedMessage | undefined,
  message: Message,
  problems: string[],
): LockedMessage {
  const before = { ...locked?.removed, ...locked?.fields };
  const numbers = Object.values(before).map(numberOf);
  if (new Set(numbers).size !== numbers.length || !numbers.every((n) => Number.isSafeInteger(n) && n > 0))
    problems.push(`${where} ${message.name}: a number of the lock is used twice, or is none`);
  let last = Math.max(0, ...numbers);
  const fields: Record<string, Entry> = {};
  for (const field of message.fields) {
    const was = before[field.name];
    const type = typeText(field);
    if (was === undefined) fields[field.name] = `${++last} ${type}`;
    else {
      fields[field.name] = was;
      if (typeOf(was) !== type)
        problems.push(`${where} ${message.name}.${field.name} was ${typeOf(was)} and is ${type}`);
    }
  }
  const removed = Object.fromEntries(Object.entries(before).filter(([name]) => fields[name] === undefined));
  return { fields: byNumber(fields), ...(Object.keys(removed).length > 0 && { removed: byNumber(removed) }) };
}

/** The type without its presence: whether a field may be absent can change, how its bytes are read cannot. */
export function typeText({ type, label }: Field): string {
  const base = typeof type === "string" ? type : type.name;
  return label === "repeated" ? `repeated ${base}` : base;
}
const numberOf = (entry: Entry): number => Number(entry.split(" ", 1)[0]);
const typeOf = (entry: Entry): string => entry.slice(entry.indexOf(" ") + 1);
const sortByName = <T>(all: Readonly<Record<string, T>>): Record<string, T> =>
  Object.fromEntries(Object.entries(all).toSorted(([a], [b]) => (a < b ? -1 : 1)));
const byNumber = (all: Readonly<Record<string, Entry>>): Record<string, Entry> =>
  Object.fromEntries(Object.entries(all).toSorted(([, a], [, b]) => numberOf(a) - numberOf(b)));

/** The numbers of one contract, and which are never to be used again. */
export interface Numbers {
  of(message: Message, field: Field): number;
  removedNumbers(message: Message): ReadonlyMap<string, number>;
}

/** @throws Error when the lock does not know the contract as it is now: `npm run generate` was forgotten. */
export function createNumbers(lock: Lock, contract: Contract, shapes: Shapes): Numbers {
  const locked = lock[lockNameOf(contract)];
  for (const message of shapes.messages)
    for (const field of message.fields) {
      const entry = locked?.messages[message.name]?.fields[field.name];
      if (entry === undefined || typeOf(entry) !== typeText(field))
        throw new Error(
          `api/contracts.lock.json does not have ${packageOf(contract)} ${message.name}.${field.name} as it is: run npm run generate`,
        );
    }
  return {
    of: (message, field) => numberOf(locked?.messages[message.name]?.fields[field.name] ?? ""),
    removedNumbers: (message) =>
      new Map(
        Object.entries(locked?.messages[message.name]?.removed ?? {}).map(([name, entry]) => [name, numberOf(entry)]),
      ),
  };
}
