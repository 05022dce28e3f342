/** One sample at two steps, or in two runs, side by side: how it was put, what came of it, and every completion. */
import type { GroupDetail, GroupKey, KeptView, SampleMoment } from "../../../schemas/rolloutView.ts";
import { groupOf, keyOf } from "../../../schemas/rolloutView.ts";
import { useAnswer } from "../../client/useAnswer.ts";
import { Choice } from "../../controls/fields.tsx";
import { ProgressRing } from "../../controls/index.tsx";
import { Marks } from "../../controls/Marks.tsx";
import { Trouble } from "../../controls/Trouble.tsx";
import { oneLine } from "../../text/visible.ts";
import { decimal, plural } from "../../words/numbers.ts";
import type { RolloutClient } from "../client/rolloutClient.ts";
import { compareParts } from "../state/promptDifference.ts";
import { describeMarks, markName, phaseNames, putSentence } from "../state/words.ts";
import { CompletionCard } from "./CompletionCard.tsx";
import { PromptPartPair } from "./PromptPartPair.tsx";

export type Against = NonNullable<KeptView["against"]>;

export interface CompareProps {
  client: RolloutClient;
  detail: GroupDetail;
  against: KeptView["against"];
  /** Chooses what to compare with; null leaves it to the view. */
  choose(against: Against | null): void;
}

export function Compare({ client, detail, against, choose }: CompareProps) {
  const { row } = detail;
  const run = against?.run ?? null;
  const neighbours = useAnswer(() => client.ask("neighbours", {}), "runs");
  const sample = useAnswer(() => client.ask("sample", { sample: row.sample, run }), `${row.sample} ${run}`);
  const groups = (sample.value?.moments ?? []).filter((moment) => moment.what === "group");
  const others = groups.filter(({ key }) => run !== null || keyOf(key) !== keyOf(groupOf(row)));
  const key = chosenOf(others, against, row);
  const other = useAnswer(
    key && (() => (run === null ? client.ask("group", key) : client.ask("groupOf", { run, key }))),
    `${run} ${key && keyOf(key)}`,
  );
  const found = other.value && key && keyOf(groupOf(other.value.row)) === keyOf(key) ? other.value : undefined;
  const runs = neighbours.value?.runs ?? [];
  const trouble = [sample, other].find(({ problem }) => problem !== undefined);
  return (
    <div class="compare">
      <div class="compare-choice">
        <Choice
          label="Compare with a group of"
          value={run ?? ""}
          options={[
            { value: "", text: "this run" },
            ...runs.map(({ folder, name }) => ({
              value: folder,
              text: `${oneLine(name, 40)} (${oneLine(folder, 60)})`,
            })),
          ]}
          onChange={(folder) => choose(folder === "" ? null : { run: folder, key: groupOf(row) })}
        />
        {others.length > 0 && key && (
          <Choice
            label="at"
            value={keyOf(key)}
            options={others.map((moment) => ({ value: keyOf(moment.key), text: groupText(moment) }))}
            onChange={(value) => {
              const wanted = others.find((moment) => keyOf(moment.key) === value);
              if (wanted) choose({ run, key: wanted.key });
            }}
          />
        )}
      </div>
      {trouble?.problem !== undefined && <Trouble problem={trouble.problem} retry={trouble.retry} />}
      {sample.value && others.length === 0 && (
        <p class="dim">
          {run === null
            ? "This run has no other group of this sample yet. Choose another run, or come back after a later step."
            : "That run has no group of this sample. Choose another run."}
        </p>
      )}
      {key && !found && !trouble && <ProgressRing label="Reading the other group" />}
      {found && <Pair client={client} left={detail} right={found} run={run ?? undefined} />}
    </div>
  );
}

type GroupMoment = Extract<SampleMoment, { what: "group" }>;

const groupText = ({ step, key, marks }: GroupMoment): string =>
  `${step === 0 ? "before training" : `step ${step}`}, ${phaseNames[key.phase]}: ${describeMarks(marks)}`;

/** What was chosen, where it is there; else the last group before this one of its phase, or the first that there is. */
function chosenOf(others: readonly GroupMoment[], against: KeptView["against"], row: GroupKey): GroupKey | undefined {
  const wanted = against && others.find(({ key }) => keyOf(key) === keyOf(against.key));
  const same = others.filter(({ key }) => key.phase === row.phase);
  const before = same.findLast(({ step }) => step < row.step);
  return (wanted ?? before ?? same[0] ?? others[0])?.key;
}

interface PairProps {
  client: RolloutClient;
  left: GroupDetail;
  right: GroupDetail;
  /** Folder of the run that the right one is of. */
  run: string | undefined;
}

function Pair({ client, left, right, run }: PairProps) {
  const parts = compareParts(left, right);
  const differing = parts.filter(({ status }) => status !== "same");
  return (
    <>
      <div class="pair">
        <Side title={titleOf(left)} detail={left} />
        <Side title={titleOf(right, run)} detail={right} />
      </div>
      <h3>Prompts</h3>
      {differing.length === 0 ? (
        <p class="dim">Both read the same prompt.</p>
      ) : (
        <ul class="prompt-differences">
          {differing.map((part, index) => (
            <li key={index}>
              <PromptPartPair part={part} name={markName(part)} />
            </li>
          ))}
        </ul>
      )}
      <div class="pair">
        {[left, right].map((detail, side) => (
          <section key={side} aria-label={`Completions, ${titleOf(detail, side === 1 ? run : undefined)}`}>
            <h3>{plural(detail.completions.length, "completion")}</h3>
            {detail.completions.map((completion) => (
              <CompletionCard
                key={completion.rollout}
                client={client}
                group={detail.row}
                run={side === 1 ? run : undefined}
                completion={completion}
              />
            ))}
          </section>
        ))}
      </div>
    </>
  );
}

const titleOf = ({ row }: GroupDetail, run?: string): string =>
  `${row.step === 0 ? "Before training" : `Step ${row.step}`}, ${phaseNames[row.phase]}${run === undefined ? "" : ` · ${oneLine(run, 60)}`}`;

function Side({ title, detail }: { title: string; detail: GroupDetail }) {
  const { row } = detail;
  return (
    <section class="side" aria-label={title}>
      <h3>{title}</h3>
      <p>
        <Marks marks={row.marks} /> {describeMarks(row.marks)}
      </p>
      <p class="dim">
        mean reward {decimal(row.reward)} · {putSentence(detail)}
      </p>
    </section>
  );
}
