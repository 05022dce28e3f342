/** An episode as the messages of a chat. */
import type { Question } from "../../../schemas/questions.ts";
import type { ChatMessage } from "../../prompts/chatTemplate.ts";
import { ANSWER_CLOSE, ANSWER_OPEN, type TakenTurn } from "./turn.ts";

/** Says what a turn is; how calls are written is the template's to say. */
export const EPISODE_SYSTEM = `You answer questions with the help of tools, in several turns. In each turn, first say what you think, then do one thing: \
call one tool and wait for its result, or give the answer inside ${ANSWER_OPEN}${ANSWER_CLOSE}.`;

export function messagesOf({ query }: Pick<Question, "query">, turns: readonly TakenTurn[]): ChatMessage[] {
  return [
    { role: "system", content: EPISODE_SYSTEM },
    { role: "user", content: query },
    ...turns.flatMap(messagesOfTurn),
  ];
}

/** What cannot be read as an action stands as it was written. */
function messagesOfTurn({ thought, action, text, observation }: TakenTurn): ChatMessage[] {
  const assistant: ChatMessage =
    action.kind === "call"
      ? {
          role: "assistant",
          content: thought,
          tool_calls: [
            {
              type: "function",
              function: { name: action.name, arguments: action.arguments as Record<string, unknown> },
            },
          ],
        }
      : { role: "assistant", content: text };
  if (observation === undefined) return [assistant];
  return [assistant, { role: "tool", ...(action.kind === "call" && { name: action.name }), content: observation }];
}
