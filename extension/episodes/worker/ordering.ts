/** Which episodes a query wants, and in which order. */
import type { EpisodeQuery, EpisodeRow, EpisodeSort } from "../../../schemas/episodesView.ts";

/** The rows that are wanted, in order. */
export function listed(rows: Iterable<EpisodeRow>, query: EpisodeQuery): EpisodeRow[] {
  const wanted = wants(query);
  return [...rows].filter(wanted).sort(ORDERS[query.sort]);
}

function wants({ text, correct, end, tool, category, from, happened }: EpisodeQuery): (row: EpisodeRow) => boolean {
  const needle = text.trim().toLowerCase();
  const has = (part: string): boolean => part.toLowerCase().includes(needle);
  return (row) =>
    (needle === "" || has(row.question) || has(row.query)) &&
    (correct === "any" || row.correct === (correct === "correct")) &&
    (end === "any" || row.end === end) &&
    (category === null || row.category === category) &&
    wantsTool(tool, row) &&
    wantsOrigin(from, row) &&
    (happened === "anything" || row[happened] > 0);
}

function wantsTool(tool: EpisodeQuery["tool"], { tools }: EpisodeRow): boolean {
  if (tool.is === "any") return true;
  return tool.is === "none" ? tools.length === 0 : tools.includes(tool.name);
}

function wantsOrigin(from: EpisodeQuery["from"], { phase, step }: EpisodeRow): boolean {
  if (typeof from === "object") return phase === "played" && step === from.step;
  return from === "any" || phase === from;
}

type Order = (a: EpisodeRow, b: EpisodeRow) => number;

/** Those of the data set come before those of any evaluation, as they did. */
const byTime: Order = (a, b) => Number(a.phase === "played") - Number(b.phase === "played") || a.step - b.step;
const byPlace: Order = (a, b) => a.place - b.place || a.episode - b.episode;
const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
/** What is not known stands last, whichever way the others are ordered. */
const byNumber =
  (of: (row: EpisodeRow) => number | null, sign: 1 | -1): Order =>
  (a, b) => {
    const [one, other] = [of(a), of(b)];
    if (one === null || other === null) return Number(one === null) - Number(other === null);
    return sign * (one - other);
  };

const oldest: Order = (a, b) => byTime(a, b) || byPlace(a, b);
const newest: Order = (a, b) => byTime(b, a) || byPlace(a, b);
const then =
  (first: Order): Order =>
  (a, b) =>
    first(a, b) || newest(a, b);

const correctness = ({ correct }: EpisodeRow): number | null => (correct === null ? null : Number(correct));

const ORDERS: Record<EpisodeSort, Order> = {
  newest,
  oldest,
  // A question's way through the run.
  question: (a, b) => byText(a.question, b.question) || oldest(a, b),
  category: then((a, b) => byText(a.category ?? "\uffff", b.category ?? "\uffff")),
  wrongFirst: then(byNumber(correctness, 1)),
  correctFirst: then(byNumber(correctness, -1)),
  turnsUp: then(byNumber(({ turns }) => turns, 1)),
  turnsDown: then(byNumber(({ turns }) => turns, -1)),
  returnUp: then(byNumber((row) => row.return, 1)),
  returnDown: then(byNumber((row) => row.return, -1)),
};
