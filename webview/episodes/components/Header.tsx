/** The run, or the file, at a glance: what there is of episodes, what made them, and whether the view is live. */
import type { EpisodesHeader } from "../../../schemas/episodesView.ts";
import { Icon } from "../../controls/Icon.tsx";
import { oneLine, visibleText } from "../../text/visible.ts";
import { counted, percent } from "../../words/numbers.ts";
import { connections, runStates } from "../../words/runStates.ts";
import type { EpisodesState } from "../client/episodesClient.ts";

interface HeaderProps {
  title: string;
  header: EpisodesHeader | undefined;
  connection: EpisodesState["connection"];
}

export function Header({ title, header, connection }: HeaderProps) {
  const { source } = header ?? {};
  const link = connections[connection];
  const live = source?.kind === "run" && (source.state === "running" || source.state === "paused");
  return (
    <header class="run">
      <h1>{visibleText(title)}</h1>
      {source?.kind === "run" && <Run source={source} />}
      {source?.kind === "file" && source.made && <Made made={source.made} />}
      {header && (
        <span class="figure">
          <span class="dim">episodes</span> {counted(header.episodes)}
          {source?.kind === "file" && source.made && <span class="dim">/{counted(source.made.questions)}</span>}
        </span>
      )}
      {header?.reading && (
        <span class="figure" role="status">
          <Icon name="loading" spin /> reading, {percent(header.reading.read / Math.max(1, header.reading.of))}
        </span>
      )}
      {(connection !== "live" || live) && (
        <span class={`link link-${connection}`}>
          <Icon name={link.icon} spin={connection === "connecting"} />
          {link.text}
        </span>
      )}
    </header>
  );
}

type Source<K extends EpisodesHeader["source"]["kind"]> = Extract<EpisodesHeader["source"], { kind: K }>;

function Run({ source: { state, message, step, steps, accuracy } }: { source: Source<"run"> }) {
  const { text, icon } = runStates[state];
  return (
    <>
      <span class={`state state-${state}`} title={message ? visibleText(message) : undefined}>
        <Icon name={icon} spin={state === "running"} />
        {text}
      </span>
      <span class="figure">
        <span class="dim">step</span> {counted(step)}
        <span class="dim">/{counted(steps)}</span>
      </span>
      {accuracy && (
        <span class="figure" title={`95 % interval ${percent(accuracy.low)} to ${percent(accuracy.high)}`}>
          <span class="dim">held-out</span> <strong>{percent(accuracy.value)}</strong>
        </span>
      )}
    </>
  );
}

function Made({ made: { judge, rule, threshold, model, seed } }: { made: NonNullable<Source<"file">["made"]> }) {
  return (
    <>
      <Figure name="model" value={oneLine(model, 40)} />
      <Figure name="judge" value={oneLine(judge, 60)} />
      <Figure name="rule" value={oneLine(rule, 40)} />
      <Figure name="viable above" value={String(threshold)} />
      <Figure name="seed" value={String(seed)} />
    </>
  );
}

function Figure({ name, value }: { name: string; value: string }) {
  return (
    <span class="figure">
      <span class="dim">{name}</span> {value}
    </span>
  );
}
