/** A language model of the editor, by way of the windows that judge. */
import { type EditorJudge, JUDGE_DEFAULTS } from "../../../../../schemas/judges.ts";
import type { JudgingState } from "../../../../../schemas/judging.ts";
import type { ChatModel, ChatRequest } from "../chat.ts";
import { type Clock, systemClock } from "../clock.ts";
import { type Bridge, openBridge } from "./bridge.ts";
import { JudgeDesk } from "./judgeDesk.ts";

export interface EditorModelOptions {
  trajectories: string;
  /** Told where the judging stands whenever that changes: waiting for a window, for example. */
  changed?: (state: JudgingState) => void;
  clock?: Clock;
}

/** Windows choose among versions of a family by themselves, and tell nobody: a family is what is on record. */
const editorIdentity = ({ vendor, family }: Pick<EditorJudge, "vendor" | "family">): string =>
  `editor's model ${vendor === undefined ? family : `${vendor}/${family}`}`;

export class EditorModel implements ChatModel {
  readonly identity: string;
  readonly #desk: JudgeDesk;
  readonly #bridge: Bridge;
  readonly #closing = new AbortController();

  private constructor(identity: string, desk: JudgeDesk, bridge: Bridge) {
    this.identity = identity;
    this.#desk = desk;
    this.#bridge = bridge;
  }

  /** Opens the bridge that windows find. @throws InputError where another process has the trajectories file */
  static async open(choice: EditorJudge, { trajectories, changed, clock }: EditorModelOptions): Promise<EditorModel> {
    const { vendor = null, family } = choice;
    const { concurrency, seconds } = { ...JUDGE_DEFAULTS.editor, ...choice };
    const desk = new JudgeDesk({
      file: trajectories,
      model: { vendor, family },
      concurrency,
      seconds,
      clock: clock ?? systemClock,
    });
    if (changed) desk.onChange(changed);
    return new EditorModel(editorIdentity(choice), desk, await openBridge(trajectories, desk));
  }

  get state(): JudgingState {
    return this.#desk.state;
  }

  complete({ messages }: ChatRequest, signal: AbortSignal): Promise<string> {
    return this.#desk.ask(messages, AbortSignal.any([signal, this.#closing.signal]));
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#bridge.close();
  }
}
