import type { Instance, Registration } from "./port.ts";

/** The receiver of what a followed directory reports. */
export interface Listener {
  /** All instances of a service, now. */
  reportInstances(service: string, instances: readonly Instance[]): void;
  /** Every service was reported, so that the directory answers. */
  confirmAnswer(): void;
}

/** The engine behind a registry: its protocol alone. The registry keeps addresses, and tries again what failed. */
export interface Directory {
  /**
   * Reports the instances of each service and then their changes, until the signal aborts. Polling directories return
   * after one report.
   * @throws when it cannot be asked, or lost the place from where it followed
   */
  follow(listener: Listener, signal: AbortSignal): Promise<void>;
  /** Milliseconds between two reports of a directory that is polled. */
  readonly pollMs?: number;
  /** A small question that shows whether it still answers, for directories that are silent while nothing changes. */
  probe?(signal: AbortSignal): Promise<void>;
  /**
   * Registers the process, calls `confirm`, and keeps it registered until the signal aborts.
   * @throws when it cannot be asked, or has lost the registration
   */
  register?(registration: Registration, confirm: () => void, signal: AbortSignal): Promise<never>;
  withdraw?(registration: Registration, signal: AbortSignal): Promise<void>;
}
