/** What a turn does: the call with its arguments, the answer, or why it cannot be read. */
import type { ShownAction } from "../../../schemas/episodesView.ts";
import { HostileText } from "../../text/HostileText.tsx";
import { oneLine, visibleText } from "../../text/visible.ts";
import { plural } from "../../words/numbers.ts";

export function ActionView({ action }: { action: ShownAction }) {
  if (action.kind === "broken") return <p class="warning">It cannot be read: {visibleText(action.fault)}.</p>;
  if (action.kind === "answer") {
    return action.text.total === 0 ? (
      <p class="dim">An empty answer.</p>
    ) : (
      <pre class="said">
        <HostileText text={action.text.text} />
        {action.text.text.length < action.text.total && "…"}
      </pre>
    );
  }
  const { name, arguments: values, more } = action;
  return (
    <div class="call-box">
      <p class="mono call-name">{oneLine(name, 100)}</p>
      {values.length === 0 ? (
        <p class="dim">without arguments</p>
      ) : (
        <table class="arguments mono">
          <thead class="for-readers">
            <tr>
              <th>Argument</th>
              <th>Value</th>
            </tr>
          </thead>
          <tbody>
            {values.map((one, index) => (
              <tr key={index}>
                <th scope="row" title={oneLine(one.name, 100)}>
                  {oneLine(one.name, 100)}
                </th>
                <td>
                  <HostileText text={one.value} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {more > 0 && <p class="dim">{plural(more, "more argument")} not shown here; the text has them.</p>}
    </div>
  );
}
