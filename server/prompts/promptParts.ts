/**
 * What the parts of a rendered prompt are: system text, tools, demonstrations, the query, and what opens the policy's turn.
 * Chat templates are programs and say nothing of it, so it is found in their output; together the parts are the whole text.
 */

export interface PromptPart {
  /** `question` and `answer` are of a demonstration. */
  kind: "system" | "tools" | "question" | "answer" | "query" | "opening";
  /** Place of the demonstration, from 0. */
  demonstration?: number;
  text: string;
}

/** Longest line that may be the head of a turn; a template without line breaks has none to tell. */
const LONGEST_HEAD = 80;

/**
 * @param toolless the same prompt with no tool offered: where it differs, the tools stand
 * @param queries of the demonstrations, in order, then that of the sample
 */
export function promptParts(text: string, toolless: string, queries: readonly string[]): PromptPart[] {
  const tools = difference(text, toolless);
  const places = queryPlaces(text, queries, tools);
  const parts: PromptPart[] = [];
  let at = 0;
  const take = (end: number, kind: PromptPart["kind"], demonstration?: number): void => {
    if (end <= at) return;
    const part = (from: number, to: number, of: PromptPart["kind"]): PromptPart => ({
      kind: of,
      ...(demonstration !== undefined && of !== "tools" && { demonstration }),
      text: text.slice(from, to),
    });
    const [from, to] = [Math.max(at, tools.from), Math.min(end, tools.to)];
    const pieces: PromptPart[] =
      from < to ? [part(at, from, kind), part(from, to, "tools"), part(to, end, kind)] : [part(at, end, kind)];
    parts.push(...pieces.filter((piece) => piece.text !== ""));
    at = end;
  };
  const last = queries.length - 1;
  for (const [index, place] of places.entries()) {
    const before = index - 1;
    if (place === undefined) continue;
    take(place.head, before < 0 ? "system" : "answer", before < 0 ? undefined : before);
    take(place.end, index === last ? "query" : "question", index === last ? undefined : index);
  }
  take(text.length, "opening");
  return parts;
}

/** Where a text differs from another that lacks one piece of it. */
function difference(text: string, without: string): { from: number; to: number } {
  const most = Math.min(text.length, without.length);
  let from = 0;
  while (from < most && text[from] === without[from]) from++;
  let same = 0;
  while (same < most - from && text[text.length - 1 - same] === without[without.length - 1 - same]) same++;
  const to = text.length - same;
  // Where the text around the piece repeats itself, the piece may as well stand further left: then at the head of a line.
  for (let slide = 0; slide <= from; slide++) {
    const start = from - slide;
    if (start === 0 || text[start - 1] === "\n") return { from: start, to: to - slide };
    if (text[start - 1] !== text[to - slide - 1]) break;
  }
  return { from, to };
}

/** Where each query stands and where its turn begins; undefined for one that the template did not write as it is. */
function queryPlaces(
  text: string,
  queries: readonly string[],
  tools: { from: number; to: number },
): ({ head: number; end: number } | undefined)[] {
  let cursor = 0;
  return queries.map((query) => {
    const wanted = query.trim();
    let start = text.indexOf(wanted, cursor);
    // A description of a tool may say the same.
    if (start >= tools.from && start < tools.to) start = text.indexOf(wanted, tools.to);
    if (start === -1) return undefined;
    const head = Math.max(cursor, tools.from < tools.to && start >= tools.to ? tools.to : 0, headBefore(text, start));
    cursor = start + wanted.length;
    return { head, end: cursor };
  });
}

/** Beginning of the line that names the speaker, with the line breaks behind it. */
function headBefore(text: string, start: number): number {
  let end = start;
  while (end > 0 && /\s/.test(text[end - 1] as string)) end--;
  const line = text.lastIndexOf("\n", end - 1) + 1;
  return end - line > LONGEST_HEAD ? start : line;
}
