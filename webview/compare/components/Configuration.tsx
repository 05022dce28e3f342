/** What differs in the configurations of the runs. */
import type { Overview } from "../../../schemas/compareView.ts";
import { visibleText } from "../../text/visible.ts";
import { plural } from "../../words/numbers.ts";
import type { NamedRun } from "../state/persisted.ts";
import { configurationCsv } from "../state/tables.ts";
import { Part, Scrolling } from "./Part.tsx";

export interface ConfigurationProps {
  runs: readonly NamedRun[];
  overview: Overview;
  save(csv: string): void;
}

export function Configuration({ runs, overview, save }: ConfigurationProps) {
  const { configuration, equal } = overview;
  const rest = `${plural(equal, "value is", "values are")} the same in all runs and not shown.`;
  return (
    <Part
      id="configuration"
      title="Configuration"
      exported="configuration"
      save={() => save(configurationCsv(runs, overview))}
    >
      {configuration.length === 0 ? (
        <p class="dim">No value differs. {rest}</p>
      ) : (
        <>
          <Scrolling label="Values that differ, scrolls">
            <table class="side-by-side">
              <thead>
                <tr>
                  <th scope="col">Key</th>
                  {runs.map(({ folder, title }) => (
                    <th key={folder} scope="col">
                      {visibleText(title)}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {configuration.map(({ key, values }) => (
                  <tr key={key}>
                    <th scope="row" class="mono">
                      {visibleText(key)}
                    </th>
                    {values.map((value, place) => (
                      <td key={runs[place]?.folder}>
                        {value === null ? (
                          <span class="dim">none</span>
                        ) : (
                          <>
                            <span class="mono">{visibleText(value.text)}</span>
                            {value.standard && <span class="default">default</span>}
                          </>
                        )}
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </Scrolling>
          <p class="dim">A default is the value that the run’s own preset has at its scale. {rest}</p>
        </>
      )}
    </Part>
  );
}
