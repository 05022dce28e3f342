/**
 * The tools of episodes, and what they answer: the question's own recorded results, those of a file, a function of the researcher's.
 * Whatever a tool does wrong is an observation in one sentence, for the policy to read; it ends nothing.
 */
import type { ResolvedExperiment } from "../../../schemas/experiment.ts";
import { InputError } from "../../../schemas/problem.ts";
import type { Question } from "../../../schemas/questions.ts";
import type { SparkSettings } from "../../../schemas/spark.ts";
import { argumentFaults, describeArgumentFault } from "../../toolcalls/argumentFaults.ts";
import type { ToolMap } from "../../toolcalls/catalog.ts";
import { plain } from "../../toolcalls/display.ts";
import { endWithHint } from "../../toolcalls/nearest.ts";
import { ToolSchema } from "../../toolcalls/toolSchema.ts";
import { Cut, OwnCode } from "../ownCode/ownCode.ts";
import { jsonTextOf } from "./jsonText.ts";
import { callText, loadResults, type Results, resultsOf } from "./results.ts";
import type { Action } from "./turn.ts";

/**
 * Why an observation is no result: the call is none that the tool takes (refused), the tool threw or returned nothing that can be read
 * (failed), a limit ended it (cut), nobody knows what it would answer (none), the action could not be read (broken).
 */
export type Trouble = "refused" | "failed" | "cut" | "none" | "broken";

export interface Observation {
  text: string;
  trouble?: Trouble;
}

type Call = Extract<Action, { kind: "call" }>;

export interface EnvironmentOptions {
  files: ResolvedExperiment["environment"];
  limits: SparkSettings["functions"];
  tools: ToolMap;
}

const WORDS = { whole: "file of tools", call: "the call", settings: "settings.spark.functions" };
const LONGEST_MESSAGE = 300;
const NOTHING: Results = new Map();

export class Environment {
  readonly #tools: ToolMap;
  readonly #recorded: Results;
  readonly #functions: OwnCode | undefined;

  private constructor(tools: ToolMap, recorded: Results, functions: OwnCode | undefined) {
    this.#tools = tools;
    this.#recorded = recorded;
    this.#functions = functions;
  }

  /** @throws InputError where a file cannot be read or loaded, or has a tool that no catalog defines */
  static async open({ files = {}, limits, tools }: EnvironmentOptions): Promise<Environment> {
    const recorded = files.results === undefined ? NOTHING : loadResults(files.results, tools);
    if (files.functions === undefined) return new Environment(tools, recorded, undefined);
    const file = files.functions;
    const functions = await OwnCode.load({ file, exports: "functions", limits, words: WORDS });
    const unknown = functions.names.find((name) => !tools.has(name));
    if (unknown === undefined) return new Environment(tools, recorded, functions);
    await functions.dispose();
    throw new InputError(
      `No catalog defines a tool for the function "${plain(unknown)}"${endWithHint(unknown, tools.keys())}`,
      { file },
    );
  }

  /** Tools among these that no function answers for, and no result is recorded of in the file. */
  unanswered(names: Iterable<string>): string[] {
    const called = new Set(Array.from(this.#recorded.keys(), (text) => nameIn(text)));
    return [...new Set(names)].filter((name) => !called.has(name) && !this.#functions?.names.includes(name));
  }

  /** Never rejects. */
  async observe(question: Question, action: Exclude<Action, { kind: "answer" }>): Promise<Observation> {
    if (action.kind === "broken") return { text: `This action cannot be read: ${action.fault}.`, trouble: "broken" };
    const recorded = this.#recordedFor(question, action);
    if (recorded !== undefined) return answered(recorded.result);
    const refusal = this.#refusal(question, action);
    if (refusal !== undefined) return { text: refusal, trouble: "refused" };
    if (!this.#functions?.names.includes(action.name))
      return { text: `The tool "${action.name}" has no result for this call.`, trouble: "none" };
    return this.#called(this.#functions, action);
  }

  async dispose(): Promise<void> {
    await this.#functions?.dispose();
  }

  #recordedFor(question: Question, call: Call): { result: unknown } | undefined {
    if (!question.tools.includes(call.name)) return undefined;
    const text = callText(call);
    return resultsOf(question).get(text) ?? this.#recorded.get(text);
  }

  #refusal({ tools }: Question, { name, arguments: values }: Call): string | undefined {
    const tool = tools.includes(name) ? this.#tools.get(name) : undefined;
    if (tool === undefined) return `There is no tool "${plain(name)}" here${endWithHint(name, tools)}`;
    const [fault] = argumentFaults(ToolSchema.of(tool.function.parameters), { ...values });
    return fault && describeArgumentFault(name, fault);
  }

  async #called(functions: OwnCode, { name, arguments: values }: Call): Promise<Observation> {
    try {
      // As a double each: a number of any length has no way into a function of JavaScript.
      const outcome = await functions.call(JSON.parse(JSON.stringify(values)), name);
      return outcome.kind === "value" ? answered(outcome.value) : failed(outcome.message);
    } catch (error) {
      if (!(error instanceof Cut)) throw error;
      return { ...failed(error.message), trouble: "cut" };
    }
  }
}

function answered(result: unknown): Observation {
  if (typeof result === "string") return { text: result };
  const text = jsonTextOf(result);
  return text === undefined ? failed("it returned nothing that can be written as JSON") : { text };
}

const failed = (why: string): Observation => ({
  text: `The tool failed: ${plain(why.replace(/\.$/, ""), LONGEST_MESSAGE)}.`,
  trouble: "failed",
});

function nameIn(call: string): string {
  const [name] = JSON.parse(call) as [string];
  return name;
}
