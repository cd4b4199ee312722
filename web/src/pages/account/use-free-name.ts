import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { keyOf } from "#base/api/keys.ts";
import { ask } from "#base/api/request/client.ts";
import { asFailure } from "#base/api/request/failure.ts";

const settleMs = 400;
const nameMin = 3;

/** True for a free user name; undefined while it is typed, if it is too short, or without an answer. */
export function useFreeName(name: string): boolean | undefined {
  const [settled, setSettled] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => setSettled(name.trim()), settleMs);
    return () => clearTimeout(timer);
  }, [name]);
  const isAsked = settled.length >= nameMin && settled === name.trim();
  const { data } = useQuery({
    queryKey: keyOf("free-name", settled),
    queryFn: async ({ signal }) => {
      try {
        await ask("user.byName", { path: { username: settled }, signal });
        return false;
      } catch (thrown) {
        if (asFailure(thrown).status === 404) return true;
        throw thrown;
      }
    },
    enabled: isAsked,
    retry: false,
  });
  return isAsked ? data : undefined;
}
