/** A benchmark of somebody else's as rows that a policy is asked like held-out samples, with the benchmark's own judgement. */
import type { ToolPrompt } from "../../../schemas/experiment.ts";
import type { ToolCall } from "../../../schemas/samples.ts";
import type { Tool } from "../../../schemas/tools.ts";
import { checkPromptBudget } from "../../prompts/budget.ts";
import { notesOf } from "../../prompts/chat.ts";
import type { ChatMessage } from "../../prompts/chatTemplate.ts";
import { loadChat } from "../../prompts/loadChat.ts";
import { parseCompletion } from "../../toolcalls/completion.ts";
import type { Judge } from "../judge.ts";
import type { Row } from "../rows.ts";

export interface BenchmarkTask {
  id: string;
  category: string;
  messages: ChatMessage[];
  tools: Tool[];
  /** The tools that a right answer calls, for tables. */
  called: string[];
  /** Judges what the policy wrote. */
  judge(completion: string): BenchmarkVerdict;
}

export interface BenchmarkVerdict {
  right: boolean;
  /** Without a capital or a full stop, safe to print. */
  reason: string;
}

export interface Benchmark {
  rows: Row[];
  /** What a person should know of how the tasks are put, a sentence each. */
  notes: readonly string[];
  judge: Judge;
}

/**
 * Renders the tasks for a model.
 * @param source file or folder that the tasks are from, for messages
 * @throws InputError where a prompt is over the budget or the template fails
 */
export function benchmarkFor(
  model: string,
  toolPrompt: ToolPrompt,
  source: string,
  tasks: readonly BenchmarkTask[],
  budget: number,
): Benchmark {
  const { tokenizer, chat } = loadChat(model, toolPrompt);
  const rows = tasks.map(({ id, category, messages, tools, called }, index): Row => {
    const text = chat.render(messages, tools, true);
    const answer = called.map((name): ToolCall => ({ name, arguments: {} }));
    const sample = { id, category, query: messages.at(-1)?.content ?? "", tools: tools.map(nameOf), answer };
    return { index, sample, prompt: { text, tokens: tokenizer.encode(text) } };
  });
  checkPromptBudget(
    source,
    rows.map(({ sample, prompt }) => ({ id: sample.id, tokens: prompt.tokens.length })),
    budget,
  );
  const byId = new Map(tasks.map((task) => [task.id, task]));
  return {
    rows,
    notes: notesOf(chat, toolPrompt),
    judge: async (completions, { id }) =>
      completions.map((completion) => {
        const text = tokenizer.decode(completion.tokens);
        const { calls, formatOk } = parseCompletion(text);
        const task = byId.get(id);
        if (task === undefined) throw new Error(`No task ${id}`);
        const { right, reason } = task.judge(text);
        const reward = right ? 1 : 0;
        return { completion, text, calls, formatOk, correct: right, reward, parts: { result: reward }, reason };
      }),
  };
}

const nameOf = ({ function: { name } }: Tool): string => name;
