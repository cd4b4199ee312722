export interface Instance {
  readonly service: string;
  readonly host: string;
  readonly port: number;
}

/** The services, and the instances that run them. */
export interface Registry {
  /** The instances known right now; empty where none is. */
  find(service: string): readonly Instance[];
  /** Every service this registry knows. */
  services(): readonly string[];
}
