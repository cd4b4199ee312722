import { type RefObject, useRef, useState } from "react";

export interface Mention {
  readonly text: string;
  readonly setText: (text: string) => void;
  readonly field: RefObject<HTMLTextAreaElement | null>;
  /** Begins an answer to a user. */
  readonly add: (username: string) => void;
}

/** The text that is being written in a chat; a message's menu adds a name to it. */
export function useMention(): Mention {
  const [text, setText] = useState("");
  const field = useRef<HTMLTextAreaElement>(null);
  const add = (username: string) => {
    setText((before) => (before.includes(`@${username} `) ? before : `@${username} ${before}`));
    requestAnimationFrame(() => field.current?.focus());
  };
  return { text, setText, field, add };
}
