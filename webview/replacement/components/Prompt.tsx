/** The prompt as the policy will read it, its parts marked, and its length against the budget. */
import type { PromptReading } from "../../../schemas/replacementView.ts";
import { HostileText } from "../../text/HostileText.tsx";
import { plural } from "../../words/numbers.ts";
import { useEditor } from "./context.ts";

export function Prompt() {
  const { reading } = useEditor();
  const { prompt, edit } = reading;
  if ("problem" in prompt) {
    return (
      <section class="prompt" aria-labelledby="prompt-title">
        <h2 id="prompt-title">Prompt</h2>
        <p class="warning">{prompt.problem}</p>
      </section>
    );
  }
  const { parts, tokens, budget } = prompt;
  const over = tokens > budget;
  return (
    <section class="prompt" aria-labelledby="prompt-title">
      <h2 id="prompt-title">
        Prompt <span class="dim">exactly as the policy reads it</span>
      </h2>
      <div class={over ? "budget over" : "budget"}>
        <meter min={0} max={budget} value={Math.min(tokens, budget)} aria-label="Tokens of the budget" />
        <p>
          <strong>{tokens}</strong> of {budget} tokens
          {over && `, ${tokens - budget} too many: a run refuses this edit`}
        </p>
      </div>
      {edit?.action === "exclude" && <p class="dim">The sample is not drawn. This is its raw version.</p>}
      {edit?.action === "fixGold" && <p class="dim">The prompt stays as it is; other calls are rewarded.</p>}
      {parts.map((part, index) => (
        <Part key={index} part={part} />
      ))}
    </section>
  );
}

const names = {
  system: "System",
  tools: "Tools",
  question: "Question",
  answer: "Answer",
  query: "The sample's question",
  opening: "Here the policy begins to write",
} as const;

function Part({ part }: { part: PromptReading["parts"][number] }) {
  const { kind, demonstration, text, tokens } = part;
  const name =
    demonstration === undefined ? names[kind] : `Demonstration ${demonstration + 1}: ${names[kind].toLowerCase()}`;
  const body = (
    <pre>
      <HostileText text={text} />
    </pre>
  );
  // Schemas are long, and seldom what an edit is about.
  if (kind === "tools") {
    return (
      <details class={`part part-${kind}`}>
        <summary>
          {name} <span class="dim">{plural(tokens, "token")}</span>
        </summary>
        {body}
      </details>
    );
  }
  return (
    <section class={`part part-${kind}`} aria-label={name}>
      <h3>
        {name} <span class="dim">{plural(tokens, "token")}</span>
      </h3>
      {body}
    </section>
  );
}
