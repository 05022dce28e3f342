/** All that happened to one sample, as the view tells it: its groups, what the algorithm chose for it, its states, and a person's edits. */
import type { SampleDetail, SampleMoment } from "../../../schemas/rolloutView.ts";
import type { StoredEdit } from "../../../server/store/curriculumRows.ts";
import type { SampleReader, StoredFewShots } from "../../../server/store/sampleReader.ts";
import { plain } from "../../../server/toolcalls/display.ts";
import { replacementIn } from "./drawnSample.ts";
import { shorten } from "./groupRow.ts";
import type { RunFacts } from "./runFacts.ts";

/** Groups of a sample that are told, the latest ones. */
const mostGroups = 500;
const mostDemonstrations = 20;
const longestQuery = 120;

/** Within a step: the edit that its draw is the first to use, the draw, then the probe behind it, and what the round made of that. */
const places: Readonly<Record<SampleMoment["what"], number>> = { edit: 0, group: 1, "few-shots": 2, state: 3 };

export function sampleDetail({ store, dataset }: RunFacts, sample: string): SampleDetail {
  const { samples } = store;
  const groups = samples.groups(sample, mostGroups);
  const known = dataset?.sample("train", sample) ?? dataset?.sample("evaluation", sample);
  const moments: SampleMoment[] = [
    ...groups.map((group): SampleMoment => {
      const { step, phase, marks, reward } = group;
      const draw = samples.draw(group);
      const { version: put = null, round = null, edit = null } = draw ?? {};
      return { what: "group", step, key: { step, phase, group: group.group }, marks, reward, put, round, edit };
    }),
    ...byRound(samples.fewShots(sample)),
    ...samples.states(sample).map(({ step, state }): SampleMoment => ({ what: "state", step, state: plain(state) })),
    ...samples.edits(sample).map(toEdit),
  ];
  return {
    sample,
    query: known?.query ?? null,
    state: currentState(samples, sample),
    moments: moments.sort((a, b) => a.step - b.step || placeOf(a) - placeOf(b)),
    more: samples.countGroups(sample) - groups.length,
  };
}

const placeOf = (moment: SampleMoment): number =>
  moment.what === "group" && moment.key.phase !== "train" ? 1.5 : places[moment.what];

const currentState = (samples: SampleReader, sample: string): string => samples.states(sample).at(-1)?.state ?? "";

/** The choice that was taken of each round, else the last that was tried. */
function byRound(choices: readonly StoredFewShots[]): SampleMoment[] {
  const rounds = Map.groupBy(choices, ({ round }) => round);
  return [...rounds].map(([round, tried]): SampleMoment => {
    const chosen = tried.find((choice) => choice.chosen);
    const shown = chosen ?? (tried.at(-1) as StoredFewShots);
    return {
      what: "few-shots",
      step: shown.step,
      round,
      chosen: chosen !== undefined,
      choices: tried.length,
      rollouts: shown.rollouts,
      correct: shown.correct,
      shown: shown.demonstrations.slice(0, mostDemonstrations).map(({ query }) => shorten(query, longestQuery)),
    };
  });
}

function toEdit({ step, action, file, time, reason, text }: StoredEdit): SampleMoment {
  const saved = replacementIn({ text })?.history?.at(-1);
  return {
    what: "edit",
    step,
    action,
    file: plain(file, 200),
    time,
    reason: reason === null ? null : plain(reason, 400),
    by: saved ? plain(saved.by, 80) : null,
    why: saved?.why === undefined ? null : plain(saved.why, 300),
  };
}
