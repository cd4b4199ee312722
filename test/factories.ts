import { type ArrowFunctionExpression, type Expression, type Function as FunctionNode, parseSync } from "oxc-parser";

type FunctionLike = FunctionNode | ArrowFunctionExpression;

/** Types of what a factory works with: the host of a service, a database, a port, or the parts that its caller passes. */
const dependency = /\b(?:\w*(?:Host|Parts)|Db|Cache|ClientOf|Admission|BlobStores?|Log|Config)\b/;
/** Verbs of functions that return functions and are no factory: they begin, open or wrap something. */
const otherVerbs = /^(?:open|start|reach|lock|subscribe|supervise|keep|with)(?![a-z])/;

/**
 * Exported factories that are not named `createX`, as `path:line: name`. A factory takes what it works with, and returns
 * a function or an object with functions. Pure.
 */
export function misnamedFactories(path: string, text: string): string[] {
  return exportedFunctions(text)
    .filter(({ name }) => !/^create[A-Z]/.test(name) && !otherVerbs.test(name))
    .filter(({ made }) => made.params.some(({ start, end }) => dependency.test(text.slice(start, end))))
    .filter(({ made }) => returnsFunctions(made))
    .map(({ name, made }) => `${path}:${text.slice(0, made.start).split("\n").length}: ${name}`);
}

interface ExportedFunction {
  readonly name: string;
  readonly made: FunctionLike;
}
function exportedFunctions(text: string): ExportedFunction[] {
  const { body } = parseSync("source.ts", text).program;
  return body.flatMap((statement): ExportedFunction[] => {
    const declaration = statement.type === "ExportNamedDeclaration" ? statement.declaration : null;
    if (declaration?.type === "FunctionDeclaration") return [{ name: declaration.id?.name ?? "", made: declaration }];
    if (declaration?.type !== "VariableDeclaration") return [];
    return declaration.declarations.flatMap(({ id, init }) =>
      id.type === "Identifier" && init?.type === "ArrowFunctionExpression" ? [{ name: id.name, made: init }] : [],
    );
  });
}

function returnsFunctions({ body }: FunctionLike): boolean {
  if (body === null) return false;
  if (body.type !== "BlockStatement") return isFunctional(body, new Set());
  const inner = new Set(
    body.body.flatMap((statement) => (statement.type === "FunctionDeclaration" ? [statement.id?.name] : [])),
  );
  return body.body.some(
    (statement) =>
      statement.type === "ReturnStatement" && statement.argument && isFunctional(statement.argument, inner),
  );
}

/** `inner`: functions that a shorthand member may name. */
function isFunctional(value: Expression, inner: ReadonlySet<string | undefined>): boolean {
  if (value.type === "ParenthesizedExpression") return isFunctional(value.expression, inner);
  if (value.type === "ArrowFunctionExpression" || value.type === "FunctionExpression") return true;
  if (value.type === "Identifier") return inner.has(value.name);
  if (value.type !== "ObjectExpression") return false;
  return value.properties.some((member) => member.type === "Property" && isFunctional(member.value, inner));
}
