/** What BFCL says of a completion: decode, look at the form, check (bfcl_eval/eval_checker/eval_runner.py). */
import type { BfclDecoder } from "../../../../schemas/rewards.ts";
import { PythonError } from "../../python/error.ts";
import type { PythonValue } from "../../python/value.ts";
import { areCalls, type BfclTask, checkCalls } from "./checker.ts";
import { decode } from "./decode.ts";

export interface BfclVerdict {
  valid: boolean;
  /** BFCL's name for what is wrong; null where nothing is. */
  errorType: string | null;
}

/** @throws PythonError where the original raises for functions or gold calls that do not have BFCL's form */
export function judgeCompletion(task: BfclTask, completion: string, decoder: BfclDecoder): BfclVerdict {
  const decoded = decodedOrUndefined(completion, decoder);
  return decoded === undefined ? invalid("ast_decoder:decoder_failed") : judgeDecoded(task, decoded);
}

/** @param decoded calls as some decoder read them */
export function judgeDecoded(task: BfclTask, decoded: PythonValue): BfclVerdict {
  if (!areCalls(decoded)) return invalid("ast_decoder:decoder_wrong_output_format");
  const fault = checkCalls(task, decoded);
  return fault === undefined ? { valid: true, errorType: null } : invalid(fault);
}

/** Where no function fits (`irrelevance`), the completion must hold no call that can be decoded; for `relevance`, one. */
export function judgeRelevance(completion: string, decoder: BfclDecoder, relevant: boolean): BfclVerdict {
  const decoded = decodedOrUndefined(completion, decoder);
  const calls = decoded !== undefined && areCalls(decoded) && decoded.length > 0;
  if (calls === relevant) return { valid: true, errorType: null };
  return invalid(relevant ? "relevance_error:decoder_failed" : "irrelevance_error:decoder_success");
}

const invalid = (errorType: string): BfclVerdict => ({ valid: false, errorType });

function decodedOrUndefined(completion: string, decoder: BfclDecoder): PythonValue | undefined {
  try {
    return decode(completion, decoder);
  } catch (error) {
    if (error instanceof PythonError) return undefined;
    throw error;
  }
}
