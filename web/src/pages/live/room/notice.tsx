import type { ReactNode } from "react";

interface NoticeProps {
  title: string;
  text?: string;
  /** Above the words, such as a countdown. */
  lead?: ReactNode;
  /** Actions below the words. */
  children?: ReactNode;
}

/** Words in place of the picture of a live room, or over the last one. */
export function Notice({ title, text, lead, children }: NoticeProps) {
  return (
    <div className="absolute inset-0 flex flex-col items-center justify-center gap-2 bg-black/60 px-6 text-center">
      {lead}
      <h2 className="text-xl font-semibold text-balance">{title}</h2>
      {text !== undefined && <p className="max-w-sm text-base text-balance text-white/85">{text}</p>}
      {children !== undefined && <div className="mt-3 flex flex-wrap justify-center gap-3">{children}</div>}
    </div>
  );
}
