import { AsyncLocalStorage } from "node:async_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import type { Reader, Tx } from "../transaction.ts";
import { ClaimLost, KeyReused } from "../../errors.ts";
import * as store from "./idempotency-store.ts";
import type { KernelTables } from "../tables.ts";

/** A command that runs under a claim. */
interface Running {
  readonly db: object;
  readonly claim: store.Claim;
  isAnswered: boolean;
}
const running = new AsyncLocalStorage<Running>();

interface Attempt {
  readonly db: Reader<KernelTables>;
  readonly key: store.CommandKey;
  /** Distinguishes request bodies. */
  readonly bodyHash: string;
  /** Names this process; stable over restarts. */
  readonly owner: string;
  /** Ends the wait for another process that runs the same command. */
  readonly signal: AbortSignal;
  /** Running it again changes nothing more and gives the same answer. */
  readonly isRepeatable: boolean;
  /** Called between the command and the storing of its answer. */
  readonly done: () => Promise<void>;
}

/** How often a repeat looks whether the first attempt has been answered: soon at first, then less and less often. */
const lookAgainMs = { first: 20, last: 500 };

/**
 * The first answer under a key, kept for 24 h and given again (reliability R3). The key is claimed with a lease. A command
 * that may not run twice stores its answer in its own transaction (`Db.answer`); the answer of any other is stored at the
 * end. Nothing is open between these, so a command that asks another service holds no connection meanwhile. A repeat after
 * a crash is given the answer, or runs the command again where that has changed nothing, or changes nothing more.
 *
 * @throws KeyReused where the key belongs to another request.
 */
export async function runOnce(attempt: Attempt, run: () => Promise<object>): Promise<object> {
  const { db, key, bodyHash, owner, signal } = attempt;
  for (let pauseMs = lookAgainMs.first; ; pauseMs = Math.min(pauseMs * 2, lookAgainMs.last)) {
    const outcome = await store.claim(db, key, bodyHash, owner);
    if (outcome.kind === "reused") throw KeyReused({});
    if (outcome.kind === "answered") return outcome.answer;
    if (outcome.kind === "claimed") return runClaimed(attempt, outcome.claim, run);
    await sleep(pauseMs, undefined, { signal });
  }
}

async function runClaimed(attempt: Attempt, claim: store.Claim, run: () => Promise<object>): Promise<object> {
  const { db, isRepeatable, done } = attempt;
  const command: Running = { db, claim, isAnswered: false };
  // A renewal that fails costs the lease at worst; the transaction with the answer looks at it itself.
  const renewal = setInterval(() => void store.renew(db, claim).catch(() => undefined), store.claimMs / 3).unref();
  try {
    const answer = await running.run(command, run);
    await done();
    if (command.isAnswered) return answer;
    await store.storeAnswer(db, claim, answer, isRepeatable);
    return answer;
  } catch (error) {
    clearInterval(renewal);
    // A stored answer stays: the change it describes is committed.
    await store.release(db, claim).catch(() => undefined);
    throw error;
  } finally {
    clearInterval(renewal);
  }
}

/** The claim of the command of this database under way, if it has one that is not answered yet. */
function commandOf(db: object): Running | undefined {
  const command = running.getStore();
  return command?.db === db && !command.isAnswered ? command : undefined;
}

/**
 * Stores the answer of the command under way, if it has a key, in the transaction that makes it true.
 * @throws ClaimLost where another process has claimed the command since; the transaction must not be committed then.
 */
export async function storeAnswer(db: object, tx: Tx<KernelTables>, answer: object): Promise<void> {
  const command = commandOf(db);
  if (command && !(await store.storeAnswerWith(tx, command.claim, answer))) throw ClaimLost({});
}

/** The transaction with the answer was committed. */
export function markAnswered(db: object): void {
  const command = commandOf(db);
  if (command) command.isAnswered = true;
}
