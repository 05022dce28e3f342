/**
 * The actions that the policy could take next: for every offered tool one call, whose arguments it writes behind a beginning that is
 * forced, and plain reasoning, which is the answer.
 */
import type { Tool } from "../../../schemas/tools.ts";
import type { Rendered } from "../../prompts/promptRenderer.ts";
import { plain } from "../../toolcalls/display.ts";
import type { EpisodeRenderer } from "../episodes/episodeRenderer.ts";
import { type Action, parseTurn } from "../episodes/turn.ts";
import type { ToolName } from "./rarity.ts";

/** A candidate before the policy has written it. */
export interface BegunCandidate {
  tool: ToolName;
  /** What stands behind the thought, the break between them included. */
  beginning: string;
  prompt: Rendered;
}

export interface Candidate {
  tool: ToolName;
  /** The action as it stands, without what follows it. */
  text: string;
  /** The whole turn as it stands, the thought included. */
  completion: string;
  action: Action;
}

/** The offered tools in their order, then plain reasoning. */
const toolsAndReasoning = (tools: readonly Tool[]): (Tool | undefined)[] => [...tools, undefined];

/** @param prompt of the turn */
export function beginCandidates(
  renderer: EpisodeRenderer,
  prompt: Rendered,
  thought: string,
  tools: readonly Tool[],
): BegunCandidate[] {
  return toolsAndReasoning(tools).map((tool) => {
    const beginning = renderer.beginning(tool, thought !== "");
    return { tool: tool?.function.name ?? null, beginning, prompt: renderer.begun(prompt, thought + beginning) };
  });
}

/** @param written what the policy wrote behind the beginning */
export function readCandidate({ tool, beginning }: BegunCandidate, thought: string, written: string): Candidate {
  const whole = thought + beginning + written;
  const { action, end } = parseTurn(whole);
  const completion = whole.slice(0, end);
  return { tool, text: completion.slice(thought.length).trim(), completion, action: asBegun(action, tool) };
}

/** A beginning may end within a tool's name, and the policy may go on to another: that is nothing it was asked for. */
function asBegun(action: Action, tool: ToolName): Action {
  if (action.kind === "broken" || (action.kind === "call" ? action.name : null) === tool) return action;
  const found = action.kind === "call" ? `a call of "${plain(action.name)}"` : "an answer";
  return {
    kind: "broken",
    fault: `it is ${found}, and was begun as ${tool === null ? "an answer" : `a call of "${tool}"`}`,
  };
}

/** Tokens of the longest beginning of any of these tools or of an answer, behind a thought. */
export function longestBeginning(renderer: EpisodeRenderer, tools: readonly Tool[]): number {
  const beginnings = toolsAndReasoning(tools).map((tool) => renderer.beginning(tool, true));
  return Math.max(...beginnings.map((beginning) => renderer.length(beginning)));
}
