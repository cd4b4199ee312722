import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { waitFor, within } from "@testing-library/react";
import type { ChainDetails } from "#base/api/types.ts";
import { showPage } from "#testing/page.tsx";
import { ChainsPage } from "./chains-page.tsx";

describe("the page of chains", () => {
  it("shows blocks, agreement and each endpoint by its host, and warns of one that is trusted alone", async () => {
    const { findByRole, getByRole, getByText } = await show([
      chainOf({}),
      chainOf({
        chain_id: 2,
        name: "Other",
        state: "down",
        fault: "disagreement",
        agree: 1,
        block: null,
        block_age_seconds: null,
        estimate_seconds: null,
        endpoints: [{ ...endpoint, host: "lone.example", fault: "stale", requests: 8 }],
      }),
    ]);
    await findByRole("heading", { name: "Ethereum" });
    assert.ok(getByText("21,000,000") && getByText("768 s") && getByText("2 of 2") && getByText("Up"));
    const list = within(getByRole("list", { name: "Endpoints of Ethereum" }));
    assert.ok(list.getByText("one.example") && list.getByText("Requests 1,200 · errors 3 · 85 ms"));
    assert.ok(getByText("Down") && getByText("Endpoints differ") && getByText("Its latest block is too old"));
    assert.ok(getByText(/^One endpoint is trusted alone here/));
  });

  it("says how chains are configured while there is none", async () => {
    const { findByText } = await show([]);
    await findByText("No chains yet");
  });

  it("is for administrators alone", async () => {
    const { findByText } = await showPage(<ChainsPage />, {
      me: { role: "moderator" },
      texts: ["admin"],
      answers: { "GET /api/v1/admin/chains": () => assert.fail("it is not asked") },
    });
    await waitFor(() => findByText(/not found/i));
  });
});

const endpoint = { host: "one.example", fault: null, requests: 1_200, errors: 3, latency: 84.6, asked_at: null };

const chainOf = (parts: Partial<ChainDetails>): ChainDetails => ({
  chain_id: 1,
  namespace: "eip155",
  name: "Ethereum",
  state: "up",
  since: new Date().toISOString(),
  block: 21_000_000,
  grant: "finalized",
  grant_block: 20_999_936,
  estimate_seconds: 768,
  agree: 2,
  endpoints: [endpoint, { ...endpoint, host: "two.example", requests: 7 }],
  fault: null,
  block_age_seconds: 9,
  block_age_seconds_max: 120,
  ...parts,
});

const show = (chains: readonly ChainDetails[]) =>
  showPage(<ChainsPage />, {
    me: { role: "admin" },
    texts: ["admin"],
    answers: { "GET /api/v1/admin/chains": () => ({ list: chains }) },
  });
