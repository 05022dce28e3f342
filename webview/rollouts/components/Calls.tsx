/** Predicted against gold calls, call by call and argument by argument. Signs say what colours only underline. */
import type { CallDifference } from "../../../schemas/rolloutView.ts";

const signs = { same: "=", different: "≠", missing: "−", extra: "+" } as const;
const callWords = {
  same: "as the gold call",
  different: "differs from the gold call",
  missing: "not called",
  extra: "called without need",
} as const;
const argumentWords = { same: "same", different: "different", missing: "missing", extra: "extra" } as const;

export function Calls({ calls }: { calls: readonly CallDifference[] }) {
  if (calls.length === 0) return <p class="dim">No call was made, and none was due.</p>;
  return (
    <>
      {calls.map((call, index) => (
        <section key={index} class={`call is-${call.status}`}>
          <header>
            <span class="sign" aria-hidden="true">
              {signs[call.status]}
            </span>
            <span class="mono name">{call.name}</span>
            <span class="dim">{callWords[call.status]}</span>
          </header>
          {call.arguments.length > 0 && <Arguments call={call} />}
          {call.more > 0 && <p class="dim">{call.more} more arguments are not shown.</p>}
        </section>
      ))}
    </>
  );
}

function Arguments({ call }: { call: CallDifference }) {
  return (
    <table class="arguments mono">
      <thead class="for-readers">
        <tr>
          <th>Difference</th>
          <th>Argument</th>
          <th>Value</th>
        </tr>
      </thead>
      <tbody>
        {call.arguments.map(({ path, status, expected, found }, index) => (
          <tr key={index} class={`is-${status}`}>
            <td class="sign" title={argumentWords[status]}>
              <span aria-hidden="true">{signs[status]}</span>
              <span class="for-readers">{argumentWords[status]}</span>
            </td>
            <th scope="row">{path || "all"}</th>
            <td class="values">
              {found !== undefined && <span class="found">{found}</span>}
              {expected !== undefined && status !== "same" && (
                <span class="expected">
                  <span class="dim">gold </span>
                  {expected}
                </span>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
