/** The methods of Python's `str` that templates call. Those that change nothing in a prompt (`encode`, `translate`) are left out. */
import { PythonError } from "../../toolcalls/python/error.ts";
import { isPythonSpace, occurrences, strip } from "../../toolcalls/python/text.ts";
import { PythonTuple, type PythonValue } from "../../toolcalls/python/value.ts";
import { bind, textArgument, wholeArgument } from "./arguments.ts";
import { type Arguments, str } from "./values.ts";
import { TemplateError, type Work } from "./work.ts";

type Method = (text: string, args: Arguments, work: Work) => PythonValue;

/** Takes no argument. */
const plain =
  (name: string, method: (text: string) => PythonValue): Method =>
  (text, args) => {
    bind(name, args, []);
    return method(text);
  };

/** `strip`, `lstrip` and `rstrip`: of white space, or of any of the characters that are given. */
const stripping =
  (name: string, left: boolean, right: boolean): Method =>
  (text, args) => {
    const [given = null] = bind(name, args, ["chars"]);
    const characters = given === null ? undefined : textArgument(name, given);
    const goes = (at: number): boolean =>
      characters === undefined ? isPythonSpace(text.charCodeAt(at)) : characters.includes(text.charAt(at));
    let from = 0;
    let to = text.length;
    while (left && from < to && goes(from)) from++;
    while (right && to > from && goes(to - 1)) to--;
    return text.slice(from, to);
  };

const fixed =
  (name: string, holds: (text: string, part: string) => boolean): Method =>
  (text, args, work) => {
    const [part] = bind(name, args, ["prefix"]);
    work.expect(text.length / 16);
    const parts = part instanceof PythonTuple ? part.items : [part];
    return parts.some((one) => holds(text, textArgument(name, one)));
  };

const without =
  (name: string, cut: (text: string, part: string) => string): Method =>
  (text, args) => {
    const [part] = bind(name, args, ["part"]);
    return cut(text, textArgument(name, part));
  };

const splitting =
  (name: string, fromRight: boolean): Method =>
  (text, args, work) => {
    const [mark, most] = bind(name, args, ["sep", "maxsplit"]);
    work.expect(text.length);
    const limit = wholeArgument(name, most, -1);
    const parts =
      mark === undefined || mark === null
        ? words(text, limit, fromRight)
        : split(text, textArgument(name, mark), limit, fromRight);
    work.spend(parts.length);
    return parts;
  };

function split(text: string, mark: string, limit: number, fromRight: boolean): string[] {
  if (mark === "") throw new PythonError("ValueError", "empty separator");
  const parts = text.split(mark);
  if (limit < 0 || parts.length <= limit + 1) return parts;
  if (fromRight) return [parts.slice(0, parts.length - limit).join(mark), ...parts.slice(parts.length - limit)];
  return [...parts.slice(0, limit), parts.slice(limit).join(mark)];
}

/** Between runs of white space. */
function words(text: string, limit: number, fromRight: boolean): string[] {
  const found: { from: number; to: number }[] = [];
  for (let at = 0; at < text.length; at++) {
    if (isPythonSpace(text.charCodeAt(at))) continue;
    const from = at;
    while (at < text.length && !isPythonSpace(text.charCodeAt(at))) at++;
    found.push({ from, to: at });
  }
  const all = found.map(({ from, to }) => text.slice(from, to));
  if (limit < 0 || all.length <= limit) return all;
  const kept = all.length - limit;
  // The part that is not split keeps the white space on its far side.
  if (fromRight) return [text.slice(0, found[kept - 1]?.to), ...all.slice(kept)];
  return [...all.slice(0, limit), text.slice(found[limit]?.from)];
}

/** What ends a line to Python, beside the two of \r\n. */
const LINE_ENDS: ReadonlySet<number> = new Set([0x0a, 0x0b, 0x0c, 0x0d, 0x1c, 0x1d, 0x1e, 0x85, 0x2028, 0x2029]);

function lines(text: string): string[] {
  const found: string[] = [];
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    if (!LINE_ENDS.has(text.charCodeAt(at))) continue;
    found.push(text.slice(from, at));
    if (text.startsWith("\r\n", at)) at++;
    from = at + 1;
  }
  return from < text.length ? [...found, text.slice(from)] : found;
}

const title = (text: string): string =>
  text.replace(/\p{L}[\p{L}\p{M}]*/gu, (word) => {
    const [first = "", ...rest] = word;
    return first.toUpperCase() + rest.join("").toLowerCase();
  });

export function capitalize(text: string): string {
  const [first = "", ...rest] = text;
  return first.toUpperCase() + rest.join("").toLowerCase();
}

/** `text.replace(old, new, count)`; a count below 0 replaces all. */
export function replaced(text: string, old: string, by: string, count: number, work: Work): string {
  const found = old === "" ? [...text].length + 1 : occurrences(text, old);
  const times = count < 0 ? found : Math.min(found, count);
  work.expect(text.length + times * Math.max(0, by.length - old.length) + times);
  if (count < 0) return text.replaceAll(old, () => by);
  const pieces = old === "" ? ["", ...text] : text.split(old);
  return pieces.reduce((whole, piece, index) => whole + (index <= times ? by : old) + piece);
}

const every =
  (name: string, pattern: RegExp): Method =>
  (text, args, work) => {
    bind(name, args, []);
    work.expect(text.length);
    return pattern.test(text);
  };

const padding =
  (name: string, pad: (text: string, width: number, fill: string) => string): Method =>
  (text, args, work) => {
    const [width, fill] = bind(name, args, ["width", "fillchar"]);
    const wanted = wholeArgument(name, width, 0);
    work.expect(wanted);
    return pad(text, wanted, fill === undefined ? " " : textArgument(name, fill));
  };

/** Where a part begins, in code points; -1 where it does not stand. */
const place =
  (name: string, find: (text: string, part: string) => number): Method =>
  (text, args, work) => {
    const [part] = bind(name, args, ["sub"]);
    work.expect(text.length);
    const at = find(text, textArgument(name, part));
    if (at === -1 && name === "index") throw new PythonError("ValueError", "substring not found");
    return at <= 0 ? at : [...text.slice(0, at)].length;
  };

const parting =
  (name: string, find: (text: string, part: string) => number): Method =>
  (text, args) => {
    const mark = textArgument(name, bind(name, args, ["sep"])[0]);
    const at = find(text, mark);
    if (at === -1) return new PythonTuple(name === "partition" ? [text, "", ""] : ["", "", text]);
    return new PythonTuple([text.slice(0, at), mark, text.slice(at + mark.length)]);
  };

const METHODS: Readonly<Record<string, Method>> = {
  capitalize: plain("capitalize", capitalize),
  casefold: plain("casefold", (text) => text.toLowerCase()),
  count: (text, args, work) => {
    work.expect(text.length);
    const part = textArgument("count", bind("count", args, ["sub"])[0]);
    return part === "" ? [...text].length + 1 : occurrences(text, part);
  },
  endswith: fixed("endswith", (text, part) => text.endsWith(part)),
  find: place("find", (text, part) => text.indexOf(part)),
  format: (text, args, work) => formatted(text, args, work),
  index: place("index", (text, part) => text.indexOf(part)),
  isalnum: every("isalnum", /^[\p{L}\p{N}]+$/u),
  isalpha: every("isalpha", /^\p{L}+$/u),
  isdecimal: every("isdecimal", /^\p{Nd}+$/u),
  isdigit: every("isdigit", /^[\p{Nd}²³¹⁰⁴-⁹₀-₉]+$/u),
  islower: plain("islower", (text) => text === text.toLowerCase() && text !== text.toUpperCase()),
  isnumeric: every("isnumeric", /^\p{N}+$/u),
  isspace: plain("isspace", (text) => text !== "" && strip(text) === ""),
  isupper: plain("isupper", (text) => text === text.toUpperCase() && text !== text.toLowerCase()),
  join: (text, args, work) => {
    const items = bind("join", args, ["iterable"])[0];
    if (!Array.isArray(items) && !(items instanceof PythonTuple))
      throw new PythonError("TypeError", "can only join an iterable");
    return joined(
      [...(Array.isArray(items) ? items : items.items)].map((item) => textArgument("join", item)),
      text,
      work,
    );
  },
  ljust: padding("ljust", (text, width, fill) => text + fill.repeat(Math.max(0, width - [...text].length))),
  lower: plain("lower", (text) => text.toLowerCase()),
  lstrip: stripping("lstrip", true, false),
  partition: parting("partition", (text, mark) => text.indexOf(mark)),
  removeprefix: without("removeprefix", (text, part) => (text.startsWith(part) ? text.slice(part.length) : text)),
  removesuffix: without("removesuffix", (text, part) =>
    part !== "" && text.endsWith(part) ? text.slice(0, -part.length) : text,
  ),
  replace: (text, args, work) => {
    const [old, by, count] = bind("replace", args, ["old", "new", "count"]);
    return replaced(
      text,
      textArgument("replace", old),
      textArgument("replace", by),
      wholeArgument("replace", count, -1),
      work,
    );
  },
  rfind: place("rfind", (text, part) => text.lastIndexOf(part)),
  rjust: padding("rjust", (text, width, fill) => fill.repeat(Math.max(0, width - [...text].length)) + text),
  rpartition: parting("rpartition", (text, mark) => text.lastIndexOf(mark)),
  rsplit: splitting("rsplit", true),
  rstrip: stripping("rstrip", false, true),
  split: splitting("split", false),
  splitlines: plain("splitlines", lines),
  startswith: fixed("startswith", (text, part) => text.startsWith(part)),
  strip: stripping("strip", true, true),
  title: plain("title", title),
  upper: plain("upper", (text) => text.toUpperCase()),
};

/** A method of texts; undefined where `str` has none of this name, or none that a template needs. */
export function textMethod(text: string, name: string, work: Work): ((args: Arguments) => PythonValue) | undefined {
  const method = Object.hasOwn(METHODS, name) ? METHODS[name] : undefined;
  return (
    method &&
    ((args) => {
      work.spend(1 + text.length / 64);
      return method(text, args, work);
    })
  );
}

export function joined(texts: readonly string[], between: string, work: Work): string {
  work.expect(texts.reduce((sum, text) => sum + text.length + between.length, 0));
  return texts.join(between);
}

/** `text.format(…)` with plain fields: `{}`, `{0}`, `{name}`. */
function formatted(text: string, { positional, keywords }: Arguments, work: Work): string {
  let next = 0;
  const filled = text.replace(/\{\{|\}\}|\{(\w*)\}|[{}]/g, (whole, field?: string) => {
    if (whole === "{{" || whole === "}}") return whole.slice(1);
    if (field === undefined) throw new TemplateError("it formats a text in a way that is not known here");
    const value =
      field === "" ? positional[next++] : /^\d+$/.test(field) ? positional[Number(field)] : keywords.get(field);
    if (value === undefined) throw new PythonError("IndexError", `no replacement for the field {${field}}`);
    return str(value, work);
  });
  return work.text(filled);
}
