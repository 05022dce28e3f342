/** Takes a store back to what an earlier version wrote. */
import { DatabaseSync } from "node:sqlite";

/** What each version brought, in the order in which it can be dropped. */
const BROUGHT: Readonly<Record<number, string>> = {
  2: "DROP TABLE groups;",
  3: `DROP VIEW sample_history; DROP TABLE probe_outcomes; DROP TABLE rounds; DROP TABLE few_shots; DROP TABLE draws;
    DROP TABLE edits;`,
  4: "DROP TABLE group_parts;",
  5: `DROP TABLE episodes; DROP TABLE turns; DROP TABLE lessons; DROP TABLE evaluation_choices;
    DROP TABLE evaluation_entropies;`,
};

export function makeOlder(file: string, version: number): void {
  const database = new DatabaseSync(file);
  const { user_version } = database.prepare("PRAGMA user_version").get() as { user_version: number };
  for (let at = user_version; at > version; at--) database.exec(BROUGHT[at] as string);
  database.exec(`PRAGMA user_version = ${version}`);
  database.close();
}
