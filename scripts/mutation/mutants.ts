import { type Node, parseSync } from "oxc-parser";

/** A change of a source file which a test should notice. Offsets are UTF-16 code units. */
export interface Mutant {
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
  /** From 1. */
  readonly line: number;
  readonly kind: string;
}

type Change = Omit<Mutant, "line">;

const operators: Readonly<Record<string, readonly string[]>> = {
  "===": ["!=="],
  "!==": ["==="],
  "<": ["<=", ">="],
  "<=": ["<", ">"],
  ">": [">=", "<="],
  ">=": [">", "<"],
  "+": ["-"],
  "-": ["+"],
  "*": ["/"],
  "/": ["*"],
  "%": ["*"],
  "&&": ["||"],
  "||": ["&&"],
  "??": ["&&"],
};
const methods: Readonly<Record<string, string>> = {
  some: "every",
  every: "some",
  min: "max",
  max: "min",
  startsWith: "endsWith",
  endsWith: "startsWith",
};
/** Calls whose absence changes no behaviour. */
const silent = /^(?:await )?(?:\w+\.)*(?:log|metrics?|counter|histogram)\b/;

/**
 * The mutants of a TypeScript source, in their order: the operators of Stryker, without its strings, whose mutants are
 * mostly column names and texts. Pure.
 */
export function mutantsOf(source: string): Mutant[] {
  const changes: Change[] = [];
  const visit = (node: Node, isTest = false): void => {
    if (!isTest || !isDecided(node)) changes.push(...changesOf(node, source));
    for (const child of childrenOf(node)) visit(child, "test" in node && child === node.test);
  };
  visit(parseSync("source.ts", source).program);
  const distinct = new Map(changes.map((change) => [`${change.start}:${change.end}:${change.replacement}`, change]));
  return [...distinct.values()]
    .toSorted((a, b) => a.start - b.start || a.end - b.end)
    .map((change) => ({ ...change, line: source.slice(0, change.start).split("\n").length }));
}

/** True for a condition whose opposite fails with `true` or `false` as well. */
const isDecided = (node: Node): boolean =>
  (node.type === "BinaryExpression" && /^[!=]==$/.test(node.operator)) ||
  (node.type === "UnaryExpression" && node.operator === "!");

/** The source with one change. */
export const applyMutant = (
  source: string,
  { start, end, replacement }: Pick<Mutant, "start" | "end" | "replacement">,
) => source.slice(0, start) + replacement + source.slice(end);

/** Types are erased before the code runs, so that only the expressions of TypeScript's own nodes count. */
function childrenOf(node: Node): Node[] {
  if (node.type.startsWith("TS")) return "expression" in node && isNode(node.expression) ? [node.expression] : [];
  return Object.values(node)
    .flat()
    .filter(isNode)
    .filter(({ type }) => !type.startsWith("TSType"));
}

const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && "type" in value && "start" in value;

function changesOf(node: Node, source: string): Change[] {
  const whole = (kind: string, replacement: string, { start, end }: Node = node): Change => ({
    start,
    end,
    replacement,
    kind,
  });
  switch (node.type) {
    case "BinaryExpression":
    case "LogicalExpression":
      return operatorChanges(node, source);
    case "IfStatement":
    case "ConditionalExpression":
      return ["true", "false"].map((value) => whole("condition", value, node.test));
    case "UnaryExpression":
      return node.operator === "!" ? [whole("negation", source.slice(node.argument.start, node.argument.end))] : [];
    case "Literal":
      return typeof node.value === "boolean" ? [whole("boolean", String(!node.value))] : [];
    case "FunctionDeclaration":
    case "FunctionExpression":
    case "ArrowFunctionExpression":
      return node.body?.type === "BlockStatement" && node.body.body.length > 0 ? [whole("body", "{}", node.body)] : [];
    case "ExpressionStatement":
      return /^(?:Await|Call|Assignment|Update)Expression$/.test(node.expression.type) &&
        !silent.test(source.slice(node.start, node.end))
        ? [whole("statement", ";")]
        : [];
    case "ThrowStatement":
      return [whole("throw", ";")];
    case "CallExpression":
      return methodChanges(node, source);
    default:
      return [];
  }
}

function operatorChanges(
  node: Extract<Node, { type: "BinaryExpression" | "LogicalExpression" }>,
  source: string,
): Change[] {
  const { operator } = node;
  const isText = [node.left, node.right].some(
    (side) => side.type === "TemplateLiteral" || (side.type === "Literal" && typeof side.value === "string"),
  );
  if (operator === "+" && isText) return [];
  const start = source.indexOf(operator, node.left.end);
  return (operators[operator] ?? []).map((replacement) => ({
    start,
    end: start + operator.length,
    replacement,
    kind: "operator",
  }));
}

function methodChanges({ callee, start, end }: Extract<Node, { type: "CallExpression" }>, source: string): Change[] {
  if (callee.type !== "MemberExpression" || callee.property.type !== "Identifier") return [];
  const { name } = callee.property;
  const other = methods[name];
  if (other !== undefined)
    return [{ start: callee.property.start, end: callee.property.end, replacement: other, kind: "method" }];
  const isDropped = name === "filter" || name === "toSorted";
  return isDropped
    ? [{ start, end, replacement: source.slice(callee.object.start, callee.object.end), kind: "method" }]
    : [];
}
