import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { act, waitFor } from "@testing-library/react";
import { applyUpdate } from "#base/frame/updates.ts";
import { showPage } from "#testing/page.tsx";
import { Notifications } from "./notifications.tsx";

const welcome = {
  group_id: "1",
  id: 1,
  kind: "welcome",
  sender: null,
  senders: [],
  sender_count: 0,
  alert: null,
  title: "",
  content: "",
  cover: null,
  video_id: null,
  comment_id: null,
  live_id: null,
  created_at: new Date().toISOString(),
};

const update = {
  seq: 2,
  type: "notifications",
  item_id: null,
  conversation_id: null,
  message: null,
  notification: null,
  created_at: welcome.created_at,
} as const;

describe("the list of notifications", () => {
  it("leads from an alert to the security of the account, and names the client", async () => {
    const agent = "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0";
    const alert = { ...welcome, kind: "alerted", alert: "new_device", content: agent, is_read: true };
    const { findByRole } = await showPage(<Notifications />, {
      me: {},
      texts: ["inbox"],
      answers: { "GET /api/v1/notifications": () => ({ list: [alert], next_cursor: null }) },
    });
    const link = await findByRole("link", { name: /Log-in from a new device.*Firefox · Linux/ });
    assert.equal(link.getAttribute("href"), "/settings/security");
  });

  it("marks new ones until it is opened again, although showing them reads them", async () => {
    let isRead = false;
    const { findByText, queryAllByText, requests } = await showPage(<Notifications />, {
      me: {},
      texts: ["inbox"],
      answers: {
        "GET /api/v1/notifications": () => ({ list: [{ ...welcome, is_read: isRead }], next_cursor: null }),
        "PUT /api/v1/notifications/read-all": () => {
          isRead = true;
          return { count: 1 };
        },
      },
    });
    await findByText("New");
    await waitFor(() => assert.ok(requests.includes("PUT /api/v1/notifications/read-all")));
    const unread = { message_count: 0, request_count: 0, notification_count: 0 };
    await act(async () => applyUpdate({ ...update, unread }, 1));
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal(queryAllByText("New").length, 1);
    assert.equal(requests.filter((request) => request === "GET /api/v1/notifications").length, 1);
  });
});
