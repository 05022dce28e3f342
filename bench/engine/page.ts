/** The engine's page and its numbers: tables of parts in their sections, each of which another run of that part replaces. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, type Result, rowsTable } from "../report.ts";
import type { Bench } from "./bench.ts";
import { plotOf } from "./growth.ts";
import { partsOf, sectionOf } from "./parts.ts";

export interface PartResult extends Result {
  /** Null where none were measured. */
  peers: string | null;
  /** Share of the processors that the machine's host gave to others meanwhile, where that is known. */
  stolen?: number | undefined;
}

const TITLES: Record<string, string> = {
  update: "Updates",
  sampling: "Sampling",
  step: "Whole steps",
  growth: "As the work grows",
};

export class EnginePage {
  readonly #bench: Bench;
  readonly #title: string;
  readonly #parts: Record<string, PartResult>;

  /** @param software the driver of the device computes on the CPU */
  constructor(bench: Bench, { software }: { software: boolean }) {
    this.#bench = bench;
    this.#title =
      bench.device === "cpu"
        ? "Engine"
        : `Engine on ${bench.device}${software ? " of a driver that computes on the CPU" : ""}`;
    const file = this.#file("json");
    this.#parts = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Record<string, PartResult>) : {};
  }

  put(key: string, result: PartResult): void {
    this.#parts[key] = result;
    const kept = Object.fromEntries(this.#inOrder());
    writeFileSync(this.#file("json"), `${JSON.stringify(kept, null, 2)}\n`);
    writeFileSync(this.#file("md"), this.text());
  }

  text(): string {
    const { device, peerDevice } = this.#bench;
    const command = `npm run bench:engine${device === "cpu" ? "" : ` -- --device ${device}`}`;
    const sections = Object.entries(TITLES).flatMap(([section, title]) => {
      const results = this.#inOrder().filter(([key]) => sectionOf(key) === section);
      return results.length === 0 ? [] : ["", `## ${title}`, ...this.#section(section, results)];
    });
    return [
      `# ${this.#title}`,
      "",
      `Made by \`${command}\`; medians over rounds in which ours and the peer took turns, peers on ${peerDevice}.`,
      ...sections,
      "",
    ].join("\n");
  }

  /** Those of the plan that were measured. */
  #inOrder(): [key: string, result: PartResult][] {
    return partsOf(this.#bench.plan).flatMap(({ key }) => {
      const result = this.#parts[key];
      return result === undefined ? [] : [[key, result]];
    });
  }

  /** What was measured in the same sitting on the same machine is in one table. */
  #section(section: string, results: readonly [key: string, result: PartResult][]): string[] {
    const tables = Map.groupBy(results, ([, result]) => sittingOf(result));
    return [
      ...[...tables].flatMap(([sitting, parts]) => [
        "",
        sitting,
        "",
        ...rowsTable(parts.flatMap(([, { rows }]) => rows)),
      ]),
      ...(section === "growth"
        ? [
            "",
            "By count, an operator takes as long as its counted operations or its counted bytes do, whichever is more, and one follows the other " +
              "(bench/engine/costs.ts). Caches keep some of those bytes, so times by count are above what is measured; what they explain is the growth.",
            "",
            `![Time by batch, context and width](${plotOf(this.#bench)})`,
          ]
        : []),
    ];
  }

  #file(extension: "json" | "md"): string {
    return join(this.#bench.out, `${this.#bench.name}.${extension}`);
  }
}

function sittingOf({ made, machine, otherLoad, rounds, peers, stolen }: PartResult): string {
  return [
    `${made}, ${rounds} rounds unless a row's work says fewer.`,
    describe(machine, otherLoad),
    ...(stolen === undefined
      ? []
      : [`Its host gave ${Math.round(100 * stolen)} % of the cores' time to others meanwhile.`]),
    `Peers: ${peers ?? "no peers"}.`,
  ].join(" ");
}
