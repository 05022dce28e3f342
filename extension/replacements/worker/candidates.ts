/** What could be shown before a sample's question: other rows and demonstrations, the likeliest help first. */
import type { Candidate } from "../../../schemas/replacementView.ts";
import type { Demonstration, Sample } from "../../../schemas/samples.ts";
import { plain, showValue } from "../../../server/toolcalls/display.ts";
import { givesAway } from "../../../server/toolcalls/replacements.ts";

/** Of one answer; a person reads no more. */
const MOST = 50;

interface Ranked {
  entry: Demonstration;
  shared: string[];
  /** Jaccard index of the words of both questions, 0 … 1. */
  alike: number;
}

/**
 * Ranked by how many of the sample's tools an entry calls, then by how alike the questions are.
 *
 * @param taken questions of demonstrations that the edit has already
 * @param search part of a question, a tool or an id; empty for all
 */
export function rankCandidates(
  sample: Sample,
  pool: Iterable<Demonstration>,
  taken: ReadonlySet<string>,
  search: string,
): { candidates: Candidate[]; total: number } {
  // A row that needs no tool is helped by those it is offered.
  const wanted = new Set(sample.answer.length > 0 ? sample.answer.map(({ name }) => name) : sample.tools);
  const words = wordsOf(sample.query);
  const needle = search.trim().toLowerCase();
  const ranked: Ranked[] = [];
  for (const { id, query, answer } of pool) {
    if (id === sample.id || taken.has(query) || givesAway({ query, answer }, sample)) continue;
    if (needle !== "" && !mentions({ id, query, answer }, needle)) continue;
    const shared = [...new Set(answer.map(({ name }) => name))].filter((name) => wanted.has(name));
    ranked.push({ entry: { id, query, answer }, shared, alike: jaccard(words, wordsOf(query)) });
  }
  ranked.sort((a, b) => b.shared.length - a.shared.length || b.alike - a.alike || (a.entry.id < b.entry.id ? -1 : 1));
  return { total: ranked.length, candidates: ranked.slice(0, MOST).map(candidateOf) };
}

function candidateOf({ entry, shared, alike }: Ranked): Candidate {
  const { id, query, answer } = entry;
  const tools =
    shared.length === 0 ? "Calls none of the tools" : `Calls ${shared.map((name) => plain(name, 64)).join(", ")}`;
  const percent = Math.round(alike * 100);
  return {
    id,
    query,
    calls: answer.map((call) => `${plain(call.name, 64)} ${showValue(call.arguments, 200)}`),
    json: JSON.stringify({ query, calls: answer }, null, 2),
    reason: `${tools}; ${percent === 0 ? "no words" : `${percent} % of the words`} in common`,
  };
}

const mentions = ({ id, query, answer }: Demonstration, needle: string): boolean =>
  [id, query, ...answer.map(({ name }) => name)].some((text) => text.toLowerCase().includes(needle));

const wordsOf = (text: string): Set<string> => new Set(text.toLowerCase().match(/[\p{L}\p{N}_]+/gu));

function jaccard(left: ReadonlySet<string>, right: ReadonlySet<string>): number {
  const both = [...left].filter((word) => right.has(word)).length;
  const either = left.size + right.size - both;
  return either === 0 ? 0 : both / either;
}
