import { setTimeout as sleep } from "node:timers/promises";
import { reasonOf } from "../outgoing/configured.ts";
import type { Log } from "../log/port.ts";
import { Loop } from "../process/loop.ts";
import type { Directory, Listener } from "./directory.ts";
import type { Instance, Registration, Registry } from "./port.ts";

interface Parts {
  readonly directory: Directory;
  /** Every service of the installation. */
  readonly services: readonly string[];
  /** The service under whose name another one is found. */
  readonly nameOf: (service: string) => string;
  /** How long a start waits for the first answer. */
  readonly patienceMs: number;
  readonly log: Log;
}

const probeEveryMs = 5_000;
const probeMsMax = 3_000;
const withdrawMsMax = 1_000;

/**
 * A registry that follows a directory. An answer without any instance of a service leaves its last ones in place. They may
 * be what an emptied directory forgot. A call to an address that is out of use fails as one without an address does.
 */
export function createDirectoryRegistry({ directory, services, nameOf, patienceMs, log }: Parts): Registry {
  const instancesOf = new Map<string, readonly Instance[]>();
  const closing = new AbortController();
  const follows = new State("the registry cannot be asked", "the registry answers again", log);
  const registers = new State("this process cannot register", "this process is registered again", log);
  const first = Promise.withResolvers<void>();
  let registered:
    | { readonly registration: Registration; readonly loop: Loop; readonly end: AbortController }
    | undefined;

  const listener: Listener = {
    reportInstances(service, instances) {
      if (instances.length > 0 || !instancesOf.has(service)) instancesOf.set(service, instances);
    },
    confirmAnswer() {
      follows.recordSuccess();
      first.resolve();
    },
  };
  const loop = new Loop(async () => {
    await follow(directory, listener, closing.signal);
    return directory.pollMs;
  }, follows.recordFailure);

  return {
    find: (service) => instancesOf.get(nameOf(service)) ?? [],
    services: () => services,
    async start() {
      loop.wake();
      await Promise.race([first.promise, sleep(patienceMs, undefined, { ref: false })]);
    },
    register(registration) {
      if (!directory.register || registered) return;
      const end = new AbortController();
      const round = async () => directory.register?.(registration, registers.recordSuccess, end.signal);
      registered = { registration, end, loop: new Loop(round, registers.recordFailure) };
      registered.loop.wake();
    },
    async withdraw() {
      if (!registered) return;
      const { registration, end, loop: renewal } = registered;
      registered = undefined;
      end.abort();
      try {
        await renewal.stop();
        await directory.withdraw?.(registration, AbortSignal.timeout(withdrawMsMax));
      } catch (error) {
        log.warn("this process stays registered until its registration expires", { failure: reasonOf(error) });
      }
    },
    away: () => follows.reason ?? registers.reason,
    async close() {
      closing.abort();
      registered?.end.abort();
      await Promise.all([loop.stop(), registered?.loop.stop()]);
    },
  };
}

/** Follows it as long as it answers the questions in between. */
async function follow(directory: Directory, listener: Listener, signal: AbortSignal): Promise<void> {
  if (!directory.probe) return directory.follow(listener, signal);
  const end = new AbortController();
  const either = AbortSignal.any([signal, end.signal]);
  const work = [directory.follow(listener, either), keepProbing(directory, either)];
  try {
    await Promise.race(work);
  } finally {
    end.abort();
    await Promise.allSettled(work);
  }
}

async function keepProbing(directory: Directory, signal: AbortSignal): Promise<never> {
  for (;;) {
    await sleep(probeEveryMs, undefined, { signal, ref: false });
    await directory.probe?.(AbortSignal.any([signal, AbortSignal.timeout(probeMsMax)]));
  }
}

/** The present outcome of an effort that is repeated; its changes are logged. */
class State {
  readonly #failure: string;
  readonly #success: string;
  readonly #log: Log;
  reason: string | undefined;

  constructor(failure: string, success: string, log: Log) {
    this.#failure = failure;
    this.#success = success;
    this.#log = log;
  }

  readonly recordFailure = (error: unknown): void => {
    const failure = reasonOf(error);
    if (this.reason === undefined) this.#log.warn(this.#failure, { failure });
    this.reason = failure;
  };

  readonly recordSuccess = (): void => {
    if (this.reason !== undefined) this.#log.info(this.#success);
    this.reason = undefined;
  };
}
