/** Judges that ask a language model, made from what an experiment names. */
import { basename, dirname, join } from "node:path";
import { type EditorJudge, type EndpointJudge, JUDGE_DEFAULTS } from "../../../../schemas/judges.ts";
import type { JudgingState } from "../../../../schemas/judging.ts";
import type { ChatModel } from "./chat.ts";
import { EditorModel } from "./editor/editorModel.ts";
import { keyFromWindow } from "./editor/keyDesk.ts";
import { originOf } from "./endpoint/address.ts";
import { EndpointModel } from "./endpoint/endpointModel.ts";
import { judgeIdentity, LanguageModelJudge } from "./languageModelJudge.ts";
import { VerdictCache } from "./verdictCache.ts";

export interface JudgeParts {
  /** The file that is generated; the cache lies beside it, or in the folder that the choice names. */
  trajectories: string;
  /** Of an endpoint, from `takeKey`. Where the choice says `keyFrom: "editor"` and there is none, a window is waited for. */
  key?: string | undefined;
  /** Told how the judging by a window stands, whenever that changes. */
  judging?: (state: JudgingState) => void;
  /** Ends the wait for a key. */
  signal?: AbortSignal;
  /** Told what a person should know: a long wait, something that an endpoint does without. */
  tell?: (sentence: string) => void;
}

/**
 * @param choice with its paths made absolute
 * @throws InputError for an address, a key or a cache that cannot be used; AbortError where the signal comes
 */
export async function openJudge(choice: EndpointJudge | EditorJudge, parts: JudgeParts): Promise<LanguageModelJudge> {
  const options = { showAnswers: choice.showAnswers ?? false };
  const model = await openModel(choice, parts);
  try {
    const cache = await VerdictCache.open(cacheFile(parts.trajectories, choice.cache), judgeIdentity(model, options));
    return new LanguageModelJudge(model, options, cache);
  } catch (error) {
    await model.close();
    throw error;
  }
}

async function openModel(choice: EndpointJudge | EditorJudge, parts: JudgeParts): Promise<ChatModel> {
  const { trajectories, judging, tell } = parts;
  if (choice.kind === "editor") return EditorModel.open(choice, { trajectories, ...(judging && { changed: judging }) });
  const { url, model, requestsPerMinute, concurrency, seconds } = { ...JUDGE_DEFAULTS.endpoint, ...choice };
  const limits = { requestsPerMinute, concurrency, seconds };
  return new EndpointModel({ ...limits, url, model, key: await keyOf(choice, parts), ...(tell && { tell }) });
}

async function keyOf({ url, keyFrom }: EndpointJudge, parts: JudgeParts): Promise<string | undefined> {
  const { trajectories, key, judging, signal = new AbortController().signal } = parts;
  if (key !== undefined || keyFrom !== "editor") return key;
  return keyFromWindow({ trajectories, origin: originOf(url), changed: judging }, signal);
}

/** Several generations may share a folder: verdicts are found by what was asked. */
export function cacheFile(trajectories: string, folder?: string): string {
  if (folder !== undefined) return join(folder, "judge-cache.jsonl");
  const name = basename(trajectories).replace(/(\.trajectories)?\.jsonl$/, "");
  return join(dirname(trajectories), `${name}.judge-cache.jsonl`);
}
