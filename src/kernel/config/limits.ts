import { z } from "zod";
import type { Rate } from "../contract.ts";
import { type HttpLimits, usualLimits as usual, usualRates, usualUploadLimits } from "../http/limits.ts";
import { setting } from "./setting.ts";
import { duration, inMs, namedValues, onOff, size, whole } from "./values.ts";

const minutes = (min: number, max: number) => duration(min, max * inMs.minute);

const rateNames = Object.keys(usualRates) as Rate[]; // By its type.
const ratesText = Object.entries(usualRates)
  .map((pair) => pair.join("="))
  .join();
const rates = namedValues(
  new RegExp(`^(?:${rateNames.join("|")})$`),
  whole(1, 1_000_000),
  `must be a list such as \`read=600,write=50\`, of ${rateNames.join(", ")}`,
);

/** The resources that one client may hold of the public port and of the RPC port, and for how long. */
export const limits = z
  .strictObject({
    headersMs: setting(minutes(100, 10).default(usual.headersMs), {
      env: "KINORA_LIMIT_HEADERS",
      meaning: "Time for the headers of a request, and for a TLS handshake.",
      otherwise: "10s",
    }),
    bodyMs: setting(minutes(100, 60).default(usual.bodyMs), {
      env: "KINORA_LIMIT_BODY",
      meaning: "Time for a body of JSON or a form without a file, and for a gRPC message.",
      otherwise: "30s",
    }),
    bodyBytesMax: setting(size(64 * 2 ** 10, 16 * 2 ** 20).default(usual.bodyBytesMax), {
      env: "KINORA_LIMIT_BODY_SIZE",
      meaning: "Largest such body; without a sign-in it is 64 KiB, for a sign-in 16 KiB.",
      otherwise: "1 MiB",
    }),
    pendingBodyBytesMax: setting(size(2 ** 20).default(usual.pendingBodyBytesMax), {
      env: "KINORA_LIMIT_PENDING_BODIES",
      meaning: "Memory for all such bodies that have not arrived completely; further ones get 503.",
      otherwise: "32 MiB",
    }),
    bytesPerSecondMin: setting(size(0).default(usual.bytesPerSecondMin), {
      env: "KINORA_LIMIT_SPEED",
      meaning: "Least average speed in bytes per second of an upload, and of a client that reads its response.",
      otherwise: "1 KiB",
    }),
    uploadMs: setting(minutes(100, 60).default(usual.uploadMs), {
      env: "KINORA_LIMIT_UPLOAD_WINDOW",
      meaning: "Time over which the speed of an upload is averaged; below the least speed it gets 408.",
      otherwise: "30s",
    }),
    answerMs: setting(minutes(100, 60).default(usual.answerMs), {
      env: "KINORA_LIMIT_RESPONSE_WINDOW",
      meaning: "The same for a client that reads its response; one below the least speed is disconnected.",
      otherwise: "1m",
    }),
    idleMs: setting(minutes(100, 60).default(usual.idleMs), {
      env: "KINORA_LIMIT_IDLE",
      meaning: "How long a connection without a request is kept; longer than a reverse proxy keeps it.",
      otherwise: "65s",
    }),
    lingerMs: setting(minutes(100, 10).default(usual.lingerMs), {
      env: "KINORA_LIMIT_LINGER",
      meaning: "How long a client that goes on sending after its response may read the end of it.",
      otherwise: "5s",
    }),
    socketsMax: setting(whole(10, 1_000_000).default(usual.socketsMax), {
      env: "KINORA_LIMIT_SOCKETS",
      meaning: "Open connections of each port; each needs a file descriptor.",
    }),
    socketsPerAddressMax: setting(whole(1, 1_000_000).default(usual.socketsPerAddressMax), {
      env: "KINORA_LIMIT_SOCKETS_PER_ADDRESS",
      meaning: "Open connections of an IPv4 address or an IPv6 /64, except `KINORA_TRUSTED_PROXIES`.",
    }),
    limitsLoopback: setting(onOff.default(usual.limitsLoopback), {
      env: "KINORA_LIMIT_LOOPBACK",
      meaning: "Whether that holds for loopback addresses; a reverse proxy there carries all clients.",
    }),
    streamsMax: setting(whole(1, 100_000).default(usual.streamsMax), {
      env: "KINORA_LIMIT_STREAMS",
      meaning: "Concurrent requests of an HTTP/2 connection.",
    }),
    resetsMax: setting(whole(1, 100_000).default(usual.resetsMax), {
      env: "KINORA_LIMIT_RESETS",
      meaning: "Requests that an HTTP/2 client may reset in a burst; 33 more each second.",
    }),
    controlFramesMax: setting(whole(1, 100_000).default(usual.controlFramesMax), {
      env: "KINORA_LIMIT_CONTROL_FRAMES",
      meaning: "`PING` and `SETTINGS` frames of an HTTP/2 connection in a second.",
    }),
    openUploads: setting(whole(1, 100_000).default(usualUploadLimits.openMax), {
      env: "KINORA_LIMIT_UPLOADS",
      meaning: "Open uploads of one user, through all upload endpoints together; imports are not counted.",
    }),
    ratePerAddress: setting(rates.default({}), {
      env: "KINORA_LIMIT_RATE_ADDRESS",
      reload: true,
      meaning:
        "Requests per minute of an address without a sign-in, by class: `read=600,write=50`; other classes keep their default.",
      otherwise: ratesText,
    }),
    ratePerAccount: setting(rates.default({}), {
      env: "KINORA_LIMIT_RATE_ACCOUNT",
      reload: true,
      meaning: "The same for an account. A service of the API and each class are counted separately.",
      otherwise: ratesText,
    }),
  } satisfies Record<
    Exclude<keyof HttpLimits, "checkMs"> | "openUploads" | "ratePerAddress" | "ratePerAccount",
    z.ZodType
  >)
  .prefault({});
