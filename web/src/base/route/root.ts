import { createRootRoute, lazyRouteComponent } from "@tanstack/react-router";
import { loadTexts, type Part } from "#base/i18n/i18n.ts";

/** The root of all routes; the app gives it the frame of every page. */
export const root = createRootRoute();

/** The parent of a route of a page. */
export const getParentRoute = () => root;

/** A page that is loaded when it is opened, with the texts of its parts. */
export const lazyPage = <Page extends Record<string, unknown>, Name extends keyof Page>(
  load: () => Promise<Page>,
  name: Name,
  ...parts: Part[]
) =>
  lazyRouteComponent(async () => {
    const [page] = await Promise.all([load(), loadTexts(...parts)]);
    return page;
  }, name);
