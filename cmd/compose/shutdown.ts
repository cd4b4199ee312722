import type { Log } from "../../src/kernel/log/port.ts";
import { exitProcess } from "../../src/kernel/process/process-exit.ts";

/** One Ctrl-C arrives two or three times: from the terminal, npm and the launcher (reliability D10). */
const echoMs = 1_000;

type Step = () => unknown;

/**
 * Collects what a stop has to do. A signal first drains the process for a while: it serves on, and is not ready any more.
 * Then it does the rest in order, within the time it has, and ends with 0.
 */
export interface Shutdown {
  /** True if the stop has begun: it ends the process, and no other code should. */
  readonly isUnderWay: boolean;
  /** As soon as a signal came, before the delay. */
  readonly draining: (step: () => void) => void;
  /** Closes what a failed start has opened, as a stop does; the caller ends the process. */
  readonly release: () => Promise<void>;
  /** Before everything else: stop accepting. */
  readonly first: (step: Step) => void;
  /** After everything that was registered later: what others stand on. */
  readonly last: (step: Step) => void;
  /** Ends the process when something it cannot live without ends by itself. */
  readonly when: (ended: Promise<unknown>, reason: string) => void;
}

interface Times {
  /** Between a signal and the first step. */
  readonly delayMs: number;
  /** For all steps together. */
  readonly stopMsMax: number;
  /** The exit code after a stop that was asked for; 0 unless it is given. */
  readonly exitCode?: () => number;
}

export function createShutdown(log: Log, { delayMs, stopMsMax, exitCode = () => 0 }: Times): Shutdown {
  const drainSteps: (() => void)[] = [];
  const firsts: Step[] = [];
  const lasts: Step[] = [];
  let stoppingSince: number | undefined;
  const delayIsOver = Promise.withResolvers<void>();
  let isDraining = false;

  const drain = async () => {
    isDraining = true;
    for (const step of drainSteps) step();
    log.info("draining", { durationMs: delayMs });
    setTimeout(delayIsOver.resolve, delayMs);
    await delayIsOver.promise;
    isDraining = false;
  };
  const runSteps = async () => {
    stoppingSince ??= performance.now();
    setTimeout(() => {
      log.warn("did not stop in time");
      exitProcess(1);
    }, stopMsMax);
    // A start that is still under way may register more while this runs.
    for (let step = firsts.shift() ?? lasts.pop(); step !== undefined; step = firsts.shift() ?? lasts.pop()) {
      try {
        await step();
      } catch (error) {
        log.warn("a step of the stop failed", { err: error });
      }
    }
  };
  const stop = async (reason: string, code: number, isAsked = false) => {
    stoppingSince = performance.now();
    // Before it serves, nobody has to notice.
    if (isAsked && delayMs > 0 && drainSteps.length > 0) await drain();
    log.info("stopping", { reason });
    await runSteps();
    log.info("stopped");
    exitProcess(isAsked ? exitCode() : code);
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
    process.on(signal, () => {
      if (stoppingSince === undefined) void stop(signal, 0, true);
      else if (performance.now() - stoppingSince <= echoMs) return;
      else if (isDraining) delayIsOver.resolve();
      else exitProcess(1);
    });
  for (const event of ["uncaughtException", "unhandledRejection"] as const)
    process.on(event, (error: unknown) => {
      // Work that is under way may fail during a stop: no second signal asked for a quicker end.
      if (stoppingSince !== undefined) return log.warn("an error during the stop", { err: error });
      log.error("the process cannot go on", { err: error });
      void stop(event, 1);
    });
  return {
    get isUnderWay() {
      return stoppingSince !== undefined;
    },
    draining: (step) => void drainSteps.push(step),
    release: runSteps,
    first: (step: Step) => void firsts.push(step),
    last: (step: Step) => void lasts.push(step),
    when: (ended: Promise<unknown>, reason: string) =>
      void ended.then(() => {
        if (stoppingSince !== undefined) return;
        log.error("the process cannot go on", { reason });
        void stop(reason, 1);
      }),
  };
}
