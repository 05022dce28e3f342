/** Three ways to show a run in a terminal: drawn over and over, line by line, or as JSON. */
import logUpdate from "log-update";
import { plain, visible } from "../toolcalls/display.ts";
import type { RunEvent } from "../training/client/runView.ts";
import { lineOf, type RunLines } from "./view.ts";

export interface Output {
  /** A message to the person; with --json, on stderr. */
  say(text: string): void;
  /** A result; printed as JSON where that was asked for, else by `text`, if that says anything. */
  result(value: Record<string, unknown>, text: () => string): void;
  event(event: RunEvent, view: RunLines): void;
  /** Leaves what is drawn on the screen as it is. */
  done(): void;
}

const LINE = 4000;

export function outputFor(json: boolean): Output {
  if (json) return jsonOutput;
  return canRedraw() ? new LiveOutput() : new LineOutput();
}

/** A terminal of unknown size shows nothing of what is drawn over. */
function canRedraw(): boolean {
  const { isTTY, columns = 0, rows = 0 } = process.stdout;
  return isTTY && columns > 0 && rows > 0 && process.env.TERM !== "dumb";
}

const jsonOutput: Output = {
  say: (text) => process.stderr.write(`${visible(text)}\n`),
  result: (value) => process.stdout.write(`${visible(JSON.stringify(value))}\n`),
  event: (event) => process.stdout.write(`${visible(JSON.stringify(event))}\n`),
  done: () => {},
};

class LineOutput implements Output {
  #state = "";

  say(text: string): void {
    process.stdout.write(`${visible(text)}\n`);
  }

  result(_value: Record<string, unknown>, text: () => string): void {
    const said = text();
    if (said) this.say(said);
  }

  event(event: RunEvent, view: RunLines): void {
    const line = lineOf(event, view);
    if (line !== undefined) this.say(plain(line, LINE));
    if (event.event === "state" && event.state !== this.#state) {
      if (event.state !== "running" || this.#state !== "") this.say(event.state);
      this.#state = event.state;
    }
  }

  done(): void {}
}

class LiveOutput implements Output {
  say(text: string): void {
    logUpdate.clear();
    process.stdout.write(`${visible(text)}\n`);
  }

  result(_value: Record<string, unknown>, text: () => string): void {
    const said = text();
    if (said) this.say(said);
  }

  event(event: RunEvent, view: RunLines): void {
    if (event.event === "log" && event.level !== "info") this.say(plain(`${event.level}: ${event.message}`, LINE));
    logUpdate(
      view
        .lines()
        .map((line) => plain(line, LINE))
        .join("\n"),
    );
  }

  done(): void {
    logUpdate.done();
  }
}
