import assert from "node:assert/strict";

type Scope = Readonly<Record<string, unknown>>;

/**
 * Renders the templates of our chart. They use four forms of Go templates: `.a.b`, `index .a "b" | default N`, `if .a` and
 * `if eq .a "b"`. Any other form is an error.
 */
export function renderTemplate(template: string, scope: Scope): string {
  const open: boolean[] = [];
  let output = "";
  for (const part of template.split(/(\{\{.*?\}\})/)) {
    const [, action] = /^\{\{-? ?(.*?) ?\}\}$/.exec(part) ?? [];
    if (part.startsWith("{{-")) output = output.trimEnd();
    if (action === undefined) {
      if (!open.includes(false)) output += part;
    } else if (action === "end") assert.notEqual(open.pop(), undefined, "an end without a beginning");
    else if (action.startsWith("if ")) open.push(isTrue(action.slice("if ".length), scope));
    else if (!open.includes(false)) output += String(valueOf(action, scope));
  }
  return output;
}

function isTrue(condition: string, scope: Scope): boolean {
  const [, path, text] = /^eq (\S+) (".*")$/.exec(condition) ?? [];
  if (path === undefined || text === undefined) return Boolean(at(condition, scope));
  return at(path, scope) === JSON.parse(text);
}

function valueOf(action: string, scope: Scope): unknown {
  const [, path, key, otherwise] = /^index (\S+) (".*") \| default (\d+)$/.exec(action) ?? [];
  if (path === undefined || key === undefined) return at(action, scope);
  const map = at(path, scope) as Scope; // As the chart has it.
  return map[JSON.parse(key) as string] ?? otherwise;
}

function at(path: string, scope: Scope): unknown {
  assert.match(path, /^(\.[A-Za-z]+)+$/, `not a form that the chart uses: ${path}`);
  const names = path.slice(1).split(".");
  const value = names.reduce<unknown>((node, name) => (node as Scope | undefined)?.[name], scope); // They are nested maps.
  assert.notEqual(value, undefined, `there is no value ${path}`);
  return value;
}
