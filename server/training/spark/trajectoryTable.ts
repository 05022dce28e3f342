/** What there is in a file of trajectories, counted from its lines alone. */
import type { Accuracy } from "../../../schemas/accuracy.ts";
import { isSkipped, type TrajectoryLine, type TrajectoryTurn } from "../../../schemas/trajectories.ts";
import { accuracyOf, entropyBits } from "../statistics.ts";
import type { ToolName } from "./rarity.ts";

export interface ToolRow {
  /** Null for plain reasoning. */
  tool: ToolName;
  /** Turns in which it was a candidate. */
  proposed: number;
  viable: number;
  chosen: number;
  /** Of these, turns in which nothing was viable. */
  chosenAsBest: number;
  meanScore: number;
  /** Candidates by their score: [0, 1), [1, 2), … [9, 10), and 10. */
  scores: number[];
  /** Candidates that were no action. */
  broken: number;
}

export interface TrajectoryTable {
  questions: number;
  correct: Accuracy;
  turns: number;
  /** Turns in which nothing was viable. */
  withoutViable: number;
  /** Shannon entropy of the tools of all chosen actions, plain reasoning included, bits. */
  entropyBits: number;
  /** By the way the episodes ended. */
  ends: Record<string, number>;
  /** Observations that are no results, by what was the matter. */
  troubles: Record<string, number>;
  /** Questions that were skipped, by the reason. */
  skipped: Record<string, number>;
  tools: ToolRow[];
}

const HIGHEST_BIN = 10;

export class TrajectoryTally {
  readonly #tools = new Map<ToolName, ToolRow & { sum: number }>();
  readonly #ends = new Map<string, number>();
  readonly #troubles = new Map<string, number>();
  readonly #skipped = new Map<string, number>();
  #finished = 0;
  #correct = 0;
  #turns = 0;
  #withoutViable = 0;

  add(line: TrajectoryLine): void {
    if (isSkipped(line)) {
      increase(this.#skipped, line.skipped);
      return;
    }
    this.#finished++;
    if (line.correct) this.#correct++;
    increase(this.#ends, line.end);
    for (const turn of line.turns) this.#addTurn(turn);
  }

  table(): TrajectoryTable {
    const rows = [...this.#tools.values()].map(({ sum, ...row }) => ({ ...row, meanScore: sum / row.proposed }));
    return {
      questions: this.#finished + [...this.#skipped.values()].reduce((sum, one) => sum + one, 0),
      correct: accuracyOf(this.#correct, this.#finished),
      turns: this.#turns,
      withoutViable: this.#withoutViable,
      entropyBits: entropyBits(rows.map(({ chosen }) => chosen)),
      ends: Object.fromEntries(this.#ends),
      troubles: Object.fromEntries(this.#troubles),
      skipped: Object.fromEntries(this.#skipped),
      // Plain reasoning comes last, as among the candidates.
      tools: rows.sort((a, b) => Number(a.tool === null) - Number(b.tool === null)),
    };
  }

  #addTurn({ candidates, viable, chosen, by, trouble }: TrajectoryTurn): void {
    this.#turns++;
    if (by === "best") this.#withoutViable++;
    if (trouble !== undefined) increase(this.#troubles, trouble);
    for (const [index, { tool, score, action }] of candidates.entries()) {
      const row = this.#row(tool);
      row.proposed++;
      row.sum += score;
      const bin = Math.min(HIGHEST_BIN, Math.floor(score));
      row.scores[bin] = (row.scores[bin] ?? 0) + 1;
      if (action.kind === "broken") row.broken++;
      if (viable.includes(index)) row.viable++;
      if (index !== chosen) continue;
      row.chosen++;
      if (by === "best") row.chosenAsBest++;
    }
  }

  #row(tool: ToolName): ToolRow & { sum: number } {
    const known = this.#tools.get(tool);
    if (known !== undefined) return known;
    const scores = new Array<number>(HIGHEST_BIN + 1).fill(0);
    const row = { tool, proposed: 0, viable: 0, chosen: 0, chosenAsBest: 0, meanScore: 0, scores, broken: 0, sum: 0 };
    this.#tools.set(tool, row);
    return row;
  }
}

function increase(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
