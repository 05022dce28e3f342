/** Episodes as what the policy reads, and what it wrote as text that cannot be taken for anything else. */
import { InputError } from "../../../schemas/problem.ts";
import type { Question } from "../../../schemas/questions.ts";
import type { Tool } from "../../../schemas/tools.ts";
import type { Chat } from "../../prompts/chatTemplate.ts";
import type { Rendered } from "../../prompts/promptRenderer.ts";
import type { Tokenizer } from "../../prompts/tokenizer.ts";
import type { ToolMap } from "../../toolcalls/catalog.ts";
import { plain } from "../../toolcalls/display.ts";
import { CallForm } from "./callForm.ts";
import { messagesOf } from "./messages.ts";
import type { TakenTurn } from "./turn.ts";

export class EpisodeRenderer {
  readonly #tokenizer: Tokenizer;
  readonly #chat: Chat;
  readonly #tools: ToolMap;
  readonly #form: CallForm;
  readonly #special: RegExp | undefined;

  /** @throws InputError where the template cannot show an episode */
  constructor(tokenizer: Tokenizer, chat: Chat, tools: ToolMap) {
    this.#tokenizer = tokenizer;
    this.#chat = chat;
    this.#tools = tools;
    const [any] = tools.values();
    if (any === undefined) throw new InputError("Episodes need at least one tool, and the catalogs define none.");
    this.#form = new CallForm(chat, tokenizer, any);
    const special = tokenizer.specialTexts.filter((text) => text !== "");
    this.#special = special.length === 0 ? undefined : new RegExp(special.map(escaped).join("|"), "g");
  }

  /**
   * What the policy reads before its next turn.
   * @throws InputError on a question with a character that the tokenizer cannot express; in later turns it becomes a question mark
   */
  prompt(question: Pick<Question, "id" | "query" | "tools">, turns: readonly TakenTurn[]): Rendered {
    const text = this.#chat.render(messagesOf(question, turns), this.offered(question), true);
    return this.#tokenized(turns.length === 0 ? text : this.#expressible(text));
  }

  /** The prompt with the beginning of a turn that the policy goes on with. */
  begun({ text }: Rendered, beginning: string): Rendered {
    return this.#tokenized(text + beginning);
  }

  /** A whole turn as the policy writes it: what ends the sequence ends the turn. */
  completion(turn: string): Rendered {
    return this.#tokenized(turn + this.#tokenizer.eosText);
  }

  /** What a turn is forced to begin with, behind its thought: of a call of the tool, or of an answer where there is none. */
  beginning(tool: Tool | undefined, thought: boolean): string {
    return tool === undefined ? this.#form.answer(thought) : this.#form.call(tool, thought);
  }

  /** Tokens of a text by itself. */
  length(text: string): number {
    return this.#tokenizer.encode(text).length;
  }

  /** The tools that a question offers, in its own order. */
  offered({ id, tools }: Pick<Question, "id" | "tools">): Tool[] {
    return tools.map((name) => {
      const tool = this.#tools.get(name);
      if (tool !== undefined) return tool;
      throw new InputError(`No catalog defines the tool "${plain(name)}" of question "${plain(id)}".`);
    });
  }

  /** What the policy wrote. Bytes that are no character may have become one that the tokenizer cannot express. */
  written(tokens: Int32Array): string {
    return this.#expressible(this.clean(this.#tokenizer.decode(tokens)));
  }

  /** The text without what spells a special token: in the next prompt it would be that token, and could end a turn or begin one. */
  clean(text: string): string {
    const formed = text.toWellFormed();
    return this.#special === undefined ? formed : formed.replace(this.#special, " ");
  }

  /**
   * A tool's answer as the policy reads it: clean, at most `most` tokens of it with a mark where something is cut off, and a question
   * mark for each character that the tokenizer cannot express.
   */
  observation(text: string, most: number): string {
    const clean = this.clean(text);
    // No token of a text that anybody reads is longer, and a megabyte is not worth its tokenizing.
    const short = this.#expressible(clean.slice(0, most * LONGEST_TOKEN).toWellFormed());
    const tokens = this.#tokenizer.encode(short);
    if (tokens.length <= most && clean.length <= most * LONGEST_TOKEN) return short;
    return this.#expressible(`${this.#tokenizer.decode(tokens.subarray(0, most)).replace(/\ufffd+$/, "")}${CUT}`);
  }

  #expressible(text: string): string {
    if (this.#canEncode(text)) return text;
    return Array.from(text, (character) => (this.#canEncode(character) ? character : "?")).join("");
  }

  #canEncode(text: string): boolean {
    try {
      this.#tokenizer.encode(text);
      return true;
    } catch (error) {
      if (error instanceof InputError) return false;
      throw error;
    }
  }

  #tokenized(text: string): Rendered {
    return { text, tokens: this.#tokenizer.encode(text) };
  }
}

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");

/** UTF-16 units. */
const LONGEST_TOKEN = 64;
const CUT = " … (cut off)";
