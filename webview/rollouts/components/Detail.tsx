/** One group: the prompt, the gold calls, and all its completions side by side. */
import { useEffect, useRef, useState } from "preact/hooks";
import { type GroupDetail, type GroupKey, keyOf } from "../../../schemas/rolloutView.ts";
import { RequestFailed } from "../../client/requests.ts";
import { Icon } from "../../controls/Icon.tsx";
import { Button, ProgressRing } from "../../controls/index.tsx";
import { oneLine, visibleText } from "../../text/visible.ts";
import type { RolloutClient } from "../client/rolloutClient.ts";
import { decimal, plural, signed } from "../state/numbers.ts";
import { describeMarks, phaseNames } from "../state/words.ts";
import { CompletionCard } from "./CompletionCard.tsx";
import { LongText } from "./LongText.tsx";

export interface DetailProps {
  client: RolloutClient;
  group: GroupKey;
  /** Of the group as the list knows it: a new one means that the group was written again. */
  revision: number | undefined;
  /** Rises whenever the keyboard is to go into the pane. */
  focus: number;
  close(): void;
}

/** Arrow keys pass over many rows; only the one they rest on is read. Milliseconds. */
const rest = 60;

export function Detail({ client, group, revision, focus, close }: DetailProps) {
  const [detail, setDetail] = useState<GroupDetail>();
  const [problem, setProblem] = useState<string>();
  const [attempt, setAttempt] = useState(0);
  const pane = useRef<HTMLElement>(null);
  const key = keyOf(group);

  useEffect(() => {
    let current = true;
    const timer = setTimeout(() => {
      const { step, phase, group: index } = group;
      client.group({ step, phase, group: index }).then(
        (found) => {
          if (!current) return;
          setDetail(found);
          setProblem(undefined);
        },
        (error: unknown) => {
          if (!(error instanceof RequestFailed)) throw error;
          if (current) setProblem(error.message);
        },
      );
    }, rest);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [key, revision, client, attempt]);

  useEffect(() => {
    if (focus > 0) pane.current?.focus();
  }, [focus]);
  useEffect(() => {
    if (pane.current) pane.current.scrollTop = 0;
  }, [key]);

  const shown = detail && keyOf(detail.row) === key ? detail : undefined;
  return (
    <section class="detail" ref={pane} tabIndex={-1} aria-label="Group of completions">
      <header class="detail-head">
        <h2>
          <span class="mono">{oneLine(shown?.row.sample ?? "", 80)}</span>
          <span class="dim">
            {" "}
            step {group.step} · {phaseNames[group.phase]}
          </span>
        </h2>
        <Button appearance="icon" label="Close (Escape)" onClick={close}>
          <Icon name="close" />
        </Button>
      </header>
      {problem && (
        <div class="notice" role="alert">
          <Icon name="warning" />
          <p>{problem}</p>
          <Button onClick={() => setAttempt((count) => count + 1)}>Retry</Button>
        </div>
      )}
      {!shown && !problem && <ProgressRing label="Reading the group" />}
      {shown && <Shown key={key} client={client} detail={shown} />}
    </section>
  );
}

function Shown({ client, detail }: { client: RolloutClient; detail: GroupDetail }) {
  const { row, query, prompt, gold, completions } = detail;
  return (
    <>
      {query !== null && <p class="query">{visibleText(query)}</p>}
      <p class="sum">
        {describeMarks(row.marks)} · mean reward {decimal(row.reward)}
        {row.advantage && ` · advantages ${signed(row.advantage[0])} to ${signed(row.advantage[1])}`}
      </p>
      <section class="gold">
        <h3>{"calls" in gold && gold.calls.length > 1 ? "Gold calls" : "Gold call"}</h3>
        {"problem" in gold ? (
          <p class="warning">{gold.problem}</p>
        ) : gold.calls.length === 0 ? (
          <p>None: no tool fits, and none should be called.</p>
        ) : (
          gold.calls.map((call, index) => <pre key={index}>{call}</pre>)
        )}
      </section>
      <details class="prompt">
        <summary>Prompt, {plural(prompt.total, "character")}</summary>
        <LongText client={client} group={row} rollout={null} part={prompt} label="Prompt" />
      </details>
      <h3>{plural(completions.length, "completion")}</h3>
      <div class="cards">
        {completions.map((completion) => (
          <CompletionCard key={completion.rollout} client={client} group={row} completion={completion} />
        ))}
      </div>
    </>
  );
}
