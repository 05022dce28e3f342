/** How often tools and samples were hard in the last run: no completion of a round was right. Told by the client. */
import { type Static, Type } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";

const Counts = Type.Record(Type.String(), Type.Integer({ minimum: 0 }));
const HardCountsMessage = Type.Object({
  /** Name of the run, as people know it. */
  run: Type.String(),
  tools: Counts,
  samples: Counts,
});

export class HardCounts {
  #message: Static<typeof HardCountsMessage> = { run: "", tools: {}, samples: {} };

  /** @returns whether the message was one */
  take(message: unknown): boolean {
    if (!Value.Check(HardCountsMessage, message)) return false;
    this.#message = message;
    return true;
  }

  /** Undefined before a run has told. */
  ofTool(name: string): number | undefined {
    return this.#of(this.#message.tools, name);
  }

  ofSample(id: string): number | undefined {
    return this.#of(this.#message.samples, id);
  }

  get run(): string {
    return this.#message.run;
  }

  #of(counts: Readonly<Record<string, number>>, key: string): number | undefined {
    if (this.#message.run === "") return undefined;
    return Object.hasOwn(counts, key) ? counts[key] : 0;
  }
}
