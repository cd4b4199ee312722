import { cloudFilesRoutes } from "./cloud-files/routes.ts";
import { douyinRoutes } from "./douyin/routes.ts";
import { driveRoutes } from "./drive.ts";
import { messageRoutes } from "./messages.ts";
import { openWebRoutes } from "./open-web/routes.ts";
import type { RawRoute } from "./raw-route.ts";
import { resumableRoutes } from "./resumable/routes.ts";
import { socketRoutes } from "./websocket.ts";
import { streamRoutes } from "./streams.ts";
import { tusRoutes } from "./uploads/tus-routes.ts";

/** Every raw route there is, for the document, the tables of the documentation and the permission matrix. */
export const rawRoutes: readonly RawRoute[] = [
  ...streamRoutes,
  ...driveRoutes,
  ...messageRoutes,
  ...socketRoutes,
  ...tusRoutes,
  ...resumableRoutes,
  ...cloudFilesRoutes,
  ...douyinRoutes,
  ...openWebRoutes,
];
