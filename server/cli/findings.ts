/** Findings as a person, a program or a code-scanning service reads them. */

import { RULES } from "../language/rules/index.ts";
import type { Severity } from "../toolcalls/dialects/dialect.ts";
import { plain } from "../toolcalls/display.ts";

const FORMATS = ["text", "json", "sarif"] as const;
export type FormatName = (typeof FORMATS)[number];

export interface Reported {
  file: string;
  /** All from 1; columns in UTF-16 units, the end behind the last one. */
  line: number;
  column: number;
  endLine: number;
  endColumn: number;
  severity: Severity;
  code: string;
  message: string;
}

export interface FindingFormat {
  begin?(): string;
  finding(finding: Reported): string;
  end?(files: number, counts: Record<Severity, number>): string;
}

export function formatNamed(name: FormatName): FindingFormat {
  if (name === "json") return { finding: (finding) => `${JSON.stringify(finding)}\n` };
  return name === "sarif" ? sarif() : text;
}

const text: FindingFormat = {
  // Hints are habits of a format; on a terminal they would bury what is wrong.
  finding({ file, line, column, severity, message, code }) {
    return severity === "hint"
      ? ""
      : `${plain(file, 500)}:${line}:${column}: ${severity}: ${plain(message, 1000)} [${code}]\n`;
  },
  end(files, { error, warning, information, hint }) {
    const parts = [count(error, "error"), count(warning, "warning"), count(information, "notice"), count(hint, "hint")];
    return `${count(files, "file")}: ${parts.join(", ")}\n`;
  },
};

const count = (number: number, word: string): string => `${number} ${word}${number === 1 ? "" : "s"}`;

const LEVELS: Readonly<Record<Severity, string>> = {
  error: "error",
  warning: "warning",
  information: "note",
  hint: "note",
};

/** SARIF 2.1.0, written as it comes: results are the last member, so that none has to be held. */
function sarif(): FindingFormat {
  let first = true;
  return {
    begin() {
      const rules = RULES.map(({ id, title, documentation }) => ({
        id,
        shortDescription: { text: title },
        fullDescription: { text: documentation.text },
      }));
      const tool = JSON.stringify({ driver: { name: "ToolExpander", rules } });
      return `{"$schema":"https://json.schemastore.org/sarif-2.1.0.json","version":"2.1.0","runs":[{"tool":${tool},"columnKind":"utf16CodeUnits","results":[`;
    },
    finding({ file, line, column, endLine, endColumn, severity, code, message }) {
      const result = {
        ruleId: code,
        level: LEVELS[severity],
        message: { text: message },
        locations: [
          {
            physicalLocation: {
              artifactLocation: { uri: file.split(/[\\/]/).map(encodeURIComponent).join("/") },
              region: { startLine: line, startColumn: column, endLine, endColumn },
            },
          },
        ],
      };
      const comma = first ? "" : ",";
      first = false;
      return `${comma}\n${JSON.stringify(result)}`;
    },
    end: () => "\n]}]}\n",
  };
}
