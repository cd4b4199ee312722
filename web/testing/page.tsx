import assert from "node:assert/strict";
import { mock } from "node:test";
import { QueryClientProvider } from "@tanstack/react-query";
import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  RouterProvider,
} from "@tanstack/react-router";
import { act, cleanup, render, type RenderResult } from "@testing-library/react";
import userEvent, { type UserEvent } from "@testing-library/user-event";
import type { ReactNode } from "react";
import { meQuery } from "#base/api/queries.ts";
import { queryClient } from "#base/api/query-client.ts";
import { beginSession, leaveSession, storeRenewal } from "#base/api/session/session.ts";
import type { User } from "#base/api/types.ts";
import { loadTexts, type Part, startI18n } from "#base/i18n/i18n.ts";
import { Toasts } from "#base/ui/toasts/toasts.tsx";

/** The `data` of the answer to a request, or a {@link Refusal}. */
type Answer = (request: { readonly url: URL; readonly body: unknown; readonly headers: Headers }) => unknown;

interface PageOptions {
  /** By method and path, such as `POST /api/v1/users/7/follow`. Any other request fails the test. */
  answers?: Readonly<Record<string, Answer>>;
  /** The viewer; a visitor without one. */
  me?: Partial<User>;
  /** Parts of the texts that the component is loaded with. */
  texts?: readonly Part[];
  path?: string;
}

export interface TestPage extends RenderResult {
  readonly user: UserEvent;
  /** The requests as `POST /api/v1/…`, in order. */
  readonly requests: readonly string[];
}

/** A refusal of the server with this status and code. */
export class Refusal {
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string) {
    this.status = status;
    this.code = code;
  }
}

let started: Promise<void> | undefined;

/** Removes the page before, with its toasts, its session and what it had asked for. */
function removePage(): void {
  for (const close of document.querySelectorAll<HTMLElement>("[data-toast] button[aria-label]"))
    act(() => close.click());
  cleanup();
  leaveSession();
  queryClient.clear();
  mock.restoreAll();
}

/** Renders a component as a page does: with its texts in English, its queries, its router and its toasts. */
export async function showPage(
  component: ReactNode,
  { answers = {}, me, texts = [], path = "/" }: PageOptions = {},
): Promise<TestPage> {
  started ??= startI18n();
  await started;
  await loadTexts("errors", ...texts);
  removePage();
  if (me !== undefined) {
    beginSession();
    storeRenewal({ expires_at: new Date(Date.now() + 600_000).toISOString() }, new Date().toUTCString());
    queryClient.setQueryData(meQuery.queryKey, { id: 1, username: "mira", role: "user", ...me } as User); // Fields a test needs.
  }
  const requests: string[] = [];
  mock.method(globalThis, "fetch", async (input: RequestInfo | URL, init: RequestInit = {}) => {
    const url = new URL(input instanceof Request ? input.url : String(input), location.href);
    const request = `${init.method ?? "GET"} ${url.pathname}`;
    requests.push(request);
    const answer = answers[request];
    assert.ok(answer, `no answer to ${request}`);
    const body: unknown = typeof init.body === "string" ? JSON.parse(init.body) : undefined;
    const data = await answer({ url, body, headers: new Headers(init.headers) });
    return data instanceof Refusal
      ? Response.json({ code: data.status, error: data.code, message: "" }, { status: data.status })
      : Response.json({ code: 0, data });
  });
  const root = createRootRoute();
  const route = createRoute({
    getParentRoute: () => root,
    path: "$",
    component: () => (
      <>
        {component}
        <Toasts isAbove={false} />
      </>
    ),
  });
  const history = createMemoryHistory({ initialEntries: [path] });
  const router = createRouter({ routeTree: root.addChildren([route]), history });
  await router.load();
  const result = render(
    <QueryClientProvider client={queryClient}>
      {/* The routes of the app are not those of a test. */}
      <RouterProvider router={router as never} />
    </QueryClientProvider>,
  );
  return { ...result, user: userEvent.setup(), requests };
}
