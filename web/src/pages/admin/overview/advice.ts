import type { Advice } from "#base/api/types.ts";

type Texts = Readonly<Record<string, string>>;

/** Advice in words: what happens, why, and what its button is called. */
export interface AdviceText {
  readonly title: string;
  readonly why: string;
  readonly action: string;
}

const componentNames: Texts = { ffmpeg: "FFmpeg", postgresql: "PostgreSQL", node: "Node.js", kinora: "Kinora" };
/** Names of components as they write themselves; those of services as they are. */
export const displayName = (name: string): string => componentNames[name] ?? name;

/**
 * The words of advice. A code without words, as a newer server may send, gets a general sentence that names it. A count of
 * one has words of its own where they differ.
 */
export function adviceText({ code, values }: Pick<Advice, "code" | "values">, texts: Texts): AdviceText {
  const textCode = texts[`advice.${code}.title`] === undefined ? "unknown" : code;
  const number = values.count ?? values.days;
  const fillText = (part: "title" | "why" | "action") => {
    const plain = `advice.${textCode}.${part}`;
    const text = (number === 1 ? texts[`${plain}.one`] : undefined) ?? texts[plain] ?? "";
    return text.replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => {
      if (name === "code") return code;
      if (name === "name") return displayName(values.name ?? "");
      return name === "count" || name === "days" || name === "hours" ? String(values[name] ?? 0) : "";
    });
  };
  return { title: fillText("title"), why: fillText("why"), action: fillText("action") };
}

/** The state of the instance in one sentence: whether all answers, and how many things an administrator must see to. */
export function summaryOf(advice: readonly Pick<Advice, "code" | "severity">[]): {
  readonly isRunning: boolean;
  readonly attention: number;
} {
  return {
    isRunning: !advice.some(({ code }) => code === "service.away"),
    attention: advice.filter(({ severity }) => severity !== "info").length,
  };
}
