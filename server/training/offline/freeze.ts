/** Asks the engine for what an epoch is learnt against. */
import type { Run } from "../context.ts";
import type { Group } from "../engine/policyEngine.ts";
import { interruptible, pieces } from "../sampling.ts";
import type { StoredTurn } from "./data.ts";
import type { Frozen } from "./frozen.ts";

/** What a step of an epoch is learnt against: what it froze already, or else what the policy says now. */
export async function frozenFor(run: Run, turns: readonly StoredTurn[], epoch: number): Promise<Frozen> {
  const { progress, experiment } = run;
  const { oldPolicy } = experiment.settings.ppo;
  const { frozen } = progress;
  if (frozen && (oldPolicy === "initial" || frozen.epoch === epoch)) return frozen;
  run.recorder.activity("freezing");
  // The reference never changes.
  progress.frozen = await freeze(run, turns, epoch, frozen?.refLogprobs);
  return progress.frozen;
}

async function freeze(
  run: Run,
  turns: readonly StoredTurn[],
  epoch: number,
  known: Float32Array[] | undefined,
): Promise<Frozen> {
  const { objective, sampling } = run.experiment.settings;
  const { engine } = run;
  const asked: Asked = async (call, tokens) => {
    const found: Float32Array[] = [];
    for (const piece of pieces(turns, sampling.promptsPerStep)) {
      const groups = piece.map(({ prompt, completion }) => ({ prompt, completions: [completion.slice(0, tokens)] }));
      const answers = await interruptible(run, (signal) => call(groups, signal));
      found.push(...answers.map(([first]) => first as Float32Array));
      run.recorder.progress(found.length, turns.length);
    }
    return found;
  };
  const oldLogprobs = await asked((groups, signal) => engine.logprobs(groups, "current", sampling.temperature, signal));
  // A turn is one action: what it is worth is known before its first token.
  const values = await asked((groups, signal) => engine.values(groups, signal), 1);
  const reference = (): Promise<Float32Array[]> =>
    asked((groups, signal) => engine.logprobs(groups, "reference", sampling.temperature, signal));
  return {
    epoch,
    oldLogprobs,
    values: Float32Array.from(values, ([first]) => first as number),
    ...(objective.beta > 0 && { refLogprobs: known ?? (await reference()) }),
  };
}

/** One array for each turn. @param tokens of a completion that are asked about; all by default */
type Asked = (
  call: (groups: Group[], signal: AbortSignal) => Promise<Float32Array[][]>,
  tokens?: number,
) => Promise<Float32Array[]>;
