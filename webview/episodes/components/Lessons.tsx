/** What the steps of the run have learnt from a turn, epoch by epoch. */
import type { ShownLesson } from "../../../schemas/episodesView.ts";
import { counted, decimal, signed } from "../../words/numbers.ts";

export function Lessons({ lessons }: { lessons: readonly ShownLesson[] }) {
  return (
    <>
      <h4>Learnt</h4>
      {lessons.length === 0 ? (
        <p class="dim">No step has learnt from this turn so far.</p>
      ) : (
        <table class="lessons">
          <thead>
            <tr>
              <th scope="col">epoch</th>
              <th scope="col">step</th>
              <th scope="col" title="V of the state before the turn, as the epoch froze it">
                value
              </th>
              <th scope="col" title="Of GAE, before it is normalized">
                advantage
              </th>
              <th scope="col" title="What the value is to become">
                λ-return
              </th>
            </tr>
          </thead>
          <tbody>
            {lessons.map(({ step, epoch, value, advantage, target }) => (
              <tr key={step}>
                <th scope="row">{epoch}</th>
                <td>{counted(step)}</td>
                <td>{decimal(value)}</td>
                <td>{signed(advantage)}</td>
                <td>{decimal(target)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}
