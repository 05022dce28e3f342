/** Where memory ran out in a run, from its store and into it. */
import { Type } from "@sinclair/typebox";
import { follows } from "../../toolcalls/check.ts";
import { type Cuts, MEMORY_CUT, type MemoryCut } from "../engine/memoryGuard.ts";

const count = Type.Integer({ minimum: 0 });
const StoredCut = Type.Object({
  place: Type.Unsafe<MemoryCut["place"]>(Type.Array(count, { minItems: 3, maxItems: 3 })),
  limits: Type.Object({ microBatchTokens: count, maxSequences: count }),
});

/** The parts of the store's reader and writer that are needed. */
interface Events {
  events(query: { after: number; kind: string; limit: number }): { data: Record<string, unknown> }[];
}
interface EventStore {
  recordEvent(event: { step: number; kind: string; key: string; data: Record<string, unknown> }): void;
}

/** Each halves a limit, so there is room for all of them. */
const MOST = 1000;

export const storedCuts = (reader: Events): MemoryCut[] =>
  reader.events({ after: 0, kind: MEMORY_CUT, limit: MOST }).flatMap(({ data }) => {
    const { place, limits } = data;
    const cut = { place, limits };
    return follows(StoredCut, cut) ? [cut] : [];
  });

/** @param known from earlier servers and engines of the run; new ones join it */
export function cutsInto(known: MemoryCut[], store: EventStore, tell: (sentence: string) => void): Cuts {
  return {
    known,
    remember: (cut, sentence) => {
      const key = [...cut.place, cut.limits.microBatchTokens, cut.limits.maxSequences].join(":");
      store.recordEvent({ step: cut.place[0], kind: MEMORY_CUT, key, data: { ...cut, sentence } });
      known.push(cut);
      tell(sentence);
    },
  };
}
