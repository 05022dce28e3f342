/** Values as JSON, where nothing of them is lost. */
import { isExactNumber } from "../../toolcalls/json.ts";

/** Undefined for what JSON has no word for, at any depth: NaN, undefined, functions, maps, cycles. */
export function jsonTextOf(value: unknown): string | undefined {
  try {
    return JSON.stringify(value, checked);
  } catch {
    return undefined;
  }
}

function checked(_key: string, value: unknown): unknown {
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  const plain = typeof value === "number" ? Number.isFinite(value) : isPlain(value);
  if (!plain) throw new TypeError("no JSON");
  return value;
}

function isPlain(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (Array.isArray(value) || isExactNumber(value)) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
