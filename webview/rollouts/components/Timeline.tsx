/** One sample over the rounds: solved or not at each probe, what stood in its place, and who edited it. */
import type { ComponentChildren } from "preact";
import type { GroupKey, GroupRow, SampleMoment } from "../../../schemas/rolloutView.ts";
import { keyOf } from "../../../schemas/rolloutView.ts";
import { useAnswer } from "../../client/useAnswer.ts";
import { Icon } from "../../controls/Icon.tsx";
import { ProgressRing } from "../../controls/index.tsx";
import { Marks } from "../../controls/Marks.tsx";
import { Trouble } from "../../controls/Trouble.tsx";
import { oneLine, visibleText } from "../../text/visible.ts";
import { decimal, plural } from "../../words/numbers.ts";
import type { RolloutClient } from "../client/rolloutClient.ts";
import { describeMarks, editWords, phaseNames, putNames, stateSentence } from "../state/words.ts";

export interface TimelineProps {
  client: RolloutClient;
  row: GroupRow;
  /** Shows another group of the sample. */
  show(key: GroupKey): void;
}

export function Timeline({ client, row, show }: TimelineProps) {
  const { sample, revision } = row;
  const { value, problem, retry } = useAnswer(
    () => client.ask("sample", { sample, run: null }),
    `${sample} ${revision} ${keyOf(row)}`,
  );
  if (problem !== undefined) return <Trouble problem={problem} retry={retry} />;
  if (!value || value.sample !== sample) return <ProgressRing label="Reading the sample's history" />;
  const { moments, more } = value;
  return (
    <div class="timeline">
      <Probes moments={moments} />
      {more > 0 && <p class="dim">{plural(more, "earlier group")} of this sample are not shown.</p>}
      <ol>
        {moments.map((moment, index) => (
          <li key={index} class={`moment moment-${moment.what}`}>
            <span class="step dim">{moment.step === 0 ? "before" : `step ${moment.step}`}</span>
            <Told moment={moment} current={moment.what === "group" && keyOf(moment.key) === keyOf(row)} show={show} />
          </li>
        ))}
      </ol>
    </div>
  );
}

/** Whether each probe found the sample solved, at a glance. */
function Probes({ moments }: { moments: readonly SampleMoment[] }) {
  const probes = moments.filter((moment) => moment.what === "group" && moment.key.phase === "probe");
  if (probes.length === 0) return <p class="dim">No probe has looked at this sample.</p>;
  return (
    <ul class="probes" aria-label="Probes">
      {probes.map((moment, index) => {
        if (moment.what !== "group") return null;
        const correct = moment.marks.split("c").length - 1;
        return (
          <li key={index}>
            <Marks marks={correct > 0 ? "c" : "w"} />
            <span>
              {moment.step === 0 ? "before training" : `after step ${moment.step}`}:{" "}
              {correct > 0 ? `solved, ${correct} of ${moment.marks.length}` : `not solved, 0 of ${moment.marks.length}`}
            </span>
          </li>
        );
      })}
    </ul>
  );
}

interface ToldProps {
  moment: SampleMoment;
  current: boolean;
  show(key: GroupKey): void;
}

function Told({ moment, current, show }: ToldProps) {
  switch (moment.what) {
    case "group": {
      const { key, marks, reward, put } = moment;
      const words = `${phaseNames[key.phase]}${put === null ? "" : `, ${putNames[put]}`}`;
      return (
        <button type="button" class="group-link" aria-current={current ? "true" : undefined} onClick={() => show(key)}>
          <span class="what">{words}</span>
          <span class="for-readers">{describeMarks(marks)}</span>
          <Marks marks={marks} />
          <span class="number">{decimal(reward)}</span>
          {current && <span class="dim">shown</span>}
        </button>
      );
    }
    case "few-shots":
      return <FewShots moment={moment} />;
    case "state":
      return (
        <Event icon="circle-small-filled">
          <span>{stateSentence(moment.state)}</span>
        </Event>
      );
    case "edit":
      return <Edit moment={moment} />;
  }
}

function FewShots({ moment }: { moment: Extract<SampleMoment, { what: "few-shots" }> }) {
  const { round, chosen, choices, rollouts, correct, shown } = moment;
  const tried = rollouts === 0 ? "picked without a try" : `${correct} of ${rollouts} correct with them`;
  return (
    <Event icon={chosen ? "replace" : "circle-slash"}>
      <span>
        {chosen
          ? `Few-shots chosen for round ${round}, ${tried}.`
          : `None of ${plural(choices, "choice")} of few-shots worked in round ${round}.`}
      </span>
      {chosen && shown.length > 0 && (
        <ul class="dim">
          {shown.map((query, index) => (
            <li key={index}>{oneLine(query, 120)}</li>
          ))}
        </ul>
      )}
    </Event>
  );
}

function Edit({ moment }: { moment: Extract<SampleMoment, { what: "edit" }> }) {
  const { action, file, time, reason, by, why } = moment;
  const when = new Date(time);
  return (
    <Event icon={action === "refused" ? "error" : "edit"}>
      <span>
        {editWords[action]}
        {by !== null && ` by ${visibleText(by)}`}
        {Number.isNaN(when.getTime()) ? "" : `, ${when.toLocaleString()}`}
        {why !== null && `: ${visibleText(why)}`}
      </span>
      <span class="dim mono">{visibleText(file)}</span>
      {reason !== null && <span class="warning">{visibleText(reason)}</span>}
    </Event>
  );
}

function Event({ icon, children }: { icon: string; children: ComponentChildren }) {
  return (
    <div class="event">
      <Icon name={icon} />
      <div>{children}</div>
    </div>
  );
}
