import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { queryClient } from "./api/queries.ts";
import { startI18n } from "./i18n/i18n.ts";
import { router } from "./routes.tsx";
import { applyAccent } from "./shell/site.ts";
import { applyTheme } from "./shell/theme.ts";
import "./styles.css";

applyAccent();
applyTheme(window.location.pathname);
await startI18n();

const place = document.querySelector("#root");
if (place === null) throw new Error("index.html has no #root");
createRoot(place).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
);

if (import.meta.env.PROD && "serviceWorker" in navigator) {
  window.addEventListener("load", () => {
    // Without it the app only lacks its offline start: a browser that forbids it loses nothing else.
    navigator.serviceWorker.register("/sw.js").catch(() => undefined);
  });
}
