/** Results of the runs side by side, and each one's difference from the first. */
import type { Accuracy } from "../../../schemas/accuracy.ts";
import type { Overview, PairedDifference, RowSource } from "../../../schemas/compareView.ts";
import { visibleText } from "../../text/visible.ts";
import { counted, percent } from "../../words/numbers.ts";
import type { Known } from "../state/known.ts";
import { resultsCsv } from "../state/tables.ts";
import {
  differenceText,
  intervalText,
  METHOD,
  pText,
  type Result,
  resultOfEvaluation,
  resultOfProbe,
  sources,
} from "../state/words.ts";
import { Part, Scrolling } from "./Part.tsx";

export interface ResultsProps {
  known: readonly Known[];
  overview: Overview;
  save(csv: string): void;
}

export function Results({ known, overview, save }: ResultsProps) {
  const asked = (["heldOut", "training"] as const).filter((source) => known.some((run) => resultOf(run, source)));
  return (
    <Part id="results" title="Results" exported="results" save={() => save(resultsCsv(known, overview))}>
      {asked.length === 0 && (
        <p class="dim">
          None of the runs has been evaluated or probed yet. An experiment with held-out samples is evaluated before its
          first step.
        </p>
      )}
      {asked.map((source) => (
        <ResultTable key={source} source={source} known={known} overview={overview} />
      ))}
      {asked.length > 0 && <p class="dim">{METHOD}</p>}
      <Categories known={known} />
    </Part>
  );
}

function resultOf({ described }: Known, source: RowSource): Result | undefined {
  const { heldOut, probed } = described;
  if (source === "training") return probed ? resultOfProbe(probed) : undefined;
  return heldOut.newest ? resultOfEvaluation(heldOut.newest) : undefined;
}

function ResultTable({ source, known, overview }: { source: RowSource; known: readonly Known[]; overview: Overview }) {
  const { title, about } = sources[source];
  const reach = Math.max(
    0.01,
    ...overview[source].flatMap((pairing) =>
      pairing?.paired ? [Math.abs(pairing.paired.low), Math.abs(pairing.paired.high)] : [],
    ),
  );
  return (
    <Scrolling label={`${title}, scrolls`}>
      <table class="side-by-side">
        <caption>
          <strong>{title}</strong> <span class="dim">{about}</span>
        </caption>
        <thead>
          <tr>
            <th scope="col">Run</th>
            <th scope="col" class="digits">
              At step
            </th>
            <th scope="col" class="digits">
              Solved
            </th>
            <th scope="col" class="digits">
              Share
            </th>
            <th scope="col">Difference</th>
            <th scope="col" class="digits">
              Only the first
            </th>
            <th scope="col" class="digits">
              Only this one
            </th>
            <th scope="col" class="digits">
              p
            </th>
          </tr>
        </thead>
        <tbody>
          {known.map((run, place) => {
            const result = resultOf(run, source);
            const pairing = overview[source][place] ?? null;
            return (
              <tr key={run.folder}>
                <th scope="row">{visibleText(run.title)}</th>
                {result ? <Shares {...result} /> : <td colSpan={3}>not asked</td>}
                {pairing?.paired ? (
                  <Difference paired={pairing.paired} note={pairing.note} reach={reach} />
                ) : (
                  <td colSpan={4} class="dim">
                    {place === 0 ? "the first run" : (pairing?.note ?? "")}
                  </td>
                )}
              </tr>
            );
          })}
        </tbody>
      </table>
    </Scrolling>
  );
}

function Shares({ step, solved, rows, share, interval }: Result) {
  return (
    <>
      <td class="digits">{counted(step)}</td>
      <td class="digits">
        {counted(solved)} of {counted(rows)}
      </td>
      <td class="digits">
        {percent(share)}
        {interval && <span class="dim"> ({intervalText(interval)})</span>}
      </td>
    </>
  );
}

interface DifferenceProps {
  paired: PairedDifference;
  note: string | null;
  /** The largest difference that the table's pictures have room for. */
  reach: number;
}

function Difference({ paired, note, reach }: DifferenceProps) {
  return (
    <>
      <td>
        <span class="difference">
          <Whisker {...paired} reach={reach} />
          {differenceText(paired)}
        </span>
        {note !== null && <p class="warning">{note}</p>}
      </td>
      <td class="digits">{counted(paired.onlyFirst)}</td>
      <td class="digits">{counted(paired.onlySecond)}</td>
      <td class="digits">{pText(paired.p)}</td>
    </>
  );
}

/** The interval around its difference, with a line at none; the numbers beside it say the same. */
function Whisker({ difference, low, high, reach }: PairedDifference & { reach: number }) {
  const at = (share: number): number => 60 + 56 * (share / reach);
  return (
    <svg class="whisker" width="120" height="14" aria-hidden="true">
      <line class="none" x1="60" x2="60" y1="0" y2="14" />
      <line x1={at(low)} x2={at(high)} y1="7" y2="7" />
      <line x1={at(low)} x2={at(low)} y1="4" y2="10" />
      <line x1={at(high)} x2={at(high)} y1="4" y2="10" />
      <circle cx={at(difference)} cy="7" r="3" />
    </svg>
  );
}

/** Categories of the held-out rows. Rows are stored without theirs, so that there is no pairing here. */
function Categories({ known }: { known: readonly Known[] }) {
  const names = [...new Set(known.flatMap(({ described }) => Object.keys(described.heldOut.newest?.categories ?? {})))];
  if (names.length < 2) return null;
  return (
    <details>
      <summary>Held-out rows by category ({names.length})</summary>
      <Scrolling label="Held-out rows by category, scrolls">
        <table class="side-by-side">
          <thead>
            <tr>
              <th scope="col">Category</th>
              {known.map(({ folder, title }) => (
                <th key={folder} scope="col" class="digits">
                  {visibleText(title)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {names.sort().map((name) => (
              <tr key={name}>
                <th scope="row">{visibleText(name)}</th>
                {known.map(({ folder, described }) => (
                  <td key={folder} class="digits">
                    <OfCategory accuracy={described.heldOut.newest?.categories[name]} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Scrolling>
    </details>
  );
}

function OfCategory({ accuracy }: { accuracy: Accuracy | undefined }) {
  if (!accuracy) return <span class="dim">–</span>;
  return (
    <>
      {percent(accuracy.value)}{" "}
      <span class="dim">
        ({intervalText(accuracy)}; {counted(accuracy.correct)} of {counted(accuracy.rows)})
      </span>
    </>
  );
}
