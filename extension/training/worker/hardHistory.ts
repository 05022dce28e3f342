/** What happened to one sample, told briefly: the store knows every draw and every try. */
import { type HistoryRow, RunReader } from "../../../server/store/reader.ts";
import type { SampleEvent } from "../messages.ts";

/** @throws InputError where the run has no store, or none that can be read */
export function historyOf(folder: string, sample: string): SampleEvent[] {
  using reader = new RunReader(folder);
  return briefly(reader.history(sample));
}

/** Tries of one round become one event, and so do the draws between two events. */
function briefly(rows: readonly HistoryRow[]): SampleEvent[] {
  const events: SampleEvent[] = [];
  for (const row of rows) {
    const event = toEvent(row);
    if (event === undefined) continue;
    const last = events.at(-1);
    if (event.what === "few-shots" && last?.what === "few-shots" && last.round === event.round) {
      last.choices++;
      if (event.chosen) Object.assign(last, { chosen: true, rollouts: event.rollouts, correct: event.correct });
    } else if (event.what === "drawn" && last?.what === "drawn" && last.version === event.version) last.times++;
    else events.push(event);
  }
  return events;
}

// What a detail holds is written by the view sample_history (server/store/tables.ts).
function toEvent({ step, what, detail }: HistoryRow): SampleEvent | undefined {
  const number = (key: string): number => Number(detail[key] ?? 0);
  switch (what) {
    case "probe":
      return { what, step, rollouts: number("rollouts"), correct: number("correct") };
    case "few-shots": {
      const { chosen } = detail;
      const outcome = { chosen: chosen === 1, rollouts: number("rollouts"), correct: number("correct") };
      return { what, step, round: number("round"), choices: 1, ...outcome };
    }
    case "edit": {
      const { action, reason } = detail;
      if (!isAction(action)) return undefined;
      return { what, step, action, reason: typeof reason === "string" ? reason : null };
    }
    case "draw":
      return { what: "drawn", step, version: String(detail.version), times: 1 };
    case "state":
      return detail.state === "retired" ? { what: "retired", step } : undefined;
  }
}

type Action = Extract<SampleEvent, { what: "edit" }>["action"];

const actions: readonly Action[] = ["fewshot", "exclude", "fixGold", "automatic", "refused"];

const isAction = (value: unknown): value is Action => (actions as readonly unknown[]).includes(value);
