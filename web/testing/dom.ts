import { readFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import { GlobalRegistrator } from "@happy-dom/global-registrator";
import { transformSync } from "rolldown/utils";

/*
 * Component tests run in Node, with a document of happy-dom and without a browser. This module is loaded before them: it
 * makes JavaScript of `.tsx` files and gives the process the globals of a page. `fetch` fails unless a test answers it.
 */

registerHooks({
  // Libraries have a form of their own for servers, which Node takes without this condition.
  resolve: (specifier, context, nextResolve) =>
    nextResolve(specifier, { ...context, conditions: ["browser", ...context.conditions] }),
  load(url, context, nextLoad) {
    if (!url.startsWith("file:") || extname(new URL(url).pathname) !== ".tsx") return nextLoad(url, context);
    const path = fileURLToPath(url);
    const { code, errors } = transformSync(path, readFileSync(path, "utf8"), { jsx: { runtime: "automatic" } });
    if (errors.length > 0) throw new SyntaxError(`${path}: ${errors.map(({ message }) => message).join("; ")}`);
    return { format: "module", source: code, shortCircuit: true };
  },
});

GlobalRegistrator.register({ url: "http://kinora.test/", width: 1280, height: 800 });
// React says with it that a test waits for what it renders.
Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });
/** Answers that are on their way when the last test ends still change the page within this time. */
const answersMs = 50;

/** Ends the timers of the page, such as those of toasts: they would keep the process alive. */
export async function closePage(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, answersMs));
  await GlobalRegistrator.unregister();
}
