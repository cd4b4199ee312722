export interface Instance {
  readonly service: string;
  readonly host: string;
  readonly port: number;
  /** Its share of calls beside the other instances, 100 where the registry says nothing; 0 takes none while others are there. */
  readonly weight?: number;
  readonly version?: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** A process as it registers: it runs these services, and answers their calls at this address. */
export interface Registration {
  readonly services: readonly string[];
  readonly host: string;
  readonly port: number;
  readonly weight: number;
  readonly version: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** The URL that answers 200 while the process is ready, for registries that check it themselves. */
  readonly healthUrl: string;
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
  /** Begins to follow changes. It settles after the first answer, or after a while without one: see {@link away}. */
  start(): Promise<void>;
  /** Makes the process known, and again whenever the registry has lost it; nothing where the registry is a given list. */
  register(registration: Registration): void;
  /** Ends the registration. It settles when the registry has confirmed it, or after a second. */
  withdraw(): Promise<void>;
  /** Why it cannot be asked now, or does not take this process; undefined while it does. */
  away(): string | undefined;
  /** Follows and registers no longer. A registration that was not withdrawn expires by itself. */
  close(): Promise<void>;
}

/** `host:port`, with an IPv6 address in brackets. */
export const addressOf = ({ host, port }: Pick<Instance, "host" | "port">): string =>
  `${host.includes(":") ? `[${host}]` : host}:${port}`;

/** The weight of an instance of which the registry says nothing else. */
export const usualWeight = 100;
