/** Nothing to list: why, and what to do next. */
import type { EpisodesHeader } from "../../../schemas/episodesView.ts";
import { Button } from "../../controls/index.tsx";
import { visibleText } from "../../text/visible.ts";

export interface EmptyProps {
  header: EpisodesHeader;
  showAll(): void;
  openRollouts(): void;
}

type Run = Extract<EpisodesHeader["source"], { kind: "run" }>;

export function Empty({ header, showAll, openRollouts }: EmptyProps) {
  const { source, episodes, reading } = header;
  if (episodes > 0) {
    return (
      <div class="empty-state">
        <p>No episode fits the filter.</p>
        <Button onClick={showAll}>Show all episodes</Button>
      </div>
    );
  }
  if (reading) return null;
  if (source.kind === "file") return <EmptyFile />;
  return source.ofEpisodes ? <EmptyRun run={source} /> : <OfSamples openRollouts={openRollouts} />;
}

function EmptyFile() {
  return (
    <div class="empty-state">
      <h2>No trajectories yet</h2>
      <p>
        They are generated from the questions of an experiment, wave by wave, and appear here as soon as a wave is
        written: by the command ToolExpander: Generate Trajectories, or in a terminal by
      </p>
      <pre>toolexpander generate EXPERIMENT</pre>
    </div>
  );
}

function OfSamples({ openRollouts }: Pick<EmptyProps, "openRollouts">) {
  return (
    <div class="empty-state">
      <h2>This run has no episodes</h2>
      <p>
        It learns from samples of one turn, and so has rollouts. Episodes come with the preset spark, or with sft on
        trajectories.
      </p>
      <Button onClick={openRollouts}>Open Rollouts</Button>
    </div>
  );
}

const words: Record<Run["state"], string> = {
  running: "Those of its data set appear here as soon as the model has been loaded, others with each evaluation.",
  paused: "The run is paused. Resume it, and they appear here.",
  finished: "The run has ended without any: its trajectories hold no turn, and it names no held-out questions.",
  stopped: "The run was stopped before it had read its trajectories. Resume it, and they appear here.",
  failed: "The run failed before it had read its trajectories. Its log says why.",
  interrupted: "The run was cut off before it had read its trajectories. Resume it, and they appear here.",
};

function EmptyRun({ run: { state, message } }: { run: Run }) {
  return (
    <div class="empty-state">
      <h2>No episodes yet</h2>
      <p>{words[state]}</p>
      {message && <p class="dim">{visibleText(message)}</p>}
    </div>
  );
}
