/** The names that transformers gives every template, the clock excepted. */
import { PythonError } from "../../toolcalls/python/error.ts";
import type { PythonValue } from "../../toolcalls/python/value.ts";
import { bind, textArgument, wholeArgument } from "./arguments.ts";
import { dictOf } from "./filters.ts";
import { type Arguments, Callable, Members, memberName, str } from "./values.ts";
import { MOST_RANGE, TemplateError, type Work } from "./work.ts";

export function globals(work: Work): [string, PythonValue][] {
  const functions: Record<string, (args: Arguments) => PythonValue> = {
    dict: (args) => dictOf(args, work),
    namespace: (args) =>
      new Members(
        "Namespace",
        new Map([...dictOf(args, work)].map(([key, value]) => [memberName(str(key, work)), value])),
      ),
    raise_exception: (args) => {
      throw new TemplateError(str(bind("raise_exception", args, ["message"])[0] ?? null, work));
    },
    range: (args) => range(args, work),
    strftime_now: (args) =>
      work.text(fixedDate(textArgument("strftime_now", bind("strftime_now", args, ["format"])[0]))),
  };
  const constants: [string, PythonValue][] = [
    ["true", true],
    ["True", true],
    ["false", false],
    ["False", false],
    ["none", null],
    ["None", null],
  ];
  return [
    ...constants,
    ...Object.entries(functions).map(([name, call]): [string, PythonValue] => [name, new Callable(name, call)]),
  ];
}

function range(args: Arguments, work: Work): number[] {
  const [first, second, third] = bind("range", args, ["start", "stop", "step"]).map((end) =>
    end === undefined ? undefined : wholeArgument("range", end, 0),
  );
  const [start, stop, step] = [second === undefined ? 0 : (first ?? 0), second ?? first ?? 0, third ?? 1];
  if (step === 0) throw new PythonError("ValueError", "range() arg 3 must not be zero");
  const length = Math.max(0, Math.ceil((stop - start) / step));
  if (length > MOST_RANGE) throw new TemplateError(`it asks for a range of more than ${MOST_RANGE} numbers`);
  work.spend(length);
  return Array.from({ length }, (_, index) => start + index * step);
}

/**
 * Some templates write today's date into the prompt, which would make a resumed run differ from an uninterrupted one.
 * They get the date that Llama 3's own template falls back to: Friday, 26 July 2024.
 */
const FIXED_DATE: Readonly<Record<string, string>> = {
  d: "26",
  m: "07",
  y: "24",
  Y: "2024",
  b: "Jul",
  B: "July",
  a: "Fri",
  A: "Friday",
  H: "00",
  I: "12",
  M: "00",
  S: "00",
  p: "AM",
  j: "208",
  "%": "%",
};

/** `datetime.strftime`; a minus takes away the leading zeros. */
const fixedDate = (format: string): string =>
  format.replace(/%(-?)([A-Za-z%])/g, (directive, minus: string, letter: string) => {
    const text = FIXED_DATE[letter];
    if (text === undefined) return directive;
    return minus === "-" ? text.replace(/^0+(?=\d)/, "") : text;
  });
