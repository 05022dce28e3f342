/** Rows and demonstrations that could be shown, the likeliest help first, each with the reason for its place. */
import { useEffect, useState } from "preact/hooks";
import type { ReplacementResult } from "../../../schemas/replacementView.ts";
import { Button } from "../../controls/Button.tsx";
import { TextBox } from "../../controls/fields.tsx";
import { ProgressRing } from "../../controls/ProgressRing.tsx";
import { oneLine } from "../../text/visible.ts";
import { useEditor } from "./context.ts";

/** Milliseconds. */
const PAUSE = 150;

export function Pool({ add }: { add(json: string, said: string): void }) {
  const { client, reading } = useEditor();
  const [search, setSearch] = useState(client.kept.search ?? "");
  const [found, setFound] = useState<ReplacementResult<"candidates">>();
  const [problem, setProblem] = useState<string>();
  // What is shown already is left out, so every change of the file asks anew.
  useEffect(() => {
    let current = true;
    const ask = async (): Promise<void> => {
      try {
        const answer = await client.candidates(search);
        if (!current) return;
        setFound(answer);
        setProblem(undefined);
      } catch (error) {
        if (current) setProblem(error instanceof Error ? error.message : String(error));
      }
    };
    const timer = setTimeout(() => void ask(), PAUSE);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [search, reading.version, client]);
  return (
    <section class="pool" aria-label="Pool of demonstrations">
      <TextBox
        label="Search questions, tools and ids"
        value={search}
        place="search"
        onInput={(text) => {
          setSearch(text.slice(0, 200));
          client.keep({ search: text.slice(0, 200) });
        }}
      />
      <p class="dim" role="status">
        {found &&
          `${found.total} found${found.total > found.candidates.length ? `, the best ${found.candidates.length} shown` : ""}`}
      </p>
      {problem && (
        <p class="warning" role="alert">
          {problem}
        </p>
      )}
      {!found && !problem && <ProgressRing label="Looking through the pool" />}
      <ul>
        {found?.candidates.map(({ id, query, calls, json, reason }) => (
          <li key={id}>
            <div>
              <p>{oneLine(query, 300)}</p>
              <p class="mono dim">
                {calls.length === 0 ? "no call" : calls.map((call) => oneLine(call, 300)).join(" · ")}
              </p>
              <p class="reason">
                {reason} <span class="dim mono">{oneLine(id, 60)}</span>
              </p>
            </div>
            <Button label={`Add: ${oneLine(query, 80)}`} onClick={() => add(json, `Added: ${oneLine(query, 80)}`)}>
              Add
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}
