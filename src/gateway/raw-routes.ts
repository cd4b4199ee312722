import { cloudFilesRoutes } from "./compat/cloud-files/routes.ts";
import { douyinRoutes } from "./compat/douyin/routes.ts";
import { driveRoutes } from "./delivery/drive.ts";
import { exportRoutes } from "./export/export.ts";
import { instanceRoutes } from "./delivery/instance-icons.ts";
import { messageRoutes } from "./delivery/message-attachments.ts";
import { liveFlvRoutes } from "./live/flv.ts";
import { liveHlsRoutes } from "./live/hls.ts";
import { liveRoomRoutes } from "./live/room/routes.ts";
import { liveWebrtcRoutes } from "./live/webrtc.ts";
import { keySetRoutes } from "./identity/key-set.ts";
import { providerRoutes } from "./identity/provider-routes.ts";
import { mailRoutes } from "./mail-links.ts";
import { openWebRoutes } from "./open-web/routes.ts";
import type { RawRoute } from "./raw-route.ts";
import { runnerRoutes } from "./uploads/runner-files.ts";
import { resumableRoutes } from "./compat/resumable/routes.ts";
import { socketRoutes } from "./realtime/websocket.ts";
import { streamRoutes } from "./delivery/streams.ts";
import { tusRoutes } from "./uploads/tus-routes.ts";

/** Every raw route there is, for the document, the tables of the documentation and the permission matrix. */
export const rawRoutes: readonly RawRoute[] = [
  ...streamRoutes,
  ...driveRoutes,
  ...messageRoutes,
  ...exportRoutes,
  ...instanceRoutes,
  ...mailRoutes,
  ...keySetRoutes,
  ...providerRoutes,
  ...socketRoutes,
  ...liveHlsRoutes,
  ...liveRoomRoutes,
  ...liveFlvRoutes,
  ...liveWebrtcRoutes,
  ...tusRoutes,
  ...runnerRoutes,
  ...resumableRoutes,
  ...cloudFilesRoutes,
  ...douyinRoutes,
  ...openWebRoutes,
];
