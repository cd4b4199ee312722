import { useEffect, useEffectEvent, useState } from "react";

/** The values at the last `max` stamps, the oldest first; each stamp is another moment, and 0 is none. */
export function useHistory<Value>(value: Value, stamp: number, max: number): readonly Value[] {
  const [values, setValues] = useState<readonly Value[]>([]);
  const note = useEffectEvent(() => setValues((before) => [...before, value].slice(-max)));
  useEffect(() => {
    if (stamp > 0) note();
  }, [stamp]);
  return values;
}
