import { createRoute } from "@tanstack/react-router";
import { type FeedName, feedQuery } from "#base/api/queries.ts";
import { queryClient } from "#base/api/query-client.ts";
import { getParentRoute } from "#base/route/root.ts";
import { loadEngine } from "#parts/player/engine/engine.ts";
import { FeedPage } from "./feed-page.tsx";

/** A tab of the feed: its page, and what sets out with it. */
export const feedPage = (name: FeedName) => ({
  // Feed and player set out together with the page; nobody waits for either here, the page draws its own waiting.
  loader: () => {
    void loadEngine();
    // Visitors have none of their own, and who looks is not known yet.
    if (name !== "following") void queryClient.prefetchInfiniteQuery(feedQuery(name));
  },
  component: () => <FeedPage name={name} />,
});

const forYou = createRoute({ getParentRoute, path: "/for-you", ...feedPage("for-you") });

const following = createRoute({ getParentRoute, path: "/following", ...feedPage("following") });

const hot = createRoute({ getParentRoute, path: "/hot", ...feedPage("hot") });

export const feedRoutes = [forYou, following, hot] as const;
