import { LocalFanout } from "./local.ts";
import { fanoutConformance } from "./conformance.ts";
import { type PeerFanout, createPeerFanout } from "./peers.ts";

const nothing = async () => undefined;

fanoutConformance("in one process", () => {
  const one = new LocalFanout();
  return { fanouts: [one, one], settled: nothing };
});

fanoutConformance("between peers, of whom each is its own peer too, and one cannot be reached", () => {
  const all: PeerFanout[] = [];
  const make = (): PeerFanout =>
    createPeerFanout((delivery) => [
      Promise.reject(new Error("unreachable")),
      ...all.map(async (peer) => {
        await nothing();
        peer.deliver(delivery);
      }),
    ]);
  const [left, right] = [make(), make()];
  all.push(left, right);
  return { fanouts: [left, right], settled: nothing };
});
