/** Receives what happened, in constant words, with what varies as fields. */
export type Say = (message: string, fields?: Readonly<Record<string, unknown>>) => void;
