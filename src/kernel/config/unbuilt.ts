import type { Config } from "./schema.ts";

/** A feature that this version does not have, and the name by which it was asked for. */
interface Unbuilt {
  /** Keys of the setting that asks for it. */
  readonly keys: string;
  /** The part that is missing, when the configuration asks for it. */
  asks(config: Config): string | undefined;
}

/** Features that have their place in the design and no code yet. The change that builds one deletes its line. */
export const unbuilt: readonly Unbuilt[] = [
  { keys: "telemetry.otlpEndpoint", asks: (c) => when(c.telemetry.otlpEndpoint !== undefined, "sending traces") },
];

const when = (isAsked: boolean, what: string): string | undefined => (isAsked ? what : undefined);
