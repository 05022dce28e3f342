/** Rows that one of two runs solved and the other did not, page by page. */
import { useEffect, useState } from "preact/hooks";
import { MOST_SAMPLES } from "../../../schemas/compareLimits.ts";
import type { DifferingSample, Overview, RowSource, SamplesPage, SolvedBy } from "../../../schemas/compareView.ts";
import { RequestFailed } from "../../client/requests.ts";
import { Choice } from "../../controls/fields.tsx";
import { visibleText } from "../../text/visible.ts";
import type { CompareClient } from "../client/compareClient.ts";
import type { NamedRun, Persisted } from "../state/persisted.ts";
import { samplesCsv } from "../state/tables.ts";
import { sources } from "../state/words.ts";
import { Part } from "./Part.tsx";
import { PAGE, SampleTable } from "./SampleTable.tsx";

export interface OpenedSample {
  run: string;
  source: RowSource;
  sample: string;
  step: number;
}

export interface SamplesProps {
  client: CompareClient;
  runs: readonly NamedRun[];
  overview: Overview;
  kept: Persisted;
  keep(changes: Partial<Persisted>): void;
  open(sample: OpenedSample): void;
  save(csv: string): void;
}

export function Samples({ client, runs, overview, kept, keep, open, save }: SamplesProps) {
  const [source, setSource] = useState(kept.source);
  const [solvedBy, setSolvedBy] = useState(kept.solvedBy);
  const [against, setAgainst] = useState(1);
  const [start, setStart] = useState(0);
  const [page, setPage] = useState<SamplesPage | string>();
  const [first, second] = [runs[0], runs[against]];
  const pairing = overview[source][against] ?? null;
  const pair: [string, string] = [first?.folder ?? "", second?.folder ?? ""];
  const params = { runs: pair, source, solvedBy, start, count: PAGE };

  useEffect(() => {
    let wanted = true;
    if (!pairing?.paired) setPage(undefined);
    else
      client.samples(params).then(
        (answer) => {
          if (!wanted) return;
          setPage(answer);
          // There may be fewer rows than when somebody turned this far.
          if (answer.rows.length === 0 && answer.total > 0) setStart(0);
        },
        (error: unknown) => {
          if (!(error instanceof RequestFailed)) throw error;
          if (wanted) setPage(error.message);
        },
      );
    return () => {
      wanted = false;
    };
    // The results say when rows may have changed.
  }, [overview, source, solvedBy, against, start]);

  if (!first || !second) return null;
  const names = [first, second].map(({ title }) => visibleText(title));
  const exportAll = async (): Promise<void> => {
    const rows: DifferingSample[] = [];
    for (let total = 1; rows.length < total; ) {
      const next = await client.samples({ ...params, start: rows.length, count: MOST_SAMPLES });
      rows.push(...next.rows);
      total = next.rows.length === 0 ? 0 : next.total;
    }
    save(samplesCsv([first, second], rows));
  };
  return (
    <Part
      id="samples"
      title="Rows whose outcome differs"
      exported="rows whose outcome differs"
      save={() => {
        // Why it was refused takes the place of the rows.
        exportAll().catch((error: unknown) => setPage(error instanceof Error ? error.message : String(error)));
      }}
    >
      <div class="choices">
        <Choice
          label="Rows"
          value={source}
          options={Object.entries(sources).map(([value, { title }]) => ({ value, text: title }))}
          onChange={(value) => {
            const chosen: RowSource = value === "training" ? value : "heldOut";
            setSource(chosen);
            setStart(0);
            keep({ source: chosen });
          }}
        />
        {runs.length > 2 && (
          <Choice
            label="First run against"
            value={String(against)}
            options={runs.slice(1).map(({ title }, index) => ({ value: String(index + 1), text: visibleText(title) }))}
            onChange={(value) => {
              setAgainst(Number(value));
              setStart(0);
            }}
          />
        )}
        <Choice
          label="Solved by"
          value={solvedBy}
          options={[
            { value: "any", text: "One of the two" },
            { value: "first", text: `Only ${names[0]}` },
            { value: "second", text: `Only ${names[1]}` },
          ]}
          onChange={(value) => {
            const chosen: SolvedBy = value === "first" || value === "second" ? value : "any";
            setSolvedBy(chosen);
            setStart(0);
            keep({ solvedBy: chosen });
          }}
        />
      </div>
      {!pairing?.paired && <p class="dim">{pairing?.note ?? "These runs cannot be compared row by row."}</p>}
      {typeof page === "string" && (
        <p class="warning" role="alert">
          {visibleText(page)}
        </p>
      )}
      {typeof page === "object" && pairing?.paired && (
        <SampleTable
          page={page}
          runs={[first, second]}
          open={(run, sample) => open({ run: run.folder, source, sample, step: page.steps[run === first ? 0 : 1] })}
          turn={setStart}
        />
      )}
    </Part>
  );
}
