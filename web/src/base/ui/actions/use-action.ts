import { type QueryKey, useMutation } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { invalidate } from "#base/api/query-client.ts";
import { asFailure } from "#base/api/request/failure.ts";
import { showToast } from "../toasts/toasts.tsx";
import { useErrorText } from "../states/states.tsx";

interface ActionOptions {
  /** The place of a failure: `problem`, for a form to show, or a toast. */
  failure?: "problem" | "toast";
  /** The words for a failure, where those of its code do not fit. */
  textOf?: (thrown: unknown) => string;
  /** Takes back what was shown before the answer. */
  onFailure?: (thrown: unknown) => void;
  /** Queries that are asked again afterwards, also after a failure: the server may have done it. */
  changes?: readonly QueryKey[];
}

export interface Action<Input extends readonly unknown[]> {
  /** Runs it, unless it is under way; false if it was, or failed. */
  readonly run: (...input: Input) => Promise<boolean>;
  readonly isBusy: boolean;
  /** The input of the run that is under way. */
  readonly input: Input | null;
  /** The words for the last failure; null after the next start. */
  readonly problem: string | null;
  readonly setProblem: (problem: string | null) => void;
}

/**
 * An action that a user starts with a button or a form: one run at a time, its failure in words. Queries that it
 * changes are asked again.
 */
export function useAction<Input extends readonly unknown[]>(
  work: (...input: Input) => unknown,
  { failure = "problem", textOf, onFailure, changes = [] }: ActionOptions = {},
): Action<Input> {
  const errorText = useErrorText();
  const [problem, setProblem] = useState<string | null>(null);
  // A second press may come before the first has been drawn.
  const isRunning = useRef(false);
  const { mutateAsync, isPending, variables } = useMutation({ mutationFn: async (input: Input) => work(...input) });
  const run = async (...input: Input): Promise<boolean> => {
    if (isRunning.current) return false;
    isRunning.current = true;
    setProblem(null);
    try {
      await mutateAsync(input);
      return true;
    } catch (thrown) {
      onFailure?.(thrown);
      // The viewer did not answer the question of who they are, and knows why nothing happened.
      if (asFailure(thrown).code === "auth.sign_in_again") return false;
      const text = (textOf ?? errorText)(thrown);
      if (failure === "toast") showToast(text);
      else setProblem(text);
      return false;
    } finally {
      isRunning.current = false;
      void invalidate(...changes);
    }
  };
  return { run, isBusy: isPending, input: isPending ? (variables ?? null) : null, problem, setProblem };
}
