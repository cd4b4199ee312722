import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { startTransition, StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { queryClient } from "#base/api/query-client.ts";
import { applyAccent } from "#base/api/site.ts";
import { applyTheme } from "#base/frame/theme.ts";
import { loadTexts, startI18n } from "#base/i18n/i18n.ts";
import { router } from "./routes.tsx";
import "./styles.css";

applyAccent();
applyTheme(window.location.pathname);
await Promise.all([startI18n(), styleSheet()]);

const place = document.querySelector("#root");
if (place === null) throw new Error("index.html has no #root");
const root = createRoot(place);
// As a transition the first rendering is in slices, between which the browser paints and listens.
startTransition(() =>
  root.render(
    <StrictMode>
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </StrictMode>,
  ),
);
void loadTexts("errors");

if (import.meta.env.PROD && "serviceWorker" in navigator) {
  const startWorker = () =>
    void import("#base/worker/registration.ts").then((module) =>
      module.startWorker((path) => router.history.push(path)),
    );
  if (document.readyState === "complete") startWorker();
  else window.addEventListener("load", startWorker);
}

/** Settles when the style sheet that `early/boot.js` asked for is there, or will not come. */
async function styleSheet(): Promise<void> {
  const link = document.querySelector<HTMLLinkElement>("link[rel=stylesheet]");
  if (link === null || link.sheet !== null) return;
  await new Promise((settle) => {
    link.addEventListener("load", settle);
    link.addEventListener("error", settle);
  });
}
