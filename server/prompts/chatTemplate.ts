/** The chat template of a Hugging Face model directory: messages and tools to the text the policy was trained on. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { InputError } from "../../schemas/problem.ts";
import type { Tool } from "../../schemas/tools.ts";
import { plain } from "../toolcalls/display.ts";
import { isJsonObject } from "../toolcalls/json.ts";
import { isDict, type PythonDict, type PythonValue } from "../toolcalls/python/value.ts";
import { JinjaTemplate } from "./jinja/template.ts";
import { fromJson } from "./jinja/values.ts";
import { readModelJson } from "./modelFile.ts";
import { specialTokens } from "./specialTokens.ts";

export interface ChatMessage {
  role: "system" | "user" | "assistant" | "tool";
  content: string;
  tool_calls?: { type: "function"; function: { name: string; arguments: Record<string, unknown> } }[];
  /** Of a tool message. */
  name?: string;
}

/** How a conversation becomes the text that a model reads (chat.ts). */
export interface Chat {
  /** File of the template. */
  readonly file: string;
  /** Whether tools and calls are told in the texts of messages, in place of the template's own form. */
  readonly told: boolean;
  /** @throws InputError naming the template where it fails on these messages */
  render(messages: readonly ChatMessage[], tools: readonly Tool[], addGenerationPrompt: boolean): string;
}

interface Source {
  file: string;
  text: string;
}

interface Loaded {
  file: string;
  template: JinjaTemplate;
}

/** A directory may have several; `tool_use` is taken where tools are offered. */
const DEFAULT = "default";
const WITH_TOOLS = "tool_use";

export class ChatTemplate implements Chat {
  readonly told = false;
  /** The file the template was read from. */
  readonly file: string;
  readonly #plain: Loaded;
  readonly #withTools: Loaded;
  readonly #special: [string, PythonValue][];

  /** @throws InputError when the directory has no chat template, or one that cannot be parsed */
  static load(modelDir: string): ChatTemplate {
    const config = readModelJson(modelDir, "tokenizer_config.json");
    const file = join(modelDir, "tokenizer_config.json");
    const ofFiles = templateFiles(modelDir);
    const sources = ofFiles.size > 0 ? ofFiles : templatesOf(config.chat_template, file);
    const withTools = sources.get(WITH_TOOLS) ?? sources.get(DEFAULT);
    if (withTools === undefined) throw new InputError(whyNone(sources), { file, key: "chat_template" });
    return new ChatTemplate(sources.get(DEFAULT) ?? withTools, withTools, specialTokens(modelDir, config));
  }

  private constructor(plain: Source, withTools: Source, special: ReadonlyMap<string, string>) {
    this.file = withTools.file;
    this.#special = [...special];
    this.#withTools = loaded(withTools);
    this.#plain = plain === withTools ? this.#withTools : loaded(plain);
  }

  /**
   * The prompt text, special tokens included. A function of its arguments alone, where transformers would write today's date too.
   * @throws InputError naming the template when it fails on these messages, or takes more than any template needs
   */
  render(messages: readonly ChatMessage[], tools: readonly Tool[], addGenerationPrompt: boolean): string {
    return this.renderValues(messages.map(fromJson), tools.map(fromJson), addGenerationPrompt);
  }

  /** As render, of values whose numbers and orders of keys are as they stood in their file. */
  renderValues(messages: readonly PythonValue[], tools: readonly PythonValue[], addGenerationPrompt: boolean): string {
    const { template, file } = tools.length === 0 ? this.#plain : this.#withTools;
    const variables: [string, PythonValue][] = [
      ...this.#special,
      ["messages", messages.map(prepared)],
      ["tools", tools.length === 0 ? null : [...tools]],
      ["documents", null],
      ["add_generation_prompt", addGenerationPrompt],
    ];
    try {
      return template.render(variables);
    } catch (error) {
      const sentence = `The chat template fails on these messages: ${sentenceOf(error)}.`;
      throw new InputError(sentence, { file });
    }
  }
}

function loaded({ file, text }: Source): Loaded {
  try {
    return { file, template: new JinjaTemplate(text) };
  } catch (error) {
    throw new InputError(`The chat template cannot be parsed: ${sentenceOf(error)}.`, { file });
  }
}

const sentenceOf = (error: unknown): string => plain(error instanceof Error ? error.message : String(error), 200);

/** Files of their own count before the key of tokenizer_config.json. */
function templateFiles(modelDir: string): Map<string, Source> {
  const found = new Map<string, Source>();
  const add = (name: string, file: string): void => {
    found.set(name, { file, text: readFileSync(file, "utf8") });
  };
  const own = join(modelDir, "chat_template.jinja");
  if (existsSync(own)) add(DEFAULT, own);
  const folder = join(modelDir, "additional_chat_templates");
  for (const name of existsSync(folder) ? readdirSync(folder).sort() : [])
    if (name.endsWith(".jinja")) add(name.slice(0, -".jinja".length), join(folder, name));
  return found;
}

/** One template, or a list of named ones. */
function templatesOf(value: unknown, file: string): Map<string, Source> {
  if (typeof value === "string") return new Map([[DEFAULT, { file, text: value }]]);
  const found = new Map<string, Source>();
  for (const entry of Array.isArray(value) ? value : [])
    if (isJsonObject(entry) && typeof entry.name === "string" && typeof entry.template === "string")
      found.set(entry.name, { file, text: entry.template });
  return found;
}

/** Templates that a sentence names. */
const MOST_NAMES = 8;

function whyNone(sources: ReadonlyMap<string, Source>): string {
  if (sources.size === 0)
    return "The model directory has no chat template, neither a chat_template.jinja nor one in tokenizer_config.json; take an instruct model.";
  const names = [...sources.keys()].map((name) => `"${plain(name)}"`);
  const more = names.length > MOST_NAMES ? `, ${names.length - MOST_NAMES} more` : "";
  return `The model directory has the chat templates ${names.slice(0, MOST_NAMES).join(", ")}${more}, and none is named "${DEFAULT}" or "${WITH_TOOLS}"; rename one of them.`;
}

/** As transformers prepares a message: no members that are null, and thoughts under each of the names that templates read. */
function prepared(message: PythonValue): PythonValue {
  if (!isDict(message)) return message;
  const kept: PythonDict = new Map([...message].filter(([, value]) => value !== null));
  const thought = ["reasoning_content", "thinking", "reasoning"]
    .map((key) => kept.get(key))
    .find((text) => text !== undefined);
  if (thought === undefined) return kept;
  const thinking: PythonDict = new Map([["thinking", thought]]);
  return new Map([...thinking, ...kept]).set("reasoning_content", thought);
}
