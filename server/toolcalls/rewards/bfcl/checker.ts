/**
 * BFCL's check of decoded calls (ShishirPatil/gorilla, bfcl_eval/eval_checker/ast_eval/ast_checker.py). Functions are documented in BFCL's own
 * types, gold calls are `{name: {parameter: [allowed, …]}}`, where the text "" among the allowed values means that it may be left out.
 */
import { PythonError } from "../../python/error.ts";
import {
  contains,
  doubleOf,
  floatOf,
  hashKey,
  isDict,
  isNumeric,
  itemsOf,
  lengthOf,
  member,
  type PythonDict,
  PythonTuple,
  type PythonType,
  type PythonValue,
  typeOf,
} from "../../python/value.ts";
import { JAVASCRIPT_TYPES, javascriptValue } from "./javascriptValue.ts";
import { JAVA_TYPES, javaValue } from "./javaValue.ts";
import { checkDict, checkDicts, checkList, checkText, checkType, type Fault, mayBeOmitted } from "./values.ts";

export type Language = "python" | "java" | "javascript";

export interface BfclTask {
  /** BFCL's name for the kind of test; that it contains "parallel" or "multiple" chooses the check. */
  category: string;
  language: Language;
  /** Dots in names of functions are underscores in the calls. */
  underscoreToDot: boolean;
  functions: PythonValue;
  gold: PythonValue;
}

/** `ast_checker`. @throws PythonError where the original raises: functions or gold calls that do not have BFCL's form */
export function checkCalls(task: BfclTask, calls: readonly PythonValue[]): Fault {
  const gold = listOf(task.gold);
  if (task.category.includes("parallel")) return checkParallel(task, calls, gold);
  if (task.category.includes("multiple")) {
    if (calls.length !== gold.length) return "multiple_function_checker:wrong_count";
    const answer = itemAt(gold, 0);
    return checkCall(task, functionNamed(task.functions, nameOf(answer)), itemAt(calls, 0), answer);
  }
  if (calls.length !== 1) return "simple_function_checker:wrong_count";
  return checkCall(task, itemAt(listOf(task.functions), 0), itemAt(calls, 0), itemAt(gold, 0));
}

const listOf = (value: PythonValue): readonly PythonValue[] => {
  if (Array.isArray(value)) return value;
  throw new PythonError("TypeError", `a list is needed, not '${typeOf(value)}'`);
};

function itemAt(list: readonly PythonValue[], place: number): PythonValue {
  const item = list[place];
  if (item === undefined) throw new PythonError("IndexError", "list index out of range");
  return item;
}

/** Name of the one function of a gold call. */
const nameOf = (answer: PythonValue): PythonValue => itemAt([...dictOf(answer, "keys").keys()], 0);

function dictOf(value: PythonValue, method: "keys" | "values" | "items"): PythonDict {
  if (isDict(value)) return value;
  throw new PythonError("AttributeError", `'${typeOf(value)}' object has no attribute '${method}'`);
}

/** `find_description`: None where no function has the name, which is then found out the hard way. */
function functionNamed(functions: PythonValue, name: PythonValue): PythonValue {
  if (!Array.isArray(functions)) return functions;
  return functions.find((one) => member(one, "name") === name) ?? null;
}

/** Each gold call takes the first call left that fits it, so that a fitting assignment of all can be missed. */
function checkParallel(task: BfclTask, calls: readonly PythonValue[], gold: readonly PythonValue[]): Fault {
  if (calls.length !== gold.length) return "parallel_function_checker_no_order:wrong_count";
  const left = new Set(calls.keys());
  for (const answer of gold) {
    const documented = functionNamed(task.functions, nameOf(answer));
    const fitting = [...left].find(
      (place) => checkCall(task, documented, calls[place] as PythonValue, answer) === undefined,
    );
    if (fitting === undefined) return "parallel_function_checker_no_order:cannot_find_match";
    left.delete(fitting);
  }
  return undefined;
}

/** `simple_function_checker`: required parameters first, then what was given, in its order, then what was left out. */
function checkCall(task: BfclTask, documented: PythonValue, call: PythonValue, answer: PythonValue): Fault {
  const allowed = dictOf(itemAt([...dictOf(answer, "values").values()], 0), "items");
  const name = member(documented, "name");
  const parameters = member(documented, "parameters");
  const properties = dictOf(member(parameters, "properties"), "items");
  const required = member(parameters, "required");
  const written = task.underscoreToDot && typeof name === "string" ? name.replaceAll(".", "_") : name;

  const given = dictOf(call, "items").get(hashKey(written));
  if (given === undefined) return "simple_function_checker:wrong_func_name";
  const values = dictOf(given, "items");
  for (const parameter of itemsOf(required))
    if (!values.has(hashKey(parameter))) return "simple_function_checker:missing_required";
  for (const [parameter, value] of values) {
    const property = properties.get(parameter);
    const options = allowed.get(parameter);
    if (property === undefined || options === undefined) return "simple_function_checker:unexpected_param";
    const fault = checkValue(task.language, value, property, options);
    if (fault !== undefined) return fault;
  }
  for (const [parameter, options] of allowed)
    if (!values.has(parameter) && !mayBeOmitted(options)) return "simple_function_checker:missing_optional";
  return undefined;
}

function checkValue(language: Language, given: PythonValue, property: PythonValue, allowed: PythonValue): Fault {
  const converted = TYPED[language](given, property);
  if (converted.fault !== undefined) return converted.fault;
  const { value, type, itemType } = converted;
  const { fault, isVariable } = checkType(value, allowed, type, itemType);
  if (fault !== undefined) return fault;
  if (!isVariable) {
    if (type === "dict") return checkDict(value, allowed);
    if (type === "list" && itemType === "dict") return checkDicts(listOf(value), allowed);
    if (type === "str") return checkText(String(value), allowed);
    if (type === "list") return checkList(listOf(value), allowed);
  }
  return contains([...itemsOf(allowed)], value) ? undefined : "value_error:others";
}

interface Typed {
  value: PythonValue;
  type: PythonType;
  itemType: PythonType | undefined;
  fault?: string;
}

const TYPED: Readonly<Record<Language, (value: PythonValue, property: PythonValue) => Typed>> = {
  python: pythonTyped,
  java: (value, property) => literalTyped(value, property, JAVA_TYPES, javaValue, "type_error:java"),
  javascript: (value, property) => literalTyped(value, property, JAVASCRIPT_TYPES, javascriptValue, "type_error:js"),
};

const PYTHON_TYPES: Readonly<Record<string, PythonType>> = {
  string: "str",
  integer: "int",
  float: "float",
  boolean: "bool",
  array: "list",
  tuple: "list",
  dict: "dict",
  any: "str",
};

function pythonTyped(given: PythonValue, property: PythonValue): Typed {
  const declared = member(property, "type");
  const type = typeNamed(PYTHON_TYPES, declared);
  const nested = declared === "array" || declared === "tuple";
  const itemType = nested ? typeNamed(PYTHON_TYPES, member(member(property, "items"), "type")) : undefined;
  // A tuple of the gold answer became a list in its file; an int is a float to Python.
  if (declared === "tuple" && given instanceof PythonTuple) return { value: [...given.items], type, itemType };
  if (declared === "float" && typeOf(given) === "int" && isNumeric(given))
    return { value: floatOf(doubleOf(given)), type, itemType };
  return { value: given, type, itemType };
}

/** Java and JavaScript: every argument is a text, a literal of the declared type. */
function literalTyped(
  given: PythonValue,
  property: PythonValue,
  types: Readonly<Record<string, PythonType>>,
  read: (text: string, type: string, itemType?: string) => PythonValue,
  notText: string,
): Typed {
  const declared = member(property, "type");
  const type = typeNamed(types, declared);
  if (typeof given !== "string") return { value: given, type, itemType: undefined, fault: notText };
  const name = String(declared);
  if (!["Array", "ArrayList", "array"].includes(name)) return { value: read(given, name), type, itemType: undefined };
  const item = member(member(property, "items"), "type");
  const itemType = typeNamed(types, item);
  return { value: read(given, name, String(item)), type, itemType };
}

function typeNamed(types: Readonly<Record<string, PythonType>>, name: PythonValue): PythonType {
  const type = typeof name === "string" && Object.hasOwn(types, name) ? types[name] : undefined;
  if (type !== undefined) return type;
  throw new PythonError("KeyError", typeof name === "string" ? `'${name}'` : String(hashKey(name)));
}

/** `is_function_calling_format_output`: a list of dicts, each of one name and its arguments. */
export function areCalls(value: PythonValue): value is PythonDict[] {
  return (
    Array.isArray(value) && value.every((call) => isDict(call) && lengthOf(call) === 1 && isDict([...call.values()][0]))
  );
}
