import { plugin, type Tx } from "#kernel";
import { blocklist } from "#policy/blocklist";
import { deletedUsers, erase, userErased } from "#policy/deleted-users";
import { mutes } from "#policy/mutes";
import { contentFlagged } from "#services/moderation/contract";
import { relation } from "#services/relation/contract";
import { user } from "#services/user/contract";
import { video } from "#services/video/contract";
import { live, liveCreated, liveDeleted, liveEnded, liveStarted, liveUpdated } from "./contract.ts";
import { migrations } from "./migrations.ts";
import { roomAccess } from "./rooms/access.ts";
import { roomCreation } from "./rooms/creation.ts";
import { roomLifecycle } from "./rooms/lifecycle.ts";
import { roomLists } from "./rooms/lists.ts";
import { roomPolicy } from "./rooms/posting-policy.ts";
import { roomRemoval } from "./rooms/removal.ts";
import { roomEvents } from "./rooms/room-events.ts";
import { rooms } from "./rooms/rooms.ts";
import { type LiveHost, Settings } from "./settings.ts";
import type { Tables } from "./store.ts";

export const livePlugin = plugin({
  contract: live,
  needs: [video, user, relation],
  migrations,
  copies: [deletedUsers, mutes, blocklist],
  events: [contentFlagged, userErased, liveCreated, liveUpdated, liveStarted, liveEnded, liveDeleted],
  settings: Settings,
  async start(host: LiveHost) {
    const key = await host.secret("unlock");
    const access = roomAccess(host, key);
    const parts = { access, policy: roomPolicy(host), events: roomEvents(host), changed: () => undefined };
    const { own, present, handlers } = rooms(host, parts);
    const create = roomCreation(host, { ...parts, present });
    const lifecycle = roomLifecycle(host, { ...parts, own, present });
    const { remove, removeOf } = roomRemoval(host, { ...parts, endIn: lifecycle.endIn });

    return {
      handlers: {
        create,
        ...handlers,
        ...lifecycle.handlers,
        remove,
        ...roomLists(host, { access, present, key }),
      },
      subscriptions: [erase("live", host.emit, (tx: Tx<Tables>, { userId }) => removeOf(tx, userId))],
    };
  },
});
