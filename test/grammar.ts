import { type BindingPattern, type ParamPattern, type PropertyKey, parseSync, Visitor } from "oxc-parser";
import type { Refused } from "./prose.ts";

/** Words that begin no sentence of a comment: its subject comes first. */
const openings = /^(?:Who|Whom|Whose|What|Where|Whether|Which|Of|That)\b/;
const wordsMax = 25;
/** Comments for tools. */
const directives = /^(?:biome-ignore|oxlint-|@ts-|v8 ignore|\/ <reference|!|#)/;

/** Pronouns and participles that name nothing as a variable or parameter. */
const bareNames = new Set(["own", "others", "left", "known", "found", "asked", "taken", "rest", "one"]);
/** Participles that do not end in "ed". */
const irregular = new Set(
  (
    "begun bound bought brought built caught chosen done drawn driven fallen felt forgotten found given gone " +
    "grown heard held hidden kept known laid left lost made met paid proven said seen sent shown sold spent " +
    "stolen stood taken taught thought thrown told understood wanted won written"
  ).split(" "),
);
/** Words that end like a participle and are none. */
const notParticiples = new Set("bed bleed embed exceed feed need proceed red seed shed speed succeed".split(" "));
/** Words that are refused in names only, because sentences need them. */
const refusedInNames: readonly Refused[] = [{ word: "gone", instead: "deleted, closed, expired or absent" }];

/**
 * The faults of grammar in the comments and names of a source file, as `path:line: what is wrong`. Tests and their
 * fixtures may use short names, as a test is read in one go. `refused` is the glossary's list.
 */
export function grammarFaults(path: string, text: string, refused: readonly Refused[]): string[] {
  const isTest = /\.test\.tsx?$|(?:^|[/-])(?:testing|conformance)\.tsx?$|^test\//.test(path);
  const { program, comments } = parseSync(path, text);
  const faults = sentencesOf(comments, text).flatMap(({ at, text: sentence }) =>
    faultsOfSentence(sentence).map((what) => ({ at, what })),
  );
  for (const { at, text: name, kind } of declarationsIn(program))
    for (const what of faultsOfName(name, kind, refused, isTest)) faults.push({ at, what });
  return faults.toSorted((a, b) => a.at - b.at).map(({ at, what }) => `${path}:${lineAt(text, at)}: ${what}`);
}

function faultsOfSentence(sentence: string): string[] {
  const words = sentence.split(" ").filter((word) => /\w/.test(word)).length;
  return [
    ...(openings.test(sentence) ? [`a sentence begins with its subject: "${sentence}"`] : []),
    ...(words > wordsMax ? [`a sentence has at most ${wordsMax} words, this one ${words}: "${sentence}"`] : []),
  ];
}

type Kind = "value" | "function";

function faultsOfName(name: string, kind: Kind, refused: readonly Refused[], isTest: boolean): string[] {
  const words = name.split(/(?<=[a-z\d])(?=[A-Z])|[_$]/).join(" ");
  const isRecordVerb = kind === "function" && /^note(?![a-z])/.test(name);
  const faults = [...refused, ...refusedInNames]
    .filter(({ word }) => new RegExp(`(?:^| )${word}(?: |$)`, "i").test(words))
    .map(({ word, instead }) => `"${word}" in the name "${name}" is refused: ${instead}`);
  if (isRecordVerb) faults.push(`"note" in the name "${name}" is refused: record, store`);
  if (isTest) return faults;
  if (bareNames.has(name)) faults.push(`the name "${name}" names nothing: take a noun for the rows, value or account`);
  else if (kind === "function" && isParticiple(name))
    faults.push(`the function "${name}" is named by a participle alone: take a verb and its object`);
  return faults;
}

const isParticiple = (name: string): boolean =>
  irregular.has(name) || (/^[a-z]{2,}ed$/.test(name) && !notParticiples.has(name));

const lineAt = (text: string, index: number): number => text.slice(0, index).split("\n").length;

interface Place {
  readonly at: number;
  readonly text: string;
}

/** The sentences of all comments, without code in backticks or indented. Lines of `//` in succession are one comment. */
function sentencesOf(comments: ReturnType<typeof parseSync>["comments"], text: string): Place[] {
  const whole: { at: number; end: number; text: string; isAlone: boolean }[] = [];
  for (const { type, value, start, end } of comments) {
    if (directives.test(value.trim())) continue;
    const last = whole.at(-1);
    const isNext = last?.isAlone === true && /^\n[ \t]*$/.test(text.slice(last.end, start));
    if (type === "Line" && last !== undefined && isNext) {
      last.text += `\n${value}`;
      last.end = end;
    } else {
      const before = text.slice(text.lastIndexOf("\n", start - 1) + 1, start);
      whole.push({ at: start, end, text: value, isAlone: type === "Line" && before.trim() === "" });
    }
  }
  return whole.flatMap(({ at, text: comment }) =>
    comment
      .replaceAll(/^\s*\*/gm, "")
      .replaceAll(/^ {3,}.*$/gm, "")
      .replaceAll(/`[^`]*`/g, "…")
      .split(/(?<=[.!?:;])\s+|\n\s*(?:-|\d+\.)\s|\n\s*\n|@\w+\s/)
      .map((sentence) => ({
        at,
        text: sentence
          .replaceAll(/\s+/g, " ")
          .replace(/^ ?(?:(?:-|\d+\.) )?/, "")
          .trimEnd(),
      })),
  );
}

/** The names that a program gives to variables, parameters, functions and methods. */
function declarationsIn(program: ReturnType<typeof parseSync>["program"]): (Place & { readonly kind: Kind })[] {
  const names: (Place & { readonly kind: Kind })[] = [];
  const add = (kind: Kind, node: BindingPattern | PropertyKey | ParamPattern | null): void => {
    if (node === null) return;
    if (node.type === "Identifier" || node.type === "PrivateIdentifier")
      names.push({ at: node.start, text: node.name, kind });
    if (node.type === "ObjectPattern")
      for (const property of node.properties)
        add(kind, property.type === "RestElement" ? property.argument : property.value);
    if (node.type === "ArrayPattern")
      for (const element of node.elements) add(kind, element?.type === "RestElement" ? element.argument : element);
    if (node.type === "AssignmentPattern") add(kind, node.left);
    if (node.type === "RestElement") add(kind, node.argument);
  };
  const isFunction = (node: { readonly type: string } | null): boolean =>
    node?.type === "ArrowFunctionExpression" || node?.type === "FunctionExpression";
  const addParameters = ({ params }: { readonly params: ParamPattern[] }): void => {
    for (const parameter of params) add("value", parameter);
  };
  new Visitor({
    VariableDeclarator: ({ id, init }) => add(isFunction(init) ? "function" : "value", id),
    CatchClause: ({ param }) => add("value", param),
    FunctionDeclaration(node) {
      add("function", node.id);
      addParameters(node);
    },
    FunctionExpression: addParameters,
    ArrowFunctionExpression: addParameters,
    MethodDefinition: ({ key, kind }) => add(kind === "get" || kind === "set" ? "value" : "function", key),
    PropertyDefinition: ({ key, value }) => add(isFunction(value) ? "function" : "value", key),
    TSMethodSignature: ({ key }) => add("function", key),
    Property: ({ key, method }) => method && add("function", key),
  }).visit(program);
  return names;
}
