/** Token budgets: what does not fit is refused before a run begins, rather than cut in the middle of a schema. */
import { InputError } from "../../schemas/problem.ts";
import { plain } from "../toolcalls/display.ts";

/** A rendered sample's length in tokens. */
export interface Counted {
  id: string;
  tokens: number;
}

/** Whether a prompt of so many tokens may be given to the policy. */
export const fitsPromptBudget = (tokens: number, budget: number): boolean => tokens <= budget;

/** @throws InputError naming the file, how many prompts exceed the budget, and the longest of them */
export function checkPromptBudget(file: string, prompts: readonly Counted[], budget: number): void {
  refuseOverBudget(file, prompts, budget, {
    what: "prompt",
    remedy: "Raise settings.lengths.prompt, or offer fewer tools.",
  });
}

/** For supervised training. @throws InputError naming the file, how many targets exceed the budget, and the longest */
export function checkTargetBudget(file: string, targets: readonly Counted[], budget: number): void {
  refuseOverBudget(file, targets, budget, {
    what: "target",
    remedy: "Raise settings.lengths.response, or shorten the answers.",
  });
}

function refuseOverBudget(
  file: string,
  rendered: readonly Counted[],
  budget: number,
  { what, remedy }: { what: string; remedy: string },
): void {
  const over = rendered.filter(({ tokens }) => tokens > budget);
  const [first, ...others] = over;
  if (first === undefined) return;
  const longest = others.reduce((most, each) => (each.tokens > most.tokens ? each : most), first);
  const count = `${over.length} of ${rendered.length} ${what}s ${over.length === 1 ? "is" : "are"}`;
  throw new InputError(
    `${count} longer than the budget of ${budget} tokens; the longest, of sample "${plain(longest.id)}", has ${longest.tokens}. ${remedy}`,
    { file },
  );
}
