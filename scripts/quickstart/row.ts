/** One row: a query, the tools offered for it, and the calls that answer it. */
import { isDeepStrictEqual } from "node:util";
import type { ToolCall } from "../../schemas/samples.ts";
import { neighbours, tools } from "./domains/index.ts";
import { smallTalk } from "./domains/smallTalk.ts";
import type { Part } from "./partition.ts";
import { againPhrasingsOf, join, phrasingsOf } from "./phrasing.ts";
import type { Random } from "./random.ts";
import { type Conventions, drawRequest, type Request } from "./request.ts";
import type { ToolSpec } from "./toolSpec.ts";

export type Category = "single" | "several" | "parallel" | "none";

/** single: one call. several: two tools. parallel: one tool twice. none: no offered tool fits, the answer is empty. */
export const categoryShares: readonly (readonly [Category, number])[] = [
  ["single", 0.6],
  ["several", 0.13],
  ["parallel", 0.13],
  ["none", 0.14],
];

export interface Row {
  category: Category;
  query: string;
  offered: ToolSpec[];
  answer: ToolCall[];
  /** What was asked for; the request that no offered tool answers included. */
  requests: Request[];
  phrasings: string[];
  free: string[];
}

/** How many tools a prompt offers, before the ones that the answer needs are counted. */
const offeredShares: readonly (readonly [number, number])[] = [
  [1, 0.2],
  [2, 0.35],
  [3, 0.3],
  [4, 0.15],
];

/** How often a distractor comes from the domain of the tool that is asked for. */
const NEAR = 0.5;

function offer(random: Random, needed: readonly ToolSpec[], near: ToolSpec | undefined, missing: boolean): ToolSpec[] {
  const offered = new Set(needed);
  const wanted = Math.max(needed.length, random.weighted(offeredShares));
  while (offered.size < wanted) {
    const close = near && random.chance(NEAR) ? neighbours(near) : tools;
    const tool = random.pick(close);
    if (!(missing && tool === near)) offered.add(tool);
  }
  return random.shuffled([...offered]);
}

function rowOf(category: Category, query: string, requests: Request[], offered: ToolSpec[], joiner: string[]): Row {
  return {
    category,
    query,
    offered,
    answer: category === "none" ? [] : requests.map((request) => request.call),
    requests,
    phrasings: [...requests.map((request) => request.phrasing), ...joiner],
    free: requests.flatMap((request) => request.free),
  };
}

function drawNone(random: Random, part: Part, tool: ToolSpec, conventions: Conventions): Row {
  const spec = random.chance(0.4) ? random.pick(smallTalk) : tool;
  const request = drawRequest(random, part, spec, phrasingsOf(spec, part), conventions);
  return rowOf("none", request.sentence, [request], offer(random, [], tool, true), []);
}

/** Draws a row of the category that needs the tool (or, for `none`, in which the tool is not offered). */
export function drawRow(random: Random, part: Part, category: Category, tool: ToolSpec, conventions: Conventions): Row {
  if (category === "none") return drawNone(random, part, tool, conventions);
  const first = drawRequest(random, part, tool, phrasingsOf(tool, part), conventions);
  if (category === "single") return rowOf(category, first.sentence, [first], offer(random, [tool], tool, false), []);
  if (category === "parallel") {
    for (;;) {
      const second = drawRequest(random, part, tool, againPhrasingsOf(tool, part), conventions);
      if (isDeepStrictEqual(second.call, first.call)) continue;
      return rowOf(
        category,
        `${first.sentence} ${second.sentence}`,
        [first, second],
        offer(random, [tool], tool, false),
        [],
      );
    }
  }
  const other = random.pick(tools.filter((candidate) => candidate !== tool));
  const second = drawRequest(random, part, other, phrasingsOf(other, part), conventions);
  const { query, phrasing } = join(random, part, first.sentence, second.sentence);
  return rowOf(category, query, [first, second], offer(random, [tool, other], tool, false), [phrasing]);
}
