/** What a turn is paid: the parts, and their sum. */
import type { ShownTurn } from "../../../schemas/episodesView.ts";
import { oneLine } from "../../text/visible.ts";
import { decimal, signed } from "../../words/numbers.ts";

const WHY: Readonly<Record<string, string>> = {
  quality: "the judge's score",
  diversity: "the rarity of the tool among all actions before this one",
  terminal: "how the episode ended; paid on its last turn",
};

export function Reward({ reward: { parts, sum } }: { reward: NonNullable<ShownTurn["reward"]> }) {
  return (
    <>
      <h4>Reward</h4>
      <table class="parts">
        <caption class="for-readers">Parts of the reward</caption>
        <tbody>
          {parts.map(({ name, value }) => (
            <tr key={name}>
              <th scope="row">{oneLine(name, 60)}</th>
              <td class="value">{signed(value)}</td>
              <td class="why dim">{Object.hasOwn(WHY, name) ? WHY[name] : ""}</td>
            </tr>
          ))}
          <tr class="total">
            <th scope="row">sum</th>
            <td class="value">{decimal(sum)}</td>
            <td />
          </tr>
        </tbody>
      </table>
    </>
  );
}
