/** Fields of messages may be changed, by their types; nobody does. */
type Message<T> = T extends readonly (infer E)[]
  ? Message<E>[]
  : T extends object
    ? { -readonly [K in keyof T]: Message<T[K]> }
    : T;
export const message = <T>(value: T): Message<T> => value as Message<T>;
