/** The parts of a reward, each with its value and one sentence why. */
import type { CompletionDetail } from "../../../schemas/rolloutView.ts";
import { oneLine, visibleText } from "../../text/visible.ts";
import { decimal } from "../../words/numbers.ts";

export function RewardParts({ completion: { parts, reason } }: { completion: CompletionDetail }) {
  const explained = parts.some(({ why }) => why !== null);
  return (
    <>
      {!explained && <p class="reason">{visibleText(reason)}</p>}
      <table class="parts">
        <caption class="for-readers">Reward parts</caption>
        <tbody>
          {parts.map(({ name, value, why }) => (
            <tr key={name}>
              <th scope="row">{oneLine(name, 60)}</th>
              <td class="value">{decimal(value)}</td>
              <td class="why">{why !== null && visibleText(why)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
