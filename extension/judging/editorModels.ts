/** The editor's language-model API, as far as judging needs it. */
import * as vscode from "vscode";
import type { JudgeOutcome, JudgeQuestion, WantedModel } from "../../schemas/judging.ts";
import { InputError } from "../../schemas/problem.ts";
import { plain } from "../../server/toolcalls/display.ts";
import { outcomeOf, wholeAnswer } from "./modelAnswer.ts";

const MOST_NAMED = 8;

/** The model that is wanted, undefined where this window has none. */
async function findModel({ vendor, family }: WantedModel): Promise<vscode.LanguageModelChat | undefined> {
  const [model] = await vscode.lm.selectChatModels({ family, ...(vendor === null ? {} : { vendor }) });
  return model;
}

/**
 * Makes sure that the model may be asked, by a short request that shows the editor's own dialog where the person was never asked: a person's
 * action must have led here. Newer editors say of every model that it may be asked, so their word alone is worth nothing.
 *
 * @throws InputError where there is no such model, or it may not be used
 */
export async function ensureConsent(context: vscode.ExtensionContext, wanted: WantedModel): Promise<void> {
  const model = await findModel(wanted);
  if (model === undefined) throw new InputError(await noSuchModel(wanted));
  const refused = vscode.l10n.t(
    "The model may not be used in this window. Allow it in the editor's language model access.",
  );
  if (context.languageModelAccessInformation.canSendRequest(model) === false) throw new InputError(refused);
  const source = new vscode.CancellationTokenSource();
  try {
    const messages = [vscode.LanguageModelChatMessage.User("Answer with the word yes.")];
    await model.sendRequest(messages, { justification: justification() }, source.token);
  } catch (error) {
    const { noPermissions } = codes();
    if (error instanceof vscode.LanguageModelError && error.code === noPermissions) throw new InputError(refused);
    // What else is amiss is told where a question meets it.
  } finally {
    source.cancel();
    source.dispose();
  }
}

/** Whether it is there, and may be asked without a dialog as far as the editor says. */
export async function hasConsent(context: vscode.ExtensionContext, wanted: WantedModel): Promise<boolean> {
  const model = await findModel(wanted);
  return model !== undefined && context.languageModelAccessInformation.canSendRequest(model) === true;
}

/** Never rejects. */
export async function askModel(
  wanted: WantedModel,
  messages: JudgeQuestion["messages"],
  signal: AbortSignal,
): Promise<JudgeOutcome> {
  const source = new vscode.CancellationTokenSource();
  const cancel = (): void => source.cancel();
  signal.addEventListener("abort", cancel, { once: true });
  try {
    const model = await findModel(wanted);
    if (model === undefined) return { kind: "missing", reason: await noSuchModel(wanted) };
    const options = { justification: justification(), modelOptions: { temperature: 0 } };
    const { text } = await model.sendRequest(messages.map(chatMessage), options, source.token);
    return await wholeAnswer(text, cancel);
  } catch (error) {
    return outcomeOf(error, codes());
  } finally {
    signal.removeEventListener("abort", cancel);
    source.dispose();
  }
}

/** The API has no role for instructions. */
const chatMessage = ({ role, text }: JudgeQuestion["messages"][number]): vscode.LanguageModelChatMessage =>
  role === "assistant" ? vscode.LanguageModelChatMessage.Assistant(text) : vscode.LanguageModelChatMessage.User(text);

const justification = (): string =>
  vscode.l10n.t("ToolExpander has the actions of generated trajectories scored by this model.");

const codes = () => ({
  noPermissions: vscode.LanguageModelError.NoPermissions.name,
  blocked: vscode.LanguageModelError.Blocked.name,
  notFound: vscode.LanguageModelError.NotFound.name,
});

async function noSuchModel({ vendor, family }: WantedModel): Promise<string> {
  const wanted = plain(vendor === null ? family : `${vendor}/${family}`);
  const there = await vscode.lm.selectChatModels();
  const names = [...new Set(there.map((model) => `${model.vendor}/${model.family}`))].map((name) => plain(name));
  if (names.length === 0) {
    return vscode.l10n.t(
      "This window has no language model; {0} is wanted. Install an extension that brings it.",
      wanted,
    );
  }
  const some = names.slice(0, MOST_NAMED).join(", ");
  return vscode.l10n.t(
    "This window has no language model {0}; it has {1}. Name one of them as the judge.",
    wanted,
    some,
  );
}
