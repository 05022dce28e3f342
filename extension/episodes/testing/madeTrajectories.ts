/** Files of trajectories for tests, as generation writes them. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import type { SkippedQuestion, Trajectory, TrajectoryHeader, TrajectoryTurn } from "../../../schemas/trajectories.ts";

const TOOLS = ["calculator", "converter", "search"];
const CATEGORIES = ["units", "dates", undefined];
const SHA = "0".repeat(64);

export const headerOf = (questions: number): TrajectoryHeader => ({
  trajectories: 1,
  product: "0.1.0",
  seed: 7,
  judge: "exact, up to 6 for a part",
  settings: {
    steps: 3,
    threshold: 6,
    rule: "least-used",
    temperature: 0.7,
    thought: 48,
    observation: 64,
    wave: 2,
    weights: { quality: 1, diversity: 0.5, terminal: 1 },
    functions: { seconds: 5, memory: 256 },
    lengths: { prompt: 512, response: 128 },
  },
  model: { name: "policy", sha256: SHA },
  engine: { device: "cpu", threads: 2, runtime: "onnxruntime-node 1.30.0" },
  questions: { count: questions, sha256: SHA },
  tools: SHA,
  prompts: SHA,
  environment: {},
});

const callText = (name: string, values: object): string =>
  `<tool_call>\n${JSON.stringify({ name, arguments: values })}\n</tool_call>`;

/** A call of each tool and an answer; the scores are those of the candidates in their order. */
export function turnOf(
  number: number,
  scores: readonly number[],
  changes: Partial<TrajectoryTurn> = {},
): TrajectoryTurn {
  const candidates = [...TOOLS, null].map((tool, index): TrajectoryTurn["candidates"][number] => {
    const score = scores[index] ?? 0;
    if (tool === null) {
      const text = String(number);
      return { tool, text: `<answer>${text}</answer>`, action: { kind: "answer", text }, score };
    }
    const values = { value: number, options: { unit: "cm" } };
    return { tool, text: callText(tool, values), action: { kind: "call", name: tool, arguments: values }, score };
  });
  const viable = candidates.flatMap(({ score }, index) => (score > 6 ? [index] : []));
  const chosen = changes.chosen ?? viable[0] ?? 0;
  const thought = `I look at ${number}.`;
  return {
    thought,
    candidates,
    viable,
    chosen,
    by: viable.length > 0 ? "least-used" : "best",
    completion: `${thought}\n${candidates[chosen]?.text}`,
    ...(candidates[chosen]?.tool !== null && { observation: `${number} cm` }),
    reward: { quality: (scores[chosen] ?? 0) / 10, diversity: viable.length > 0 ? 0.25 : 0, terminal: 0 },
    ...changes,
  };
}

/**
 * The trajectory of a question: every third is right, every fifth runs out of steps, the seventh begins with nothing viable and a
 * call that fails.
 */
export function trajectoryAt(place: number): Trajectory {
  const correct = place % 3 === 0;
  const endless = !correct && place % 5 === 0;
  const first = place % 7 === 6 ? turnOf(place, [2, 1, 0, 0], { trouble: "failed" }) : turnOf(place, [9, 7, 0, 3]);
  const terminal = correct ? 1 : -1;
  const last = endless ? turnOf(place, [9, 7, 0, 3]) : turnOf(place, [0, 0, 0, 10], { chosen: 3 });
  const category = CATEGORIES[place % 3];
  return {
    question: questionAt(place),
    query: `How long is ${place} cm?`,
    tools: TOOLS,
    ...(category !== undefined && { category }),
    accepted: [correct ? String(place) : "another answer"],
    turns: [first, { ...last, reward: { ...last.reward, terminal } }],
    end: endless ? "ran out of steps" : "answered",
    ...(!endless && { answer: String(place) }),
    correct,
  };
}

export const questionAt = (place: number): string => `train-${String(place).padStart(4, "0")}`;

export const skippedAt = (place: number): SkippedQuestion => ({
  question: questionAt(place),
  query: `How long is ${place} cm?`,
  tools: TOOLS,
  skipped: "It answered with a poem.",
  turn: 1,
});

export const lineOf = (value: object): string => `${JSON.stringify(value)}\n`;

export function writeTrajectories(file: string, lines: readonly object[], questions = lines.length): void {
  writeFileSync(file, [headerOf(questions), ...lines].map(lineOf).join(""));
}

/** A file of them that goes away with the test; none is written without lines. */
export function trajectoryFile(t: TestContext, ...lines: readonly object[]): string {
  const folder = mkdtempSync(join(tmpdir(), "trajectories-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, "a.trajectories.jsonl");
  if (lines.length > 0) writeTrajectories(file, lines);
  return file;
}

export const trajectories = (count: number): Trajectory[] =>
  Array.from({ length: count }, (_, place) => trajectoryAt(place));
