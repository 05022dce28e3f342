/** From a sample to what the policy reads, and to what it should have written. */
import { InputError } from "../../schemas/problem.ts";
import type { Demonstration, PromptStyle, Sample, ToolCall } from "../../schemas/samples.ts";
import type { Tool } from "../../schemas/tools.ts";
import type { ToolMap } from "../toolcalls/catalog.ts";
import { plain } from "../toolcalls/display.ts";
import type { Chat, ChatMessage } from "./chatTemplate.ts";
import { type PromptPart, promptParts } from "./promptParts.ts";
import { type FreeStyle, freeStyle } from "./promptStyles.ts";
import type { Tokenizer } from "./tokenizer.ts";
import { callsText } from "./toldTools.ts";

/** Gold text of a sample or demonstration whose answer is empty. */
export const NO_TOOL_ANSWER = "None of the tools can do this.";

/** System message of the style `self-exemplify` (ToolExpander §4, Table 11: examples of its own, an analysis, the call). */
export const SELF_EXEMPLIFY_SYSTEM = `You answer requests by calling tools. Before you call one, show yourself how the tools are used.
First write at least four examples inside <examples></examples>. Write one JSON object on each line, with the keys "tool", \
"question" and "answer": the name of a tool, a request it fits, and the arguments that fulfil the request. No two examples may be alike.
Then say what the request at hand asks, and what it needs.
Then make the call or calls.`;

/** A demonstration as a prompt shows it. */
export interface ShownDemonstration extends Pick<Demonstration, "query" | "answer"> {
  /** What the assistant writes before the calls. */
  thought?: string | undefined;
}

export interface Rendered {
  text: string;
  tokens: Int32Array;
}

export interface MarkedPrompt extends Rendered {
  /** Together the whole text; each with the tokens it has by itself. */
  parts: (PromptPart & { tokens: number })[];
}

export class PromptRenderer {
  readonly #tokenizer: Tokenizer;
  readonly #chat: Chat;
  readonly #tools: ToolMap;
  readonly #style: PromptStyle;

  /** @param style of samples that name none */
  constructor(tokenizer: Tokenizer, chat: Chat, tools: ToolMap, style: PromptStyle = "tool-call") {
    this.#tokenizer = tokenizer;
    this.#chat = chat;
    this.#tools = tools;
    this.#style = style;
  }

  /**
   * The prompt up to where the policy begins to write. Demonstrations (the argument, else the sample's own) stand before
   * the query as earlier turns.
   * @throws InputError when the template fails
   */
  prompt(sample: Sample, demonstrations?: readonly ShownDemonstration[]): Rendered {
    return this.#tokenized(this.#promptText(sample, demonstrations ?? sample.demonstrations ?? []));
  }

  /** As prompt, and which part of the text is what. */
  marked(sample: Sample, demonstrations?: readonly ShownDemonstration[]): MarkedPrompt {
    const shown = demonstrations ?? sample.demonstrations ?? [];
    const rendered = this.prompt(sample, shown);
    const parts = this.#parts(rendered.text, sample, shown);
    return {
      ...rendered,
      parts: parts.map((part) => ({ ...part, tokens: this.#tokenizer.encode(part.text).length })),
    };
  }

  /**
   * Which part of a prompt is what, of a text that was rendered from the same sample and demonstrations before.
   * @returns undefined where tools or template have changed since, so that the text is another today
   * @throws InputError when the template fails
   */
  partsOf(text: string, sample: Sample, demonstrations?: readonly ShownDemonstration[]): PromptPart[] | undefined {
    const shown = demonstrations ?? sample.demonstrations ?? [];
    return text === this.#promptText(sample, shown) ? this.#parts(text, sample, shown) : undefined;
  }

  #parts(text: string, sample: Sample, shown: readonly ShownDemonstration[]): PromptPart[] {
    return promptParts(text, this.#promptText(sample, shown, []), queriesOf(sample, shown));
  }

  /**
   * What a perfect policy writes after the prompt, ending in the eos token: the gold calls as the template writes an
   * assistant turn, or the sample's own completion.
   * @throws InputError when the template's assistant turn does not continue its prompt, or does not end in eos
   */
  target(sample: Sample): Rendered {
    const eos = this.#tokenizer.eosText;
    const endings = this.#tokenizer.endingTexts;
    if (sample.completion !== undefined) {
      const { completion } = sample;
      return this.#tokenized(endings.some((text) => completion.endsWith(text)) ? completion : completion + eos);
    }
    const style = this.#styleOf(sample);
    const free = freeStyle(style);
    if (free !== undefined) return this.#tokenized(free.answer(sample.answer, NO_TOOL_ANSWER) + eos);
    if (this.#chat.told) return this.#tokenized((callsText(sample.answer) || NO_TOOL_ANSWER) + eos);
    const demonstrations = sample.demonstrations ?? [];
    const prompt = this.#promptText(sample, demonstrations);
    const messages = [...conversation(style, sample, demonstrations), answerOf(sample.answer)];
    const whole = this.#chat.render(messages, this.#offered(sample), false);
    if (!whole.startsWith(prompt)) {
      this.#refuseTemplate("writes an assistant turn that does not begin with its generation prompt");
    }
    const turn = whole.slice(prompt.length);
    const end = Math.max(
      -1,
      ...endings.filter((text) => turn.includes(text)).map((text) => turn.lastIndexOf(text) + text.length),
    );
    if (end === -1) this.#refuseTemplate(`does not end an assistant turn with ${endingNames(endings)}`);
    return this.#tokenized(turn.slice(0, end));
  }

  #promptText(sample: Sample, demonstrations: readonly ShownDemonstration[], offered = this.#offered(sample)): string {
    const style = this.#styleOf(sample);
    const free = freeStyle(style);
    if (free !== undefined) return this.#chat.render(freeConversation(free, offered, sample, demonstrations), [], true);
    return this.#chat.render(conversation(style, sample, demonstrations), offered, true);
  }

  #styleOf({ style = this.#style }: Sample): PromptStyle {
    return style;
  }

  #offered(sample: Sample): Tool[] {
    return sample.tools.map((name) => {
      const tool = this.#tools.get(name);
      if (tool === undefined)
        throw new InputError(`No catalog defines the tool "${plain(name)}" of sample "${plain(sample.id)}".`);
      return tool;
    });
  }

  #tokenized(text: string): Rendered {
    return { text, tokens: this.#tokenizer.encode(text) };
  }

  #refuseTemplate(why: string): never {
    throw new InputError(`This chat template ${why}, so supervised targets cannot be cut from it.`, {
      file: this.#chat.file,
    });
  }
}

function endingNames(endings: readonly string[]): string {
  const [first = "", ...others] = endings.map((text) => `"${plain(text)}"`);
  return others.length === 0
    ? `the tokenizer's eos token ${first}`
    : `one of the eos tokens ${[first, ...others].join(", ")}`;
}

/** In the order of their turns. */
export const queriesOf = (sample: Sample, shown: readonly ShownDemonstration[]): string[] =>
  [...shown, sample].map(({ query }) => query);

function freeConversation(
  style: FreeStyle,
  tools: readonly Tool[],
  { query }: Sample,
  demonstrations: readonly ShownDemonstration[],
): ChatMessage[] {
  const earlier = demonstrations.flatMap(({ query: asked, answer, thought }): ChatMessage[] => [
    { role: "user", content: asked },
    { role: "assistant", content: style.answer(answer, NO_TOOL_ANSWER, thought) },
  ]);
  return [{ role: "system", content: style.system(tools) }, ...earlier, { role: "user", content: query }];
}

function conversation(
  style: PromptStyle,
  { query }: Sample,
  demonstrations: readonly ShownDemonstration[],
): ChatMessage[] {
  const system: ChatMessage[] = style === "self-exemplify" ? [{ role: "system", content: SELF_EXEMPLIFY_SYSTEM }] : [];
  const earlier = demonstrations.flatMap(({ query: asked, answer, thought }): ChatMessage[] => [
    { role: "user", content: asked },
    answerOf(answer, thought),
  ]);
  return [...system, ...earlier, { role: "user", content: query }];
}

function answerOf(calls: readonly ToolCall[], thought = ""): ChatMessage {
  if (calls.length === 0) return { role: "assistant", content: thought || NO_TOOL_ANSWER };
  return {
    role: "assistant",
    content: thought,
    tool_calls: calls.map(({ name, arguments: args }) => ({
      type: "function",
      function: { name, arguments: args as Record<string, unknown> },
    })),
  };
}
