export interface Instance {
  readonly service: string;
  readonly host: string;
  readonly port: number;
}

/** Who serves what, and where. */
export interface Registry {
  /** The instances known right now; empty where none is. */
  find(service: string): readonly Instance[];
  /** Every service this registry knows. */
  services(): readonly string[];
}
