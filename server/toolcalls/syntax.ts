/** The first place where a text departs from strict JSON, in words. */
import { type JSONPath, type Node, type ParseOptions, parseTree, printParseErrorCode, visit } from "jsonc-parser";
import { plain } from "./display.ts";
import { MAX_DEPTH, nestsDeeperThan } from "./json.ts";

export interface SyntaxFault {
  /** In UTF-16 code units from the start of the text. */
  offset: number;
  sentence: string;
  /** Path of the key at fault, where it has one. */
  path?: JSONPath;
}

export const STRICT_JSON: ParseOptions = {
  disallowComments: true,
  allowTrailingComma: false,
  allowEmptyContent: false,
};

/** Duplicate keys count as a fault unless told otherwise: JSON readers disagree on which of the two holds. */
export function firstSyntaxFault(text: string, { duplicateKeys = true } = {}): SyntaxFault | undefined {
  // The visitor below recurses, so the depth is bounded before it runs.
  const tooDeep: SyntaxFault = {
    offset: 0,
    sentence: `Arrays and objects are nested deeper than ${MAX_DEPTH} levels.`,
  };
  if (nestsDeeperThan(text, MAX_DEPTH)) return tooDeep;
  let fault: SyntaxFault | undefined;
  const open: Map<string, number>[] = [];
  const visited = withinStack(() =>
    visit(
      text,
      {
        onObjectBegin: () => void open.push(new Map()),
        onObjectEnd: () => void open.pop(),
        onObjectProperty: (key, offset, _length, line, _column, path) => {
          const seen = open.at(-1);
          const firstLine = seen?.get(key);
          if (firstLine !== undefined && duplicateKeys) {
            const where = firstLine === line ? "earlier on this line" : `${line - firstLine} lines above`;
            const sentence = `The key "${plain(key)}" appears twice in one object, the first time ${where}; keep one of them.`;
            fault ??= { offset, sentence, path: [...path(), key] };
          }
          seen?.set(key, line);
        },
        onError: (code, offset, length) => {
          fault ??= { offset, sentence: describeError(printParseErrorCode(code), text, offset, length) };
        },
      },
      STRICT_JSON,
    ),
  );
  return visited === "too deep" ? (fault ?? tooDeep) : fault;
}

/** The tree of a text as far as it can be read, whatever is wrong with it; undefined where it has none, or one that is too deep. */
export function syntaxTree(text: string, options?: ParseOptions): Node | undefined {
  const tree = withinStack(() => parseTree(text, [], options));
  return tree === "too deep" ? undefined : tree;
}

/**
 * The library recurses, and goes on behind faults: a string that its line ends, or a bracket that closes another kind, hides levels
 * from whoever counts brackets.
 */
function withinStack<T>(read: () => T): T | "too deep" {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError) return "too deep";
    throw error;
  }
}

const SENTENCES: Record<string, string> = {
  InvalidCommentToken: "JSON has no comments; remove this one.",
  CommaExpected: "A comma is missing before this.",
  ColonExpected: "A colon is missing after the key.",
  CloseBraceExpected: "The closing } of an object is missing.",
  CloseBracketExpected: "The closing ] of an array is missing.",
  EndOfFileExpected: "There is text after the end of the JSON value.",
  UnexpectedEndOfString: "This string is never closed.",
  UnexpectedEndOfNumber: "This number is not complete.",
  InvalidUnicode: "A \\u escape needs four hexadecimal digits.",
  InvalidEscapeCharacter: "This escape is not known in JSON; write a backslash itself as \\\\.",
  InvalidCharacter: "A string may not hold a raw control character; write a line break as \\n and a tab as \\t.",
};

function describeError(code: string, text: string, offset: number, length: number): string {
  const found = text.slice(offset, offset + length);
  if (found.startsWith("'")) return "JSON needs double quotes around keys and strings.";
  if (code === "PropertyNameExpected" || code === "ValueExpected") {
    const wanted = code === "ValueExpected" ? "A value" : "A key in double quotes";
    if (offset >= text.trimEnd().length) return `${wanted} is missing at the end.`;
    const closes = found === "}" || found === "]";
    if (closes && text.slice(0, offset).trimEnd().endsWith(","))
      return `The comma before this ${found} is one too many.`;
    return `${wanted} is missing here.`;
  }
  if (code === "InvalidSymbol") return `"${plain(found, 30)}" is not JSON; a text needs double quotes.`;
  return SENTENCES[code] ?? "This is not JSON.";
}
