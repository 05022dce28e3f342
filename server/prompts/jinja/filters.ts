/** Jinja's filters: `value | name(…)`. */
import { PythonError } from "../../toolcalls/python/error.ts";
import { strip, stripOf } from "../../toolcalls/python/text.ts";
import {
  floatOf,
  intOf,
  isDict,
  isNumeric,
  itemsOf,
  lengthOf,
  type PythonDict,
  PythonTuple,
  type PythonValue,
  typeOf,
} from "../../toolcalls/python/value.ts";
import { bind, textArgument, wholeArgument } from "./arguments.ts";
import { combine } from "./arithmetic.ts";
import { compare, same } from "./compare.ts";
import { type DumpOptions, dumps } from "./dumps.ts";
import { pairs, subscript } from "./members.ts";
import { isSo, numberOf } from "./tests.ts";
import { capitalize, joined, replaced, textMethod } from "./textMethods.ts";
import { type Arguments, orUndefined, str, truth, Undefined } from "./values.ts";
import { TemplateError, type Work } from "./work.ts";

type Filter = (value: PythonValue, args: Arguments, work: Work) => PythonValue;

/** What a `for` loop would go over; nothing where the value is undefined. */
export function iterated(value: PythonValue, work: Work): PythonValue[] {
  const items = value instanceof Undefined ? [] : [...itemsOf(value)];
  work.spend(items.length);
  return items;
}

const NO_ARGUMENTS: Arguments = { positional: [], keywords: new Map() };

/** On the value as a text. */
const onText =
  (name: string, change: (text: string) => string): Filter =>
  (value, args, work) => {
    bind(name, args, []);
    return work.text(change(str(value, work)));
  };

/** `name`, `a.b` or 0: what an `attribute` argument means. */
function pathOf(value: PythonValue, path: PythonValue, work: Work): PythonValue {
  const steps =
    typeof path === "string" ? path.split(".").map((step) => (/^\d+$/.test(step) ? Number(step) : step)) : [path];
  return steps.reduce((from: PythonValue, step) => subscript(from, step, work), value);
}

/** What texts are compared by: upper and lower case are one, unless told otherwise. */
const folded = (value: PythonValue, caseSensitive: PythonValue | undefined): PythonValue =>
  typeof value === "string" && !truth(caseSensitive ?? false) ? value.toLowerCase() : value;

function sorted(
  items: readonly PythonValue[],
  keyOf: (item: PythonValue) => PythonValue,
  reverse: PythonValue | undefined,
  work: Work,
): PythonValue[] {
  const sign = truth(reverse ?? false) ? -1 : 1;
  const keyed = items.map((item) => ({ item, key: keyOf(item) }));
  return keyed.sort((left, right) => sign * compare(left.key, right.key, work)).map(({ item }) => item);
}

/** `select`, `reject`, `selectattr` and `rejectattr`. */
const choosing =
  (byAttribute: boolean, wanted: boolean): Filter =>
  (value, { positional }, work) => {
    const [attribute, test, other] = byAttribute ? positional : [undefined, ...positional];
    const holds = (item: PythonValue): boolean => {
      const seen = attribute === undefined ? item : pathOf(item, attribute, work);
      return test === undefined ? truth(seen) : isSo(textArgument("select", test), seen, other, work);
    };
    return iterated(value, work).filter((item) => holds(item) === wanted);
  };

const extreme =
  (name: string, sign: number): Filter =>
  (value, args, work) => {
    const [caseSensitive, attribute] = bind(name, args, ["case_sensitive", "attribute"]);
    const keyOf = (item: PythonValue): PythonValue =>
      folded(attribute === undefined ? item : pathOf(item, attribute, work), caseSensitive);
    const [first, ...others] = iterated(value, work);
    if (first === undefined) return new Undefined("the extreme of an empty list");
    return others.reduce((best, item) => (sign * compare(keyOf(item), keyOf(best), work) > 0 ? item : best), first);
  };

const length: Filter = (value, _, work) => {
  if (typeof value === "string") work.expect(value.length);
  return value instanceof Undefined ? 0 : lengthOf(value);
};

/** Longest text that is read as a number, which is more digits than an int may have. */
const LONGEST_NUMBER = 5000;
const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;

/** The text of a number; empty for what is none. */
function numeral(value: PythonValue): string {
  const text = typeof value === "string" && value.length <= LONGEST_NUMBER ? strip(value).replaceAll("_", "") : "";
  return NUMBER.test(text) ? text : "";
}

const fallback: Filter = (value, args) => {
  const [otherwise = "", alsoFalse = false] = bind("default", args, ["default_value", "boolean"]);
  return value instanceof Undefined || (truth(alsoFalse) && !truth(value)) ? otherwise : value;
};

const escaped = onText("escape", (text) =>
  text.replace(/[&<>'"]/g, (character) => `&${{ "&": "amp", "<": "lt", ">": "gt", "'": "#39" }[character] ?? "#34"};`),
);

const FILTERS: Readonly<Record<string, Filter>> = {
  abs: (value, _, work) => (numberOf(value) < 0 ? combine("-", 0, value, work) : value),
  attr: (value, args, work) => pathOf(value, textArgument("attr", bind("attr", args, ["name"])[0]), work),
  capitalize: onText("capitalize", capitalize),
  count: length,
  d: fallback,
  default: fallback,
  dictsort: (value, args, work) => {
    const [caseSensitive, by = "key", reverse] = bind("dictsort", args, ["case_sensitive", "by", "reverse"]);
    if (!isDict(value)) throw new PythonError("TypeError", `dictsort needs a dict, not ${typeOf(value)}`);
    const place = by === "value" ? 1 : 0;
    const keyOf = (pair: PythonValue): PythonValue => folded(subscript(pair, place, work), caseSensitive);
    return sorted(pairs(value), keyOf, reverse, work);
  },
  e: escaped,
  escape: escaped,
  first: (value, _, work) => orUndefined(iterated(value, work)[0], () => "the first item of an empty list"),
  float: (value, args) => {
    const [otherwise = floatOf(0)] = bind("float", args, ["default"]);
    if (isNumeric(value)) return floatOf(Number(numberOf(value)));
    const text = numeral(value);
    return text === "" ? otherwise : floatOf(Number(text));
  },
  indent: (value, args, work) => {
    const [width = 4, first = false, blank = false] = bind("indent", args, ["width", "first", "blank"]);
    const by =
      typeof width === "string" ? width : " ".repeat(Math.min(1000, Math.max(0, wholeArgument("indent", width, 4))));
    const lines = str(value, work).split("\n");
    work.expect(lines.length * (by.length + 1));
    const shifted = lines.map((line, index) => {
      if (index === 0) return truth(first) ? by + line : line;
      return line === "" && !truth(blank) ? line : by + line;
    });
    return work.text(shifted.join("\n"));
  },
  int: (value, args) => {
    const [otherwise = 0] = bind("int", args, ["default", "base"]);
    if (typeof value === "bigint") return value;
    if (isNumeric(value)) return intOf(BigInt(Math.trunc(numberOf(value))));
    const text = numeral(value);
    if (/^[+-]?\d{1,4300}$/.test(text)) return intOf(BigInt(text.replace("+", "")));
    return text === "" || !Number.isFinite(Number(text)) ? otherwise : intOf(BigInt(Math.trunc(Number(text))));
  },
  items: (value) => {
    if (value instanceof Undefined) return [];
    if (isDict(value)) return pairs(value);
    throw new PythonError("TypeError", "Can only get item pairs from a mapping.");
  },
  join: (value, args, work) => {
    const [between = "", attribute] = bind("join", args, ["d", "attribute"]);
    const items = iterated(value, work).map((item) => (attribute === undefined ? item : pathOf(item, attribute, work)));
    return joined(
      items.map((item) => str(item, work)),
      str(between, work),
      work,
    );
  },
  last: (value, _, work) => orUndefined(iterated(value, work).at(-1), () => "the last item of an empty list"),
  length,
  list: (value, _, work) => iterated(value, work),
  lower: onText("lower", (text) => text.toLowerCase()),
  map: (value, { positional, keywords }, work) => {
    const attribute = keywords.get("attribute");
    const items = iterated(value, work);
    if (attribute === undefined) {
      const [name, ...rest] = positional;
      return items.map((item) => filtered(textArgument("map", name), item, { positional: rest, keywords }, work));
    }
    const otherwise = keywords.get("default");
    return items.map((item) => {
      const found = pathOf(item, attribute, work);
      return found instanceof Undefined && otherwise !== undefined ? otherwise : found;
    });
  },
  max: extreme("max", 1),
  min: extreme("min", -1),
  reject: choosing(false, false),
  rejectattr: choosing(true, false),
  replace: (value, args, work) => {
    const [old, by, count] = bind("replace", args, ["old", "new", "count"]);
    const most = count === null ? -1 : wholeArgument("replace", count, -1);
    return replaced(str(value, work), str(old ?? "", work), str(by ?? "", work), most, work);
  },
  reverse: (value, _, work) => {
    const items = iterated(value, work).reverse();
    return typeof value === "string"
      ? joined(
          items.map((item) => str(item, work)),
          "",
          work,
        )
      : items;
  },
  round: (value, args) => {
    const [precision, method = "common"] = bind("round", args, ["precision", "method"]);
    const places = 10 ** wholeArgument("round", precision, 0);
    const scaled = numberOf(value) * places;
    if (method === "ceil") return floatOf(Math.ceil(scaled) / places);
    if (method === "floor") return floatOf(Math.floor(scaled) / places);
    const nearest = Math.round(scaled);
    // Halves go to the even neighbour.
    return floatOf((Math.abs(scaled % 1) === 0.5 && nearest % 2 !== 0 ? nearest - 1 : nearest) / places);
  },
  safe: (value) => value,
  select: choosing(false, true),
  selectattr: choosing(true, true),
  sort: (value, args, work) => {
    const [reverse, caseSensitive, attribute] = bind("sort", args, ["reverse", "case_sensitive", "attribute"]);
    const keyOf = (item: PythonValue): PythonValue =>
      folded(attribute === undefined || attribute === null ? item : pathOf(item, attribute, work), caseSensitive);
    return sorted(iterated(value, work), keyOf, reverse, work);
  },
  string: (value, _, work) => str(value, work),
  sum: (value, args, work) => {
    const [attribute, start = 0] = bind("sum", args, ["attribute", "start"]);
    const items = iterated(value, work).map((item) => (attribute ? pathOf(item, attribute, work) : item));
    return items.reduce((sum, item) => combine("+", sum, item, work), start);
  },
  title: (value, _, work) => textMethod(str(value, work), "title", work)?.(NO_ARGUMENTS) ?? "",
  tojson: (value, args, work) => dumps(value, dumpOptions(args, work), work),
  trim: (value, args, work) => {
    const [characters] = bind("trim", args, ["chars"]);
    const text = str(value, work);
    return work.text(
      characters === undefined || characters === null ? strip(text) : stripOf(text, textArgument("trim", characters)),
    );
  },
  unique: (value, args, work) => {
    const [caseSensitive, attribute] = bind("unique", args, ["case_sensitive", "attribute"]);
    const seen: PythonValue[] = [];
    return iterated(value, work).filter((item) => {
      const key = folded(attribute ? pathOf(item, attribute, work) : item, caseSensitive);
      if (seen.some((one) => same(one, key, work))) return false;
      seen.push(key);
      return true;
    });
  },
  upper: onText("upper", (text) => text.toUpperCase()),
  wordcount: (value, _, work) => (work.text(str(value, work)).match(/[\p{L}\p{N}_]+/gu) ?? []).length,
};

/** @throws TemplateError for a filter that is not known here */
export function filtered(name: string, value: PythonValue, args: Arguments, work: Work): PythonValue {
  work.spend(1);
  const filter = Object.hasOwn(FILTERS, name) ? FILTERS[name] : undefined;
  if (filter === undefined) throw new TemplateError(`it uses the filter "${name}", which is not known here`);
  return filter(value, args, work);
}

/** As transformers declares `tojson`, whose order of parameters is not that of Jinja's own. */
function dumpOptions(args: Arguments, work: Work): DumpOptions {
  const [ensureAscii = false, indent = null, separators = null, sortKeys = false] = bind("tojson", args, [
    "ensure_ascii",
    "indent",
    "separators",
    "sort_keys",
  ]);
  const [items, key] = separators === null ? [indent === null ? ", " : ",", ": "] : iterated(separators, work);
  return {
    ensureAscii: truth(ensureAscii),
    indent:
      indent === null
        ? null
        : typeof indent === "string"
          ? indent
          : " ".repeat(Math.min(1000, Math.max(0, wholeArgument("tojson", indent, 0)))),
    separators: [textArgument("tojson", items), textArgument("tojson", key)],
    sortKeys: truth(sortKeys),
  };
}

/** `dict(…)`, of pairs or of another dict. */
export function dictOf({ positional: [from], keywords }: Arguments, work: Work): PythonDict {
  const dict: PythonDict = isDict(from) ? new Map(from) : new Map();
  if (from !== undefined && !isDict(from))
    for (const pair of iterated(from, work)) {
      const [key = null, value = null] = pair instanceof PythonTuple ? pair.items : iterated(pair, work);
      dict.set(typeof key === "string" ? key : str(key, work), value);
    }
  for (const [key, value] of keywords) dict.set(key, value);
  return dict;
}
