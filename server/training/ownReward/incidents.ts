/**
 * Time limits and memory limits are no functions of the seed: which call met one is put on record at once, and a replay takes what is on
 * record instead of asking again.
 */
export interface RewardIncidents {
  /** Why the reward could not be had for this completion, where that is on record. */
  known(key: string): string | undefined;
  /** Puts it on record. @param step that the completion was drawn in */
  remember(step: number, key: string, why: string): void;
  /** A sentence for the person who looks at the run. */
  tell(sentence: string): void;
}

/** Kind of the event that a time-out leaves in the store. */
export const REWARD_INCIDENT = "reward-incident";

/** For scoring outside of a run. */
export class ForgottenIncidents implements RewardIncidents {
  readonly #tell: (sentence: string) => void;

  constructor(tell: (sentence: string) => void = () => {}) {
    this.#tell = tell;
  }

  known(): undefined {
    return undefined;
  }

  remember(): void {}

  tell(sentence: string): void {
    this.#tell(sentence);
  }
}

/** The parts of the store's reader and writer that are needed. */
interface Events {
  events(query: { after: number; kind: string; limit: number }): { sequence: number; data: Record<string, unknown> }[];
}
interface EventStore {
  recordEvent(event: { step: number; kind: string; key: string; data: Record<string, unknown> }): void;
}

const PAGE = 1000;

function* eventsIn(reader: Events): Generator<Record<string, unknown>> {
  for (let after = 0; ; ) {
    const page = reader.events({ after, kind: REWARD_INCIDENT, limit: PAGE });
    for (const { data } of page) yield data;
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return;
    after = last.sequence;
  }
}

/** Incidents in the store of a run. */
export class StoredIncidents implements RewardIncidents {
  readonly #known: Map<string, string>;
  readonly #store: EventStore;
  readonly #tell: (sentence: string) => void;

  /** @param reader of what is on record already */
  constructor(reader: Events, store: EventStore, tell: (sentence: string) => void) {
    this.#known = new Map(Array.from(eventsIn(reader), ({ completion, why }) => [String(completion), String(why)]));
    this.#store = store;
    this.#tell = tell;
  }

  known(key: string): string | undefined {
    return this.#known.get(key);
  }

  remember(step: number, key: string, why: string): void {
    this.#store.recordEvent({ step, kind: REWARD_INCIDENT, key, data: { completion: key, why } });
    this.#known.set(key, why);
  }

  tell(sentence: string): void {
    this.#tell(sentence);
  }
}
