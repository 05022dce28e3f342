/** The chat template of a Hugging Face model directory: messages and tools to the text the policy was trained on. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Environment, Interpreter, Template } from "@huggingface/jinja";
import { InputError } from "../../schemas/problem.ts";
import type { Tool } from "../../schemas/tools.ts";
import { plain } from "../toolcalls/display.ts";
import { isExactNumber, isJsonObject } from "../toolcalls/json.ts";
import { readModelJson, specialTokens } from "./modelFile.ts";

export interface ChatMessage {
  role: "system" | "user" | "assistant";
  content: string;
  tool_calls?: { type: "function"; function: { name: string; arguments: Record<string, unknown> } }[];
}

/** Variables of one rendering, as the library holds them; its own type declarations do not resolve under Node's module rules. */
interface Variables {
  set(name: string, value: unknown): unknown;
}

export class ChatTemplate {
  /** The file the template was read from. */
  readonly file: string;
  readonly #program: unknown;
  readonly #special: ReadonlyMap<string, string>;

  /** @throws InputError when the directory has no chat template, or one that cannot be parsed */
  static load(modelDir: string): ChatTemplate {
    const config = readModelJson(modelDir, "tokenizer_config.json");
    const own = join(modelDir, "chat_template.jinja");
    if (existsSync(own)) return new ChatTemplate(own, readFileSync(own, "utf8"), specialTokens(config));
    const file = join(modelDir, "tokenizer_config.json");
    const source = templateOf(config.chat_template);
    if (source !== undefined) return new ChatTemplate(file, source, specialTokens(config));
    const sentence =
      "The model directory has no chat template, neither chat_template.jinja nor this key; take an instruct model.";
    throw new InputError(sentence, { file, key: "chat_template" });
  }

  private constructor(file: string, source: string, special: ReadonlyMap<string, string>) {
    this.file = file;
    this.#special = special;
    try {
      this.#program = new Template(source).parsed;
    } catch (error) {
      throw new InputError(`The chat template cannot be parsed: ${plain((error as Error).message, 200)}.`, { file });
    }
  }

  /**
   * The prompt text, special tokens included. A function of its arguments alone: see FIXED_DATE.
   * @throws InputError naming the template when it fails on these messages
   */
  render(messages: ChatMessage[], tools: Tool[], addGenerationPrompt: boolean): string {
    const exact: string[] = [];
    const environment = globals();
    for (const [name, text] of this.#special) environment.set(name, text);
    environment.set(
      "messages",
      messages.map((message) => withoutExactNumbers(message, exact)),
    );
    environment.set("tools", tools.length === 0 ? null : tools);
    environment.set("add_generation_prompt", addGenerationPrompt);
    let text: unknown;
    try {
      text = new Interpreter(environment).run(this.#program).value;
    } catch (error) {
      const sentence = `The chat template fails on these messages: ${plain((error as Error).message, 200)}.`;
      throw new InputError(sentence, { file: this.file });
    }
    return withExactNumbers(String(text), exact);
  }
}

/** A directory may name several templates; the one for tools is wanted here. */
function templateOf(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  if (!Array.isArray(value)) return undefined;
  const named = (name: string): unknown => value.find((entry) => isJsonObject(entry) && entry.name === name)?.template;
  const template = named("tool_use") ?? named("default");
  return typeof template === "string" ? template : undefined;
}

/** What transformers offers a template (`apply_chat_template`), the clock excepted. */
function globals(): Variables {
  const environment: Variables = new Environment();
  for (const [name, value] of [
    ["true", true],
    ["false", false],
    ["none", null],
  ] as const) {
    environment.set(name, value);
    environment.set(name.charAt(0).toUpperCase() + name.slice(1), value);
  }
  environment.set("raise_exception", (message: string) => {
    throw new Error(message);
  });
  environment.set("range", (from: number, to?: number, step = 1) => {
    const [start, end] = to === undefined ? [0, from] : [from, to];
    return Array.from({ length: Math.max(0, Math.ceil((end - start) / step)) }, (_, index) => start + index * step);
  });
  environment.set("strftime_now", (format: string) =>
    format.replace(/%-?([A-Za-z])/g, (directive, letter: string) => FIXED_DATE[letter] ?? directive),
  );
  return environment;
}

/**
 * Some templates write today's date into the prompt, which would make a resumed run differ from an uninterrupted one.
 * They get the date that Llama 3's own template falls back to: Friday, 26 July 2024.
 */
const FIXED_DATE: Record<string, string> = {
  d: "26",
  m: "07",
  y: "24",
  Y: "2024",
  b: "Jul",
  B: "July",
  a: "Fri",
  A: "Friday",
  H: "00",
  I: "12",
  M: "00",
  S: "00",
  p: "AM",
};

/** The template language knows doubles only, so exact numbers pass it as marked texts and are put back in its output. */
function withoutExactNumbers(value: unknown, exact: string[]): unknown {
  if (isExactNumber(value)) return `\0${exact.push(value.rawJSON) - 1}\0`;
  if (Array.isArray(value)) return value.map((item) => withoutExactNumbers(item, exact));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutExactNumbers(item, exact)]));
}

function withExactNumbers(text: string, exact: string[]): string {
  if (exact.length === 0) return text;
  return text.replace(/"\\u0000(\d+)\\u0000"/g, (marked, index: string) => exact[Number(index)] ?? marked);
}
