/** One group, and its sample: the completions, the prompt, the timeline, and a comparison with another group. */
import { useEffect, useRef } from "preact/hooks";
import type { DetailTab, GroupDetail, GroupKey, KeptView } from "../../../schemas/rolloutView.ts";
import { groupOf, keyOf } from "../../../schemas/rolloutView.ts";
import { useAnswer } from "../../client/useAnswer.ts";
import { Icon } from "../../controls/Icon.tsx";
import { Button, ProgressRing } from "../../controls/index.tsx";
import { Trouble } from "../../controls/Trouble.tsx";
import { oneLine, visibleText } from "../../text/visible.ts";
import { decimal, signed } from "../../words/numbers.ts";
import type { RolloutClient } from "../client/rolloutClient.ts";
import { contextOf, describeMarks, phaseNames, putSentence, stateSentence } from "../state/words.ts";
import { Compare } from "./Compare.tsx";
import { CompletionCard } from "./CompletionCard.tsx";
import { PromptView } from "./PromptView.tsx";
import { Tabs } from "./Tabs.tsx";
import { Timeline } from "./Timeline.tsx";

export interface DetailProps {
  client: RolloutClient;
  /** Of the run that is shown. */
  runFolder: string;
  group: GroupKey;
  /** Of the group as the list knows it: a new one means that the group was written again. */
  revision: number | undefined;
  /** Rises whenever the keyboard is to go into the pane. */
  focus: number;
  tab: DetailTab;
  against: KeptView["against"];
  change(changes: Partial<Pick<KeptView, "tab" | "against">>): void;
  /** Shows another group. */
  show(key: GroupKey): void;
  close(): void;
}

/** Arrow keys pass over many rows; only the one they rest on is read. Milliseconds. */
const rest = 60;

const tabs = [
  { id: "completions", text: "Completions" },
  { id: "prompt", text: "Prompt" },
  { id: "timeline", text: "Timeline" },
  { id: "compare", text: "Compare" },
] as const satisfies readonly { id: DetailTab; text: string }[];

export function Detail(props: DetailProps) {
  const { client, runFolder, group, revision, focus, close } = props;
  const pane = useRef<HTMLElement>(null);
  const key = keyOf(groupOf(group));
  const { value, problem, retry } = useAnswer(() => client.ask("group", groupOf(group)), `${key} ${revision}`, rest);
  useEffect(() => {
    if (focus > 0) pane.current?.focus();
  }, [focus]);
  useEffect(() => {
    if (pane.current) pane.current.scrollTop = 0;
  }, [key]);

  const shown = value && keyOf(groupOf(value.row)) === key ? value : undefined;
  const { sample } = shown?.row ?? {};
  const editable = sample !== undefined && group.phase !== "evaluation";
  return (
    <section
      class="detail"
      ref={pane}
      tabIndex={-1}
      aria-label="Group of completions"
      data-vscode-context={shown && contextOf(shown.row, runFolder)}
    >
      <header class="detail-head">
        <h2>
          <span class="mono">{oneLine(sample ?? "", 80)}</span>
          <span class="dim">
            {" "}
            step {group.step} · {phaseNames[group.phase]}
          </span>
        </h2>
        {editable && (
          <Button
            appearance="icon"
            label="Edit Replacement of Sample"
            onClick={() => client.tell({ kind: "editReplacement", sample })}
          >
            <Icon name="edit" />
          </Button>
        )}
        <Button appearance="icon" label="Close (Escape)" onClick={close}>
          <Icon name="close" />
        </Button>
      </header>
      {problem !== undefined && <Trouble problem={problem} retry={retry} />}
      {!shown && problem === undefined && <ProgressRing label="Reading the group" />}
      {shown && <Shown key={key} {...props} detail={shown} />}
    </section>
  );
}

function Shown(props: DetailProps & { detail: GroupDetail }) {
  const { client, detail, tab, against, change, show } = props;
  const { row, query } = detail;
  return (
    <>
      {query !== null && <p class="query">{visibleText(query)}</p>}
      <p class="sum">
        {describeMarks(row.marks)} · mean reward {decimal(row.reward)}
        {row.advantage && ` · advantages ${signed(row.advantage[0])} to ${signed(row.advantage[1])}`}
      </p>
      <p class="sum">{[putSentence(detail), row.state !== "" && stateSentence(row.state)].filter(Boolean).join(" ")}</p>
      <Gold gold={detail.gold} />
      <Tabs label="Of this group" tabs={tabs} chosen={tab} choose={(chosen) => change({ tab: chosen })}>
        {tab === "completions" && <Completions {...props} />}
        {tab === "prompt" && <PromptView client={client} detail={detail} />}
        {tab === "timeline" && <Timeline client={client} row={row} show={show} />}
        {tab === "compare" && (
          <Compare client={client} detail={detail} against={against} choose={(chosen) => change({ against: chosen })} />
        )}
      </Tabs>
    </>
  );
}

function Gold({ gold }: Pick<GroupDetail, "gold">) {
  const title = "calls" in gold && gold.calls.length > 1 ? "Gold calls" : "Gold call";
  return (
    <section class="gold">
      <h3>
        {title}
        {"calls" in gold && gold.corrected && <span class="dim"> as an edit corrected it</span>}
      </h3>
      {"problem" in gold ? (
        <p class="warning">{gold.problem}</p>
      ) : gold.calls.length === 0 ? (
        <p>None: no tool fits, and none should be called.</p>
      ) : (
        gold.calls.map((call, index) => <pre key={index}>{call}</pre>)
      )}
    </section>
  );
}

function Completions({ client, detail, group }: DetailProps & { detail: GroupDetail }) {
  return (
    <div class="cards">
      {detail.completions.map((completion) => (
        <CompletionCard
          key={completion.rollout}
          client={client}
          group={detail.row}
          completion={completion}
          chosen={completion.rollout === group.rollout}
        />
      ))}
    </div>
  );
}
