/** One thing that was looked at. */
export interface Finding {
  readonly name: string;
  /** `warn` works with less; `missing` stops Kinora or the named feature from working. */
  readonly state: "ok" | "warn" | "missing";
  /** The finding, in plain words. */
  readonly says: string;
  /** The remedy; empty when nothing is to be done. */
  readonly mend: string;
}

export const ok = (name: string, says: string): Finding => ({ name, state: "ok", says, mend: "" });
export const warn = (name: string, says: string, mend: string): Finding => ({ name, state: "warn", says, mend });
export const missing = (name: string, says: string, mend: string): Finding => ({ name, state: "missing", says, mend });
