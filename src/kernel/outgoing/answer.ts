import type { IncomingMessage } from "node:http";
import type { Patience } from "./patience.ts";
import type { OutgoingAnswer, OutgoingRequest } from "./port.ts";
import { isOfTypes } from "./target.ts";

const withoutBody = new Set([204, 304]);

/**
 * An answer within the limits of what was asked, its body unread; `failed` turns a failure of the body into the error
 * that its reader gets. @throws Error where the head already breaks a limit.
 */
export function createAnswer(
  url: URL,
  response: IncomingMessage,
  { method, types, bytesMax }: OutgoingRequest,
  patience: Patience,
  failed: (error: unknown) => Error,
): OutgoingAnswer {
  const { statusCode: status = 0, headers } = response;
  const hasBody = method !== "HEAD" && !withoutBody.has(status);
  const contentType = headers["content-type"]?.split(";")[0]?.trim().toLowerCase();
  const announced = headers["content-length"];
  const lengthBytes = announced === undefined ? undefined : Number(announced);
  if ((headers["content-encoding"] ?? "identity") !== "identity") throw new Error("packed, though asked not to be");
  if (lengthBytes !== undefined && hasBody && lengthBytes > bytesMax)
    throw new Error("more was announced than is taken");
  if (types && hasBody && !isOfTypes(contentType, types)) throw new Error("of a type that is not taken");
  const close = () => {
    patience.end();
    response.destroy();
  };
  return {
    url: url.href,
    status,
    contentType,
    lengthBytes,
    etag: headers.etag,
    contentRange: headers["content-range"],
    body: bodyOf(response, bytesMax, patience, failed, close),
    [Symbol.dispose]: close,
  };
}

async function* bodyOf(
  response: IncomingMessage,
  bytesMax: number,
  patience: Patience,
  failed: (error: unknown) => Error,
  close: () => void,
): AsyncGenerator<Uint8Array> {
  let received = 0;
  try {
    const chunks: AsyncIterator<Buffer> = response[Symbol.asyncIterator]();
    for (;;) {
      const { done, value } = await patience.with(chunks.next());
      if (done === true) break;
      received += value.length;
      if (received > bytesMax) throw new Error("more came than is taken");
      yield value;
    }
    if (!response.complete) throw new Error("it is not whole");
  } catch (error) {
    throw failed(error);
  } finally {
    close();
  }
}
