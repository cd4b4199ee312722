export interface Instance {
  readonly service: string;
  readonly host: string;
  readonly port: number;
}

/**
 * The services, and the instances that run them, as far as they are known. A look-up waits for nothing: while the registry
 * is away, its last answers are used.
 */
export interface Registry {
  /** The instances known right now; empty where none is. */
  find(service: string): readonly Instance[];
  /** Every service this registry knows, also those without an instance. */
  services(): readonly string[];
  /** Begins to follow changes. It settles after the first answer, or after a few seconds without one. */
  start(): Promise<void>;
  /** Why it cannot be asked now; undefined while it answers. */
  away(): string | undefined;
  close(): Promise<void>;
}
