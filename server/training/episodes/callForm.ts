/**
 * How a chat template writes a turn with a call, found in its output: whether it can show an episode at all, and the text that a
 * candidate is forced to begin with.
 */
import { InputError } from "../../../schemas/problem.ts";
import type { Tool } from "../../../schemas/tools.ts";
import type { Chat } from "../../prompts/chatTemplate.ts";
import type { Tokenizer } from "../../prompts/tokenizer.ts";
import { plain } from "../../toolcalls/display.ts";
import { ToolSchema } from "../../toolcalls/toolSchema.ts";
import { messagesOf } from "./messages.ts";
import { sharedBeginning } from "./sharedBeginning.ts";
import { ANSWER_OPEN, parseTurn, type TakenTurn } from "./turn.ts";

/** Texts that no template writes by itself, and none changes. */
const [QUERY, THOUGHT, OBSERVATION] = ["Which is it, 1 or 2?", "First I look it up.", "It is the second of them."];
/** Names of arguments with no letter in common, so that nothing of a name is taken for part of the form. */
const PROBES = ["probe", "x1"] as const;
const [PROBE] = PROBES;

/** As answers may begin. */
const ANSWERS = ["1", "a", "A", " a", "-1", "$", '"'];

export class CallForm {
  readonly #chat: Chat;
  readonly #tokenizer: Tokenizer;
  readonly #beginnings = new Map<string, string>();

  /**
   * @param tool any of the catalog
   * @throws InputError where the template cannot show an episode
   */
  constructor(chat: Chat, tokenizer: Tokenizer, tool: Tool) {
    this.#chat = chat;
    this.#tokenizer = tokenizer;
    this.#check(tool, tokenizer.endingTexts);
  }

  /** What a turn with a call of the tool begins with, up to its arguments or the token that they begin in. */
  call(tool: Tool, thought: boolean): string {
    const key = `${thought} ${tool.function.name}`;
    const known = this.#beginnings.get(key) ?? this.#callBeginning(tool, thought ? THOUGHT : "");
    this.#beginnings.set(key, known);
    return known;
  }

  /** What a turn with an answer begins with, likewise. */
  answer(thought: boolean): string {
    const opening = thought ? `\n${ANSWER_OPEN}` : ANSWER_OPEN;
    return sharedBeginning([opening, ...ANSWERS.map((answer) => opening + answer)], this.#tokenizer);
  }

  #callBeginning(tool: Tool, thought: string): string {
    const written = (values: object): string =>
      this.#written(tool, called(tool, thought, values)).slice(thought.length);
    const { properties = {}, required } = ToolSchema.of(tool.function.parameters);
    const filled = [...Object.keys(properties), ...PROBES].map((name) => written({ [name]: "1" }));
    const [first = written({}), ...others] = required.length > 0 ? filled : [written({}), ...filled];
    return sharedBeginning([first, ...others], this.#tokenizer);
  }

  /** All that the template writes behind the prompt of a turn: the turn, its end, the observation, the next turn's opening. */
  #written(tool: Tool, turn: TakenTurn): string {
    const prompt = this.#render([], tool);
    const whole = this.#render([turn], tool);
    if (!whole.startsWith(prompt)) this.#refuse("writes a turn that does not begin with its generation prompt");
    return whole.slice(prompt.length);
  }

  #render(turns: readonly TakenTurn[], tool: Tool): string {
    try {
      return this.#chat.render(messagesOf({ query: QUERY }, turns), [tool], true);
    } catch (error) {
      const why = error instanceof InputError ? error.message : String(error);
      throw new InputError(`Episodes cannot be played with this chat template. ${why}`, { file: this.#chat.file });
    }
  }

  #check(tool: Tool, endings: readonly string[]): void {
    const rest = this.#written(tool, called(tool, THOUGHT, { [PROBE]: 1 }));
    if (!rest.startsWith(THOUGHT)) this.#refuse("does not show the thought before a call");
    const observed = rest.indexOf(OBSERVATION);
    if (observed === -1) this.#refuse("does not show what a tool answered (messages of the role tool)");
    const { action, end } = parseTurn(rest.slice(0, observed));
    const read = action.kind === "call" && action.name === tool.function.name;
    if (!read || JSON.stringify(action.arguments) !== JSON.stringify({ [PROBE]: 1 }))
      this.#refuse(
        'does not write a call as <tool_call>{"name": …, "arguments": {…}}</tool_call>, the one form that is read',
      );
    if (!endings.some((text) => rest.slice(end, observed).trimStart().startsWith(text)))
      this.#refuse("does not end a turn with a token at which generation stops");
    const broken: TakenTurn = { ...called(tool, THOUGHT, {}), action: { kind: "broken", fault: "" } };
    if (!this.#written(tool, broken).includes(OBSERVATION))
      this.#refuse("does not show a tool message behind a turn without a call");
  }

  #refuse(why: string): never {
    throw new InputError(`Episodes cannot be played with this chat template: it ${plain(why, 300)}.`, {
      file: this.#chat.file,
    });
  }
}

const called = (tool: Tool, thought: string, values: object): TakenTurn => ({
  thought,
  action: { kind: "call", name: tool.function.name, arguments: values },
  text: thought,
  observation: OBSERVATION,
});
