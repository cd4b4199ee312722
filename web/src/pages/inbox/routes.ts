import { createRoute } from "@tanstack/react-router";
import { idParam } from "#base/route/address.ts";
import { getParentRoute, lazyPage } from "#base/route/root.ts";

const inboxPage = (
  name: "InboxPage" | "RequestsPage" | "NotificationsPage" | "ConversationPage" | "NewConversationPage",
) => lazyPage(() => import("./pages.tsx"), name, "inbox");

const inbox = createRoute({ getParentRoute, path: "/inbox", component: inboxPage("InboxPage") });

const requests = createRoute({
  getParentRoute,
  path: "/inbox/requests",
  component: inboxPage("RequestsPage"),
});

const notifications = createRoute({
  getParentRoute,
  path: "/inbox/notifications",
  component: inboxPage("NotificationsPage"),
});

const conversation = createRoute({
  getParentRoute,
  path: "/inbox/$id",
  params: idParam,
  component: inboxPage("ConversationPage"),
});

const newConversation = createRoute({
  getParentRoute,
  path: "/inbox/to/$username",
  component: inboxPage("NewConversationPage"),
});

export const inboxRoutes = [inbox, requests, notifications, conversation, newConversation] as const;
