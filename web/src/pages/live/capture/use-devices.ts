import { useEffect, useState } from "react";

interface Devices {
  readonly cameras: readonly MediaDeviceInfo[];
  readonly microphones: readonly MediaDeviceInfo[];
}

/** The cameras and microphones of this device. They have names only once one of them was permitted. */
export function useDevices(stream: MediaStream | null): Devices {
  const [devices, setDevices] = useState<Devices>({ cameras: [], microphones: [] });
  useEffect(() => {
    // Absent on pages without HTTPS.
    const source = navigator.mediaDevices as MediaDevices | undefined; // As browsers have it there.
    if (source === undefined) return undefined;
    let isOver = false;
    const look = () =>
      source.enumerateDevices().then(
        (all) => {
          const named = all.filter(({ deviceId, label }) => deviceId !== "" && label !== "");
          const ofKind = (kind: MediaDeviceKind) => named.filter((device) => device.kind === kind);
          if (!isOver) setDevices({ cameras: ofKind("videoinput"), microphones: ofKind("audioinput") });
        },
        () => undefined,
      );
    const onChange = () => void look();
    onChange();
    source.addEventListener("devicechange", onChange);
    return () => {
      isOver = true;
      source.removeEventListener("devicechange", onChange);
    };
  }, [stream]);
  return devices;
}
