/** The engine's page and its numbers: a section for each part, which another run of that part replaces. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, type Result, rowsTable } from "../report.ts";
import type { Bench } from "./bench.ts";
import { plotOf } from "./growth.ts";

export interface PartResult extends Result {
  /** Null where none were measured. */
  peers: string | null;
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

  put(part: string, result: PartResult): void {
    this.#parts[part] = result;
    writeFileSync(this.#file("json"), `${JSON.stringify(this.#parts, null, 2)}\n`);
    writeFileSync(this.#file("md"), this.text());
  }

  text(): string {
    const { device, peerDevice } = this.#bench;
    const command = `npm run bench:engine${device === "cpu" ? "" : ` -- --device ${device}`}`;
    const sections = Object.keys(TITLES).flatMap((part) => {
      const result = this.#parts[part];
      return result === undefined ? [] : ["", `## ${TITLES[part]}`, "", ...this.#section(part, result)];
    });
    return [
      `# ${this.#title}`,
      "",
      `Made by \`${command}\`; medians over rounds in which ours and the peer took turns, peers on ${peerDevice}.`,
      ...sections,
      "",
    ].join("\n");
  }

  #section(part: string, { made, machine, otherLoad, rounds, peers, rows }: PartResult): string[] {
    const peersText = peers === null ? "no peers" : peers;
    return [
      `${made}, ${rounds} rounds unless a row's work says fewer. ${describe(machine, otherLoad)} Peers: ${peersText}.`,
      "",
      ...rowsTable(rows),
      ...(part === "growth"
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
